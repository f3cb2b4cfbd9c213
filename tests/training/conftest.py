"""A migrated SQLite database and a clock that stands still until it is moved."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.blobs import BlobStore
from storage.database import Database
from storage.migrate import upgrade
from tests.doubles.clock import Clock
from training.settings import WorkerSettings


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings(tmp_path: Path) -> WorkerSettings:
    return WorkerSettings(f"sqlite:///{tmp_path / 'daoshi.db'}", tmp_path)


@pytest.fixture
async def database(settings: WorkerSettings, tmp_path: Path) -> AsyncIterator[Database]:
    await upgrade(settings.database_url, tmp_path / "backups")
    database = await Database.open(settings.database_url)
    yield database
    await database.close()


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs")
