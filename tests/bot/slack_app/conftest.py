"""Daoshi's Slack adapter, connected to the double over a real socket or over HTTP."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.settings import Settings
from bot.slack_app.adapter import SlackAdapter
from tests.doubles.fake_dispatcher import Script, as_dispatcher
from tests.doubles.slack_dispatcher import SlackDispatcher, nothing
from tests.doubles.slack_server import SlackServer


@dataclass
class Stage:
    """Everything that a test of the adapter touches."""

    slack: SlackServer
    adapter: SlackAdapter
    dispatcher: SlackDispatcher

    async def asked(self, count: int = 1) -> list[Any]:
        """The questions that were accepted, once there are `count`."""
        await self.slack.until(lambda: len(self.dispatcher.questions) >= count)
        return self.dispatcher.questions

    async def settled(self, count: int = 1) -> None:
        """Returns when `count` questions have been answered."""
        await self.asked(count)
        await self.dispatcher.settled()


MakeStage = Callable[..., Awaitable[Stage]]


def settings_of(values: dict[str, str]) -> Settings:
    """Settings from an environment, and from nothing else."""
    names = {name.removeprefix("DAOSHI_").lower() if "DAOSHI_" in name else name: value
             for name, value in values.items()}  # fmt: skip
    return Settings(_env_file=None, **names)  # type: ignore[call-arg,arg-type]


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with SlackServer() as server:
        yield server


@pytest.fixture
async def stage(slack: SlackServer, tmp_path: Path) -> AsyncIterator[MakeStage]:
    """Starts an adapter: `await stage(reply("Hi"))`, `await stage(reply("Hi"), http=True)`."""
    async with AsyncExitStack() as stack:

        async def start(
            answer: Script = nothing,
            *,
            http: bool = False,
            values: dict[str, str] | None = None,
            **options: Any,
        ) -> Stage:
            dispatcher = SlackDispatcher(answer)
            settings = settings_of(
                {"DAOSHI_DATA_DIR": str(tmp_path), **(values or slack.settings(http=http))}
            )
            adapter = SlackAdapter(settings, as_dispatcher(dispatcher), **options)
            dispatcher.register(adapter)
            running = asyncio.ensure_future(adapter.run())
            stack.push_async_callback(_stop, adapter, running)
            if http:
                slack.events_url = await _serve(stack, adapter)
            await slack.until(adapter.ready)
            return Stage(slack, adapter, dispatcher)

        yield start


async def _serve(stack: AsyncExitStack, adapter: SlackAdapter) -> str:
    app = web.Application()
    app.add_routes(adapter.http_routes())
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    return f"http://127.0.0.1:{port}/slack/events"


async def _stop(adapter: SlackAdapter, running: asyncio.Future[None]) -> None:
    await adapter.close()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
