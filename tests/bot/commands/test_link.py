"""One person on two platforms: a code, both names confirmed by both, one history afterwards."""

from bot.commands.parse import parse_command
from bot.notices import draft_of
from storage import learners, outbox
from storage.outbox import OutboxRow
from tests.doubles.desk import ANN, ANN_IN_SLACK, BOB, Answer, Desk
from tutor.i18n import say
from tutor.language import Language
from tutor.messages import Choice, Person

DM_IN_SLACK = {"author": ANN_IN_SLACK, "channel": "D1"}


async def code_for(desk: Desk, **more: object) -> str:
    answer = await desk.give("link", **more)
    assert answer.private
    return answer.text.split("**")[1]


async def told(desk: Desk, platform: str) -> list[OutboxRow]:
    async with desk.services.database.write() as session:
        return await outbox.take_due(
            session,
            platforms=[platform],
            owner="test",
            lease_until=desk.clock[0],
            now=desk.clock[0],
        )


async def buttons_of(desk: Desk, notice: OutboxRow) -> tuple[Choice, ...]:
    return (await draft_of(notice.body, desk.services.blobs)).choices


async def enter(desk: Desk, code: str, **more: object) -> Answer:
    return await desk.give("link", {"code": code}, **(more or DM_IN_SLACK))


async def learner_of(desk: Desk, person: Person) -> str:
    async with desk.services.database.read() as session:
        found = await learners.find_identity(
            session, person.platform, person.workspace, person.user_id
        )
    assert found is not None
    return found.learner_id


async def test_two_platforms_become_one_after_both_sides_confirmed(
    desk: Desk, language: Language
) -> None:
    await desk.say("asked in Discord")
    await desk.say("asked in Slack", **DM_IN_SLACK)
    asked = await enter(desk, await code_for(desk))
    assert "Discord “Ann”" in asked.text
    assert "Slack “Ann L.”" in asked.text
    await desk.press(asked.choices[0], **DM_IN_SLACK)
    assert await learner_of(desk, ANN) != await learner_of(desk, ANN_IN_SLACK)

    (notice,) = await told(desk, "discord")
    assert notice.recipient == "ann"
    assert "Slack “Ann L.”" in notice.body["text"]
    done = await desk.press((await buttons_of(desk, notice))[0])
    linked = say(language, "Linked. From now on you have one history on both sides.")
    assert done.text == linked
    assert await learner_of(desk, ANN) == await learner_of(desk, ANN_IN_SLACK)
    history = (await desk.give("history", **DM_IN_SLACK)).text
    assert "asked in Discord" in history
    assert "asked in Slack" in history
    (echo,) = await told(desk, "slack")
    assert echo.recipient == "W1/ann l."
    assert echo.body["text"] in {
        say(each, "Linked. From now on you have one history on both sides.") for each in Language
    }


async def test_code_can_be_typed_in_any_platforms_form(desk: Desk) -> None:
    code = await code_for(desk)
    for line in (f"/link {code}", f"/daoshi link {code.lower()}", f"link {code}"):
        call = parse_command(line)
        assert call is not None
        assert call.arguments["code"].upper() == code


async def test_nothing_is_linked_when_either_side_says_no(desk: Desk, language: Language) -> None:
    asked = await enter(desk, await code_for(desk))
    answer = await desk.press(asked.choices[1], **DM_IN_SLACK)
    assert answer.text == say(language, "Nothing was linked.")
    assert await told(desk, "discord") == []
    assert await desk.outcome(asked.choices[0], ANN_IN_SLACK) == "already"

    asked = await enter(desk, await code_for(desk))
    await desk.press(asked.choices[0], **DM_IN_SLACK)
    (notice,) = await told(desk, "discord")
    await desk.press((await buttons_of(desk, notice))[1])
    assert await learner_of(desk, ANN) != await learner_of(desk, ANN_IN_SLACK)


async def test_only_the_host_can_accept(desk: Desk) -> None:
    asked = await enter(desk, await code_for(desk))
    await desk.press(asked.choices[0], **DM_IN_SLACK)
    (notice,) = await told(desk, "discord")
    (yes, _) = await buttons_of(desk, notice)
    assert await desk.outcome(yes, BOB) == "foreign"
    assert await desk.outcome(yes, ANN_IN_SLACK) == "foreign"


async def test_code_is_dead_after_ten_minutes(desk: Desk, language: Language) -> None:
    code = await code_for(desk)
    desk.wait(minutes=10)
    answer = await enter(desk, code)
    assert "`/daoshi link`" in answer.text
    assert not answer.choices


async def test_confirmation_that_comes_too_late_links_nothing(desk: Desk) -> None:
    code = await code_for(desk)
    desk.wait(minutes=9)
    asked = await enter(desk, code)
    await desk.press(asked.choices[0], **DM_IN_SLACK)
    (notice,) = await told(desk, "discord")
    desk.wait(minutes=5)
    late = await desk.press((await buttons_of(desk, notice))[0])
    assert "nothing was linked" in late.text
    assert await learner_of(desk, ANN) != await learner_of(desk, ANN_IN_SLACK)


async def test_guessing_ends_after_five_tries(desk: Desk, language: Language) -> None:
    code = await code_for(desk)
    wrong = say(language, "That code is not right. Please compare it with the one you were shown.")
    for number in range(5):
        assert (await enter(desk, f"{number}{number}22-222222")).text == wrong
    stopped = await enter(desk, code)
    assert stopped.text == say(language, "Those were too many tries. Please wait ten minutes.")
    desk.wait(minutes=11)
    assert (await enter(desk, await code_for(desk))).choices


async def test_ones_own_code_is_explained(desk: Desk, language: Language) -> None:
    answer = await enter(desk, await code_for(desk), author=ANN, channel="dm-ann")
    assert not answer.choices
    assert answer.text == say(
        language, "That is your own code. Please send it to me on your other platform, not here."
    )


async def test_link_shows_what_is_linked_already(desk: Desk) -> None:
    assert "Not linked" in (await desk.give("link")).text
    asked = await enter(desk, await code_for(desk))
    await desk.press(asked.choices[0], **DM_IN_SLACK)
    (notice,) = await told(desk, "discord")
    await desk.press((await buttons_of(desk, notice))[0])
    assert "Linked: Discord “Ann”, Slack “Ann L.”" in (await desk.give("link")).text
