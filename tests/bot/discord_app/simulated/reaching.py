"""How each button of Discord is come by: what its owner does until it stands there."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from bot.adapter import Address, Draft, Ending
from bot.commands.offers import offer, reading_choices
from bot.dispatch.opening import look_up
from tests.bot.discord_app.simulated.conftest import School, buttons, own, said
from tests.doubles import questions
from tutor.messages import Button, Choices, Person, Platform
from tutor.turn import Turn

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


CLOSING = {"goal_set", "material_put"}
"""These end the set that they stand in, as the product offers them."""

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
            message = (await follow(school, Offered(actor, message), action)).message
        return Offered(actor, message)

    return reach


async def follow(school: School, offered: Offered, action: str) -> Offered:
    """What is shown after a press of a button, and after its form if it opens one."""
    custom_id = await school.find(offered.message, action)
    result = await school.click(offered.who, offered.message, custom_id)
    if result.modal:
        result = await school.submit(offered.who, result, offered.fields)
    return Offered(offered.who, shown(result))


async def turn_of(school: School, who: str) -> Turn:
    """A turn of somebody in the channel."""
    asked = questions.question(
        author=Person(Platform.DISCORD, "", str(school.people[who].id), who.title()),
        community=str(school.guild.id),
        channel=str(school.channel.id),
        handle={"channel": str(school.channel.id)},
    )
    return await look_up(school.stage.services.database, asked, school.stage.clock[0])


async def put_up(school: School, turn: Turn, choices: Choices) -> Any:
    """A message in the channel with these choices."""
    draft = Draft(text="What now?", choices=choices.options, ending=Ending.DONE)
    await school.stage.adapter.surface(turn.question, None, _forget).show(draft)
    return own(school, school.channel)[-1]


async def hang(school: School, who: str, action: str, payload: dict[str, Any]) -> Any:
    """A message with one button, for what stands in a menu or needs much to come by."""
    turn = await turn_of(school, who)
    button = Button(action, action, payload, closes=action in CLOSING)
    return await put_up(school, turn, await offer(school.stage.services, turn, [button]))


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


async def timed_settings(school: School) -> Offered:
    offered = await command("settings")(school)
    fields = {"at": "18:30", "zone": "Europe/Berlin", "quiet": "21:00-08:00"}
    return Offered(offered.who, offered.message, fields)


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
    turn = await turn_of(school, "ann")
    choices = await reading_choices(school.stage.services, turn, "3x + 5 = 20")
    return Offered(school.ann, await put_up(school, turn, choices), {"text": "3x + 5 = 20"})


async def _forget(address: Address) -> None:
    return None


async def setup_retention(school: School) -> Offered:
    offered = await command("setup", "adam", *SETUP)(school)
    custom_id = buttons(offered.message)["How long to keep"]
    asked = await school.click(offered.who, offered.message, custom_id)
    return Offered(offered.who, shown(asked))


SETUP = ("setup_kind", "setup_language", "setup_channels")
ORDINARY: dict[str, Reach] = {
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
    "set_reminders": command("settings"),
    "set_times": timed_settings,
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
