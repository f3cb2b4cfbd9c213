"""What Daoshi says on its own: once, to the right person, edited where it is a card."""

import asyncio

import pytest

from bot.adapter import Address, Card, DeliveryImpossible, Draft, Notice
from tests.bot.slack_app.conftest import MakeStage
from tests.doubles.slack_server import SlackServer
from tests.doubles.slack_state import Fault
from tutor.messages import Picture, Place, Platform


async def test_notice_arrives_in_a_direct_message_once(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage()
    ann = slack.user("Ann")
    notice = Notice("n1", ann, None, Draft(text="Time to review **fractions**."))
    first = await on.adapter.deliver(notice)
    again = await on.adapter.deliver(notice)
    assert first == again
    [message] = slack.replies(slack.dm_channel(ann))
    assert message["ts"] == first.message_id
    assert message["text"] == "Time to review *fractions*."


async def test_person_can_be_named_with_their_workspace(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage()
    ann = slack.user("Ann")
    await on.adapter.deliver(Notice("n1", f"T1/{ann}", None, Draft(text="Hello.")))
    assert len(slack.replies(slack.dm_channel(ann))) == 1


async def test_card_is_edited_in_place(slack: SlackServer, stage: MakeStage) -> None:
    on = await stage()
    room = slack.channel("maths")
    place = Place(Platform.SLACK, "T1", room)
    card = await on.adapter.deliver(Notice("n1", None, place, Draft(text="10 %")))
    same = await on.adapter.deliver(Notice("n2", None, place, Draft(text="20 %"), edits=card))
    assert same == card
    assert [m["text"] for m in slack.replies(room)] == ["20 %"]


async def test_notice_that_was_posted_unheard_is_not_posted_again(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage()
    slack.fail("chat.postMessage", Fault(status=500, after_effect=True))
    ann = slack.user("Ann")
    await on.adapter.deliver(Notice("n1", ann, None, Draft(text="Hello.")))
    assert len(slack.replies(slack.dm_channel(ann))) == 1


@pytest.mark.parametrize("recipient", ["UNOBODY", None])
async def test_nobody_to_reach_is_final(
    slack: SlackServer, stage: MakeStage, recipient: str | None
) -> None:
    on = await stage()
    with pytest.raises(DeliveryImpossible):
        await on.adapter.deliver(Notice("n1", recipient, None, Draft(text="Hello.")))
    await asyncio.sleep(0)


async def test_channel_that_we_left_is_final(slack: SlackServer, stage: MakeStage) -> None:
    on = await stage()
    place = Place(Platform.SLACK, "T1", slack.channel("old", member=False))
    with pytest.raises(DeliveryImpossible, match="not_in_channel"):
        await on.adapter.deliver(Notice("n1", None, place, Draft(text="Hello.")))


async def test_picture_of_a_card_stands_in_its_message_and_is_uploaded_once(
    slack: SlackServer, stage: MakeStage
) -> None:
    on = await stage()
    place = Place(Platform.SLACK, "T1", slack.channel("maths"))

    async def show(text: str, data: bytes, edits: Address | None) -> Address:
        draft = Draft(text=text, pictures=(Picture(data, "loss.png", "A curve"),))
        card = Card("Training", "training", text)
        return await on.adapter.deliver(Notice("n1", None, place, draft, edits=edits, card=card))

    address = await show("10 %", b"one", None)
    assert await show("20 %", b"one", address) == address
    assert len(slack.state.files) == 1
    assert await show("30 %", b"two", address) == address
    assert len(slack.state.files) == 2
    [message] = slack.replies(place.channel)
    assert [b["type"] for b in message["blocks"]].count("image") == 1
