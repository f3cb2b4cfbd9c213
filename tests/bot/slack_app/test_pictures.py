"""Pictures through the whole of Slack: uploaded with alt text, with the note in the message."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.dispatch.dispatcher import Dispatcher
from bot.slack_app.adapter import SlackAdapter
from bot.wiring import now
from storage.database import Database
from tests.bot.slack_app.conftest import settings_of
from tests.doubles.assembled import assembled
from tests.doubles.fake_artist import FakeArtist
from tests.doubles.fake_engine import FakeEngine
from tests.doubles.picture_atlas import an_atlas
from tests.doubles.slack_server import SlackServer


@dataclass
class Whole:
    adapter: SlackAdapter
    dispatcher: Dispatcher

    async def idle(self) -> None:
        await self.adapter._intake.idle()
        await self.dispatcher.idle()
        await self.adapter._surfaces.idle()


@pytest.fixture
async def whole(slack: SlackServer, sqlite_url: str, tmp_path: Path) -> AsyncIterator[Whole]:
    database = await Database.open(sqlite_url)
    settings = settings_of({**slack.settings(), "DAOSHI_DATA_DIR": str(tmp_path)})
    services = assembled(
        database,
        FakeEngine(),
        now,
        tmp_path,
        settings=settings,
        atlas=an_atlas(),
        artist=FakeArtist(),
    )
    dispatcher = Dispatcher(services, quiet_seconds=0.0)
    adapter = SlackAdapter(settings, dispatcher)
    dispatcher.register(adapter)
    running = asyncio.ensure_future(adapter.run())
    await slack.until(adapter.ready)
    yield Whole(adapter, dispatcher)
    await dispatcher.close(0.1)
    await adapter.close()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await database.close()


def files(slack: SlackServer) -> dict[str, str]:
    """Alt text by the name of each file that was shared."""
    shared = [one for one in slack.state.files.values() if one["complete"]]
    return {one["name"]: one["alt_txt"] for one in shared}


async def test_picture_is_uploaded_with_its_alt_text(slack: SlackServer, whole: Whole) -> None:
    ann = slack.user("Ann")
    await slack.acknowledged(await slack.dm(ann, "画一座火山"))
    await whole.idle()
    assert "火山" in files(slack)["volcano-noto.png"]
    texts = [message.get("text", "") for message in slack.replies(slack.dm_channel(ann))]
    assert any("火山" in text for text in texts)


async def test_command_draws_and_a_press_draws_another(slack: SlackServer, whole: Whole) -> None:
    ann, room = slack.user("Ann"), slack.channel("maths")
    await slack.acknowledged(await slack.mention(ann, room, "imagine: a dog"))
    await whole.idle()
    assert list(files(slack)) == ["dog-noto.png"]
    [message] = [one for one in slack.replies(room) if one.get("blocks")]
    buttons = [
        element
        for block in message["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    ]
    another = next(one for one in buttons if "Another" in one.get("text", {}).get("text", ""))
    await slack.acknowledged(await slack.press(ann, room, message["ts"], another["value"]))
    await whole.idle()
    assert len(files(slack)) == 2
