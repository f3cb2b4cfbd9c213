"""A dispatcher with a real database, a fake engine and a fake platform."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.dispatch.dispatcher import Dispatcher
from bot.services import Services
from bot.settings import Settings
from bot.wiring import now
from storage.database import Database
from tests.doubles.assembled import assembled
from tests.doubles.fake_adapter import FakeAdapter
from tests.doubles.fake_engine import FakeEngine
from tutor.messages import Question


@dataclass
class Stage:
    dispatcher: Dispatcher
    platform: FakeAdapter
    engine: FakeEngine
    services: Services

    async def ask(self, *questions: Question) -> None:
        """Receives the questions at once and returns when all is answered."""
        for question in questions:
            await self.dispatcher.receive(question)
        await self.dispatcher.idle()


@asynccontextmanager
async def open_stage(
    folder: Path, url: str, engine: FakeEngine, platform: FakeAdapter | None = None, **options: Any
) -> AsyncIterator[Stage]:
    """A stage on the database at `url`, which may be an earlier stage's."""
    database = await Database.open(url)
    settings = Settings(data_dir=folder, _env_file=None)
    services = assembled(database, engine, now, folder, settings=settings)
    platform = platform or FakeAdapter()
    dispatcher = Dispatcher(services, quiet_seconds=options.pop("quiet_seconds", 0.0), **options)
    dispatcher.register(platform)
    try:
        yield Stage(dispatcher, platform, engine, services)
    finally:
        await dispatcher.close(0.1)
        await database.close()


@pytest.fixture
async def make_stage(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Callable[..., Any]]:
    async with AsyncExitStack() as stack:

        async def make(*answers: Any, **options: Any) -> Stage:
            engine = options.pop("engine", None) or FakeEngine(*answers)
            return await stack.enter_async_context(
                open_stage(tmp_path, sqlite_url, engine, **options)
            )

        yield make
