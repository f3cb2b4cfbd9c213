"""From a message in Slack through the real dispatcher, database and tutor, and back."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.connections import own_page
from bot.dispatch.dispatcher import Dispatcher
from bot.slack_app.adapter import SlackAdapter
from bot.wiring import now
from storage.database import Database
from tests.bot.slack_app.conftest import settings_of
from tests.doubles.assembled import assembled
from tests.doubles.fake_engine import FakeEngine
from tests.doubles.slack_server import SlackServer

BURST = ("hi", "one more thing", "why is", "the sky blue?")


@dataclass
class Whole:
    slack: SlackServer
    adapter: SlackAdapter
    dispatcher: Dispatcher
    engine: FakeEngine

    async def idle(self) -> None:
        await self.adapter._intake.idle()
        await self.dispatcher.idle()
        await self.adapter._surfaces.idle()


@pytest.fixture
async def whole(
    slack: SlackServer, sqlite_url: str, tmp_path: Path
) -> AsyncIterator[Callable[..., Awaitable[Whole]]]:
    async with AsyncExitStack() as stack:

        async def start(*answers: Any, quiet_seconds: float = 0.0) -> Whole:
            engine = FakeEngine(*answers)
            database = await Database.open(sqlite_url)
            stack.push_async_callback(database.close)
            settings = settings_of({**slack.settings(), "DAOSHI_DATA_DIR": str(tmp_path)})
            services = assembled(database, engine, now, tmp_path, settings=settings)
            dispatcher = Dispatcher(services, quiet_seconds=quiet_seconds)
            adapter = SlackAdapter(
                settings, dispatcher, home_page=lambda person: own_page(services, person)
            )
            dispatcher.register(adapter)
            running = asyncio.ensure_future(adapter.run())
            stack.push_async_callback(_stop, dispatcher, adapter, running)
            await slack.until(adapter.ready)
            return Whole(slack, adapter, dispatcher, engine)

        yield start


async def _stop(
    dispatcher: Dispatcher, adapter: SlackAdapter, running: asyncio.Future[None]
) -> None:
    await dispatcher.close(0.1)
    await adapter.close()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


Start = Callable[..., Awaitable[Whole]]


async def test_message_is_answered_with_buttons_under_it(slack: SlackServer, whole: Start) -> None:
    on = await whole("Because short waves scatter more.")
    ann = slack.user("Ann")
    await slack.acknowledged(await slack.dm(ann, "Why is the sky blue?"))
    await on.idle()
    [message] = slack.replies(slack.dm_channel(ann))
    assert message["text"].startswith("Because short waves scatter more.")
    assert message["blocks"]
    assert slack.state.sessions[-1][1] == "active"


async def test_burst_of_four_messages_gets_one_answer(slack: SlackServer, whole: Start) -> None:
    on = await whole(quiet_seconds=0.3)
    ann = slack.user("Ann")
    for text in BURST:
        await slack.acknowledged(await slack.dm(ann, text))
    await on.idle()
    [message] = slack.replies(slack.dm_channel(ann))
    assert message["thread_ts"] == slack.messages(slack.dm_channel(ann))[3]["ts"]
    statuses = dict(slack.state.sessions)
    assert all(status == "active" for status in statuses.values())


async def test_helpful_answer_can_be_praised_once(slack: SlackServer, whole: Start) -> None:
    on = await whole("Because short waves scatter more.")
    ann, room = slack.user("Ann"), slack.channel("maths")
    await slack.acknowledged(await slack.mention(ann, room, "Why is the sky blue?"))
    await on.idle()
    [message] = slack.replies(room)
    feedback = next(b for b in message["blocks"] if b["type"] == "context_actions")
    value = feedback["elements"][0]["positive_button"]["value"]
    for _ in range(2):
        await slack.acknowledged(await slack.press(ann, room, message["ts"], value))
        await on.idle()
    assert len(slack.replies(room)) == 1  # what is said about it is said to Ann alone
    assert len(slack.state.ephemeral) == 2


async def test_private_commands_stay_private_and_help_is_short(
    slack: SlackServer, whole: Start
) -> None:
    on = await whole()
    ann, room = slack.user("Ann"), slack.channel("maths")
    await slack.acknowledged(await slack.slash(ann, "help", channel=room))
    await on.idle()
    assert slack.replies(room) == []
    [told] = slack.state.ephemeral
    assert "/daoshi explain" in told["text"]


async def test_restarted_process_completes_the_reply_that_was_begun(
    slack: SlackServer, whole: Start
) -> None:
    first = await whole("Nobody will see this.")
    ann = slack.user("Ann")
    await slack.acknowledged(await slack.dm(ann, "Why is the sky blue?"))
    await first.idle()
    [message] = slack.replies(slack.dm_channel(ann))
    again = await whole("Never said.")
    await slack.acknowledged(await slack.redeliver(slack.sent[0]))
    await again.idle()
    assert [m["ts"] for m in slack.replies(slack.dm_channel(ann))] == [message["ts"]]
    assert again.engine.requests == []


async def test_own_page_shows_what_is_known_and_changes_in_one_tap(
    slack: SlackServer, whole: Start
) -> None:
    on = await whole("Because short waves scatter more.")
    ann = slack.user("Ann")
    await slack.acknowledged(await slack.dm(ann, "Why is the sky blue?"))
    await on.idle()
    await slack.open_home(ann)
    view = await slack.until(lambda: slack.state.homes.get(ann))
    assert "Why is the sky blue?" in str(view["blocks"])
    buttons = [e for b in view["blocks"] if b["type"] == "actions" for e in b["elements"]]
    chinese = next(b for b in buttons if "简体中文" in b["text"]["text"])
    await slack.acknowledged(await slack.press_home(ann, chinese["value"]))
    await on.idle()
    assert slack.state.homes[ann] != view
