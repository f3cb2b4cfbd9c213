"""Every button that Daoshi shows in Discord: pressed, pressed twice, late, and by a stranger."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.adapter import Address, Draft, Ending
from bot.commands.actions import ACTIONS
from bot.commands.offers import reading_choices
from bot.dispatch.opening import look_up
from tests.bot.discord_app.simulated.conftest import School, buttons, own, said
from tests.doubles import questions
from tutor.messages import Person, Platform

pytestmark = pytest.mark.simcord(shard_count=1)

LONG = "word " * 3000


@dataclass
class Offered:
    """A message with the button in question, and who was offered it."""

    who: Any
    message: Any
    fields: dict[str, Any] = field(default_factory=dict)


class Gate(asyncio.Event):
    """Closed until it is set; the simulator is told that this wait is meant."""

    def __init__(self, school: School) -> None:
        super().__init__()
        self._env = school.env

    async def wait(self) -> bool:
        return bool(await self._env.external_wait(super().wait(), reason="the engine thinks"))


Reach = Callable[[School], Awaitable[Offered]]


def shown(result: Any) -> Any:
    """The message with which an interaction was answered."""
    found = [message for message in (result.response, *result.followups) if message is not None]
    return found[-1]


async def under_answer(school: School) -> Offered:
    return Offered(school.ann, await school.ask())


async def under_answer_form(school: School) -> Offered:
    return Offered(school.ann, await school.ask(), {"text": "It pulls."})


async def report_form(school: School) -> Offered:
    values = {"reason": ["wrong"], "note": "It is 7."}
    return Offered(school.ann, await school.ask(), values)


async def cut_answer(school: School) -> Offered:
    school.engine.answers.append(LONG)
    return Offered(school.ann, await school.ask())


async def growing_answer(school: School) -> Offered:
    """An answer that waits in its middle."""
    before = {thread.id for thread in school.channel.threads}
    school.engine.gate = Gate(school)
    mention = f"<@{school.env.bot.user.id}> What is gravity?"
    await school.ann.send(school.channel, mention)
    for _ in range(200):
        new = [thread for thread in school.channel.threads if thread.id not in before]
        messages = own(school, new[0]) if new else []
        if messages and messages[-1].components:
            return Offered(school.ann, messages[-1])
        await asyncio.sleep(0.02)
        await school.env.settle()
    raise AssertionError("no answer began")


def command(name: str, who: str = "ann", *path: str, **options: Any) -> Reach:
    """A command, and the buttons to press on the way."""

    async def reach(school: School) -> Offered:
        actor = school.people[who]
        message = shown(await school.slash(actor, name, **options))
        for action in path:
            custom_id = await school.find(message, action)
            message = shown(await school.click(actor, message, custom_id))
        return Offered(actor, message)

    return reach


async def rate_reason(school: School) -> Offered:
    answer = await school.ask()
    result = await school.click(school.ann, answer, await school.find(answer, "rate_down"))
    return Offered(school.ann, shown(result))


async def older_history(school: School) -> Offered:
    for number in range(3):
        await school.ask(f"Question {number}?")
    return Offered(school.ann, shown(await school.slash(school.ann, "history", count=1)))


async def send_report(school: School) -> Offered:
    await school.ask()
    return Offered(school.ann, shown(await school.slash(school.ann, "report")))


def queue(*path: str) -> Reach:
    async def reach(school: School) -> Offered:
        offered = await send_report(school)
        choice = await school.find(offered.message, "report_send")
        await school.click(school.ann, offered.message, choice)
        return await command("queue", "adam", *path)(school)

    return reach


async def named_settings(school: School) -> Offered:
    offered = await command("settings")(school)
    return Offered(offered.who, offered.message, {"name": "Annie"})


async def link_as_guest(school: School) -> Offered:
    """Somebody in Slack got a code, and Ann enters it here."""
    asked = questions.command("link", author=questions.person("Ann S.", Platform.SLACK))
    await school.stage.dispatcher.receive(asked)
    await school.done()
    code = school.stage.slack.replies[-1].split("**")[1]
    return Offered(school.ann, shown(await school.slash(school.ann, "link", code=code)))


async def link_as_host(school: School) -> Offered:
    """Ann got a code here, and somebody in Slack entered and confirmed it."""
    code = said(await school.slash(school.ann, "link")).split("**")[1]
    author = questions.person("Ann S.", Platform.SLACK)
    entered = questions.command("link", author=author, arguments={"code": code})
    await school.stage.dispatcher.receive(entered)
    await school.done()
    offered = list(school.stage.slack.messages.values())[-1].final.choices
    await school.stage.dispatcher.receive(questions.press(offered[0].id, author=author))
    await school.done()
    await school.deliver()
    channel = school.env.backend.dm_channels[school.ann.id]
    (message_id,) = school.env.backend.messages[channel]
    client = school.env.bot
    dm = await client.fetch_channel(channel)
    return Offered(school.users["ann"], await dm.fetch_message(message_id))


async def read_picture(school: School) -> Offered:
    """What Ann is asked after she sent the photo of an exercise and it has been recognised."""
    answer = await school.ask()
    stage, thread = school.stage, answer.channel
    asked = questions.question(
        author=Person(Platform.DISCORD, "", str(school.ann.id), "Ann"),
        community=str(school.guild.id),
        channel=str(school.channel.id),
        thread=str(thread.id),
        handle={"channel": str(thread.id)},
    )
    turn = await look_up(stage.services.database, asked, stage.clock[0])
    choices = await reading_choices(stage.services, turn, "3x + 5 = 20")
    draft = Draft(text="Is that right?", choices=choices.options, ending=Ending.DONE)
    await stage.adapter.surface(asked, None, _forget).show(draft)
    where = next(t for t in school.channel.threads if t.id == thread.id)
    return Offered(school.ann, own(school, where)[-1], {"text": "3x + 5 = 20"})


async def _forget(address: Address) -> None:
    return None


async def setup_retention(school: School) -> Offered:
    offered = await command("setup", "adam", *SETUP)(school)
    custom_id = buttons(offered.message)["How long to keep"]
    asked = await school.click(offered.who, offered.message, custom_id)
    return Offered(offered.who, shown(asked))


SETUP = ("setup_kind", "setup_language", "setup_channels")
REACH: dict[str, Reach] = {
    "rate_up": under_answer,
    "rate_down": under_answer,
    "rate_reason": rate_reason,
    "regenerate": under_answer,
    "continue": cut_answer,
    "stop": growing_answer,
    "answer": under_answer_form,
    "ocr_confirm": read_picture,
    "ocr_correct": read_picture,
    "history_page": older_history,
    "set_language": command("settings"),
    "set_level": command("settings"),
    "set_pictures": command("settings"),
    "set_name": named_settings,
    "setup_kind": command("setup", "adam"),
    "setup_language": command("setup", "adam", *SETUP[:1]),
    "setup_channels": command("setup", "adam", *SETUP[:2]),
    "setup_ask": command("setup", "adam", *SETUP),
    "setup_channel": command("setup", "adam", *SETUP),
    "setup_policy": command("setup", "adam", *SETUP),
    "setup_retention": setup_retention,
    "setup_reports": command("setup", "adam", *SETUP),
    "report": report_form,
    "report_send": send_report,
    "report_read": queue(),
    "report_settle": queue("report_read"),
    "report_pause": queue("report_read"),
    "link_confirm": link_as_guest,
    "link_accept": link_as_host,
    "link_reject": link_as_guest,
    "data_delete_confirm": command("data delete"),
    "data_delete_keep": command("data delete"),
    "consent_set": command("data consent"),
}
FOR_ALL = {"rate_up", "rate_down", "report", "answer"}
"""Under a reply in the open these are for everybody who reads it."""
ONCE = {
    "rate_reason",
    "regenerate",
    "continue",
    "ocr_confirm",
    "ocr_correct",
    "report_send",
    "report_settle",
    "report_pause",
    "link_confirm",
    "link_accept",
    "link_reject",
    "data_delete_confirm",
    "data_delete_keep",
}
"""These are used up by the first press, so being late is tried on fresh ones."""


def test_every_action_is_tried() -> None:
    assert set(REACH) == set(ACTIONS)


@pytest.mark.parametrize("action", sorted(set(REACH) - {"stop"}))
async def test_button_by_a_stranger_by_its_owner_twice_and_late(
    school: School, action: str
) -> None:
    theirs = await school.ask("Something of my own?", school.bob)
    offered = await REACH[action](school)
    custom_id = await school.find(offered.message, action)
    forge(school, theirs, custom_id)
    if action not in FOR_ALL:
        assert "somebody else" in await refused(school, school.bob, theirs, custom_id)
    await counts(school, offered, custom_id)  # so the stranger's press used nothing up
    if action in ONCE:
        again = await refused(school, offered.who, offered.message, custom_id, offered.fields)
        assert "already" in again or is_late(again)
        return
    await counts(school, offered, custom_id)
    school.wait(days=500)
    assert is_late(await refused(school, offered.who, offered.message, custom_id, offered.fields))


@pytest.mark.parametrize("action", sorted(ONCE))
async def test_button_that_counts_once_expires_unused(school: School, action: str) -> None:
    offered = await REACH[action](school)
    custom_id = await school.find(offered.message, action)
    school.wait(days=500)
    assert is_late(await refused(school, offered.who, offered.message, custom_id, offered.fields))


@pytest.mark.parametrize("action", sorted(FOR_ALL))
async def test_button_under_a_shared_reply_is_for_every_reader(school: School, action: str) -> None:
    offered = await REACH[action](school)
    custom_id = await school.find(offered.message, action)
    await counts(school, Offered(school.bob, offered.message, offered.fields), custom_id)


async def test_stop_ends_the_reply_of_its_owner_alone(school: School) -> None:
    theirs = await school.ask("Something of my own?", school.bob)
    offered = await growing_answer(school)
    custom_id = await school.find(offered.message, "stop")
    forge(school, theirs, custom_id)
    assert "somebody else" in await refused(school, school.bob, theirs, custom_id)
    assert still_there(school, offered, custom_id)
    before = writings(school)
    await school.click(school.ann, offered.message, custom_id)
    assert not still_there(school, offered, custom_id)
    assert "Stopped" in stored(school, offered.message).content
    assert writings(school) == before


async def test_stop_is_gone_when_the_reply_is_complete(school: School) -> None:
    offered = await growing_answer(school)
    custom_id = await school.find(offered.message, "stop")
    assert school.engine.gate is not None
    school.engine.gate.set()
    await school.done()
    assert not still_there(school, offered, custom_id)
    theirs = await school.ask("Something else?")
    forge(school, theirs, custom_id)
    assert "nothing to stop" in await refused(school, school.ann, theirs, custom_id)


async def press(school: School, who: Any, message: Any, custom_id: str, fields: Any) -> str:
    """Presses a button and fills in its form; returns what only the presser was told."""
    result = await school.click(who, message, custom_id)
    if result.modal:
        result = await school.submit(who, result, fields)
    assert result.acknowledged
    told = [followup for followup in result.followups if followup.ephemeral]
    return "\n".join(message.content for message in told)


async def counts(school: School, offered: Offered, custom_id: str) -> None:
    """A press that does something, and says so to somebody."""
    before = writings(school)
    told = await press(school, offered.who, offered.message, custom_id, offered.fields)
    assert writings(school) > before
    assert not is_late(told)
    for excuse in ("somebody else", "went wrong", "already"):
        assert excuse not in told


async def refused(
    school: School, who: Any, message: Any, custom_id: str, fields: Any = None
) -> str:
    """A press that does nothing but tell its presser alone (in a direct message: there) why."""
    before = writings(school)
    told = await press(school, who, message, custom_id, fields or {})
    assert writings(school) == before + 1
    return told or newest(school)


def is_late(told: str) -> bool:
    return "expired" in told or "no longer" in told


def stored(school: School, message: Any) -> Any:
    channel = getattr(message, "channel_id", None) or message.channel.id
    return school.env.backend.get_message(channel, message.id)


def still_there(school: School, offered: Offered, custom_id: str) -> bool:
    rows = stored(school, offered.message).components
    return any(b["custom_id"] == custom_id for row in rows for b in row["components"])


def forge(school: School, message: Any, custom_id: str) -> None:
    """A stranger cannot see an ephemeral message, so the button is forged on one they can see."""
    stored(school, message).components[0]["components"][0]["custom_id"] = custom_id


def written(school: School) -> list[Any]:
    """Everything that Daoshi has written anywhere, oldest first."""
    me = school.env.bot.user.id
    messages = [m for c in school.env.backend.messages.values() for m in c.values()]
    return sorted((m for m in messages if m.author_id == me), key=lambda m: m.id)


def writings(school: School) -> int:
    return len(written(school))


def newest(school: School) -> str:
    return str(written(school)[-1].content)
