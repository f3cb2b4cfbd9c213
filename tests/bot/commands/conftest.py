"""A desk with a real database and a text engine in memory, for every test of commands."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from bot.settings import Settings
from bot.wiring import assemble
from storage.blobs import BlobStore
from storage.database import Database
from storage.migrate import upgrade
from tests.doubles.desk import Desk
from tests.doubles.fake_engine import FakeEngine
from tutor.engine.profiles import ModelProfile, Quality
from tutor.language import Language

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CAPABLE = ModelProfile("capable", frozenset({"en", "zh"}), 2048, Quality.GOOD)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with the newest schema, to be copied for each test."""
    import asyncio

    folder = tmp_path_factory.mktemp("migrated")
    asyncio.run(upgrade(f"sqlite:///{folder / 'daoshi.db'}", folder))
    return folder / "daoshi.db"


@pytest.fixture
async def database(migrated: Path, tmp_path: Path) -> AsyncIterator[Database]:
    shutil.copy(migrated, tmp_path / "daoshi.db")
    database = await Database.open(f"sqlite:///{tmp_path / 'daoshi.db'}")
    yield database
    await database.close()


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
async def desk(database: Database, engine: FakeEngine, tmp_path: Path) -> AsyncIterator[Desk]:
    clock = [NOON]
    services = assemble(
        Settings(data_dir=tmp_path),
        database,
        BlobStore(tmp_path / "blobs"),
        engine,
        CAPABLE,
        lambda: clock[0],
        Random(1),
        stronger_model="a larger model",
    )
    yield Desk(services, engine, clock)
    await services.close()


@pytest.fixture(params=list(Language), ids=lambda language: language.value)
def language(request: pytest.FixtureRequest, desk: Desk) -> Language:
    """Each language in turn; the desk speaks it."""
    chosen: Language = request.param
    desk.language = chosen
    return chosen
