"""A bot on the loopback Discord, answered by a scripted dispatcher."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.commands import COMMANDS
from bot.discord_app.adapter import DiscordAdapter
from bot.discord_app.client import Waits
from bot.discord_app.surface import Pace
from bot.settings import Settings
from tests.doubles.discord_server import DiscordServer
from tests.doubles.fake_dispatcher import FakeDispatcher, as_dispatcher

FAST = Pace(first=0.02, edit=0.05, typing=0.2)
SHORT = Waits(identify_seconds=0.05, guilds_seconds=0.1, reconnect_seconds=0.05)


@dataclass
class Running:
    """A bot that is connected to `server`."""

    server: DiscordServer
    adapter: DiscordAdapter
    dispatcher: FakeDispatcher
    task: asyncio.Task[None]

    async def until(self, true: Callable[[], Any]) -> Any:
        return await self.server.until(true)


Start = Callable[..., Awaitable[Running]]


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as server:
        server.limits.seconds = 0.3
        yield server


def make_settings(server: DiscordServer, folder: Path, **more: Any) -> Settings:
    values = {
        "data_dir": folder,
        "discord_token": server.token,
        "discord_api_base": server.api_base,
        "discord_gateway_url": server.gateway_url,
        **more,
    }
    return Settings(_env_file=None, **values)


@pytest.fixture
async def start(server: DiscordServer, tmp_path: Path) -> AsyncIterator[Start]:
    """Starts a bot with settings of one's own; all are closed in the end."""
    running: list[Running] = []

    async def start(
        dispatcher: FakeDispatcher | None = None, *, ready: bool = True, **settings: Any
    ) -> Running:
        dispatcher = dispatcher or FakeDispatcher()
        adapter = DiscordAdapter(
            make_settings(server, tmp_path, **settings),
            as_dispatcher(dispatcher),
            COMMANDS,
            pace=FAST,
            waits=SHORT,
        )
        dispatcher._adapters.clear()
        dispatcher.register(adapter)
        bot = Running(server, adapter, dispatcher, asyncio.create_task(adapter.run()))
        running.append(bot)
        if ready:
            await server.until(adapter.ready)
            await server.until(lambda: server.world.commands)
        return bot

    yield start
    for bot in running:
        await bot.adapter.close()
        bot.task.cancel()
        await asyncio.wait({bot.task})


@pytest.fixture
async def bot(start: Start) -> Running:
    return await start()
