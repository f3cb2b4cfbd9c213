"""Pictures through the whole of Discord: drawn in a process of their own, shown with alt text."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.commands import COMMANDS
from bot.discord_app.adapter import DiscordAdapter
from bot.dispatch.dispatcher import Dispatcher
from bot.wiring import now
from storage.database import Database
from storage.migrate import upgrade
from tests.bot.discord_app.conftest import FAST, SHORT, make_settings
from tests.doubles.assembled import assembled
from tests.doubles.discord_server import DiscordServer
from tests.doubles.fake_engine import FakeEngine
from tests.doubles.tiny_generator import tiny_atlas

TOLD_WITHIN_SECONDS = 60  # the first picture waits for its process


@pytest.fixture
async def dispatcher(server: DiscordServer, tmp_path: Path) -> AsyncIterator[Dispatcher]:
    url = f"sqlite:///{tmp_path / 'daoshi.db'}"
    await upgrade(url, tmp_path / "backups")
    database = await Database.open(url)
    settings = make_settings(server, tmp_path)
    atlas = tiny_atlas(tmp_path / "generators")
    services = assembled(database, FakeEngine(), now, tmp_path, settings=settings, atlas=atlas)
    dispatcher = Dispatcher(services, quiet_seconds=0.0)
    adapter = DiscordAdapter(settings, dispatcher, COMMANDS, pace=FAST, waits=SHORT)
    dispatcher.register(adapter)
    running = asyncio.create_task(adapter.run())
    await server.until(lambda: adapter.ready() and server.world.commands)
    yield dispatcher
    await dispatcher.close(1.0)
    await adapter.close()
    running.cancel()
    await asyncio.wait([running])
    await services.close()
    await database.close()


async def test_picture_stands_in_its_message_with_alt_text_menu_and_buttons(
    server: DiscordServer, dispatcher: Dispatcher
) -> None:
    ann = server.user("Ann")
    await server.dm(ann, "show me a volcano")
    await server.until(lambda: server.dms(ann), TOLD_WITHIN_SECONDS)
    await dispatcher.idle()
    (message,) = server.dms(ann)
    (attachment,) = message["attachments"]
    assert attachment["filename"] == "volcano-noto.png"
    assert "volcano" in attachment["description"]
    assert "neural network" in message["content"]
    kinds = [part["type"] for row in message["components"] for part in row["components"]]
    assert 3 in kinds  # the things that it can turn into
    labels = [part.get("label") for row in message["components"] for part in row["components"]]
    assert {"Another", "Change style", "Bigger", "What is this?"} <= set(labels)
    assert not server.violations


async def test_command_in_a_channel_shows_the_picture_there_and_a_press_another(
    server: DiscordServer, dispatcher: Dispatcher
) -> None:
    ann = server.user("Ann")
    guild = server.guild("School", server.user("Owner"), ann)
    await server.show(guild)
    general = guild.channels[0]
    await server.slash(general, ann, "imagine", {"what": "two dogs", "style": "flat"})
    await server.until(
        lambda: any(m["attachments"] for m in server.messages(general)), TOLD_WITHIN_SECONDS
    )
    await dispatcher.idle()
    [message] = [m for m in server.messages(general) if m["attachments"]]
    assert [one["filename"] for one in message["attachments"]] == ["dog-flat.png", "dog-flat-2.png"]
    another = next(
        part["custom_id"]
        for row in message["components"]
        for part in row["components"]
        if part.get("label") == "Another"
    )
    await server.press(message, ann, another)
    await server.until(lambda: sum(bool(m["attachments"]) for m in server.messages(general)) == 2)
    await dispatcher.idle()
    assert not server.violations
