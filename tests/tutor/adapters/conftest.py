"""A database, blobs, and adapters that are registered with a report of the engine's choosing."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from storage.artifacts import Artifact
from storage.blobs import BlobStore
from storage.database import Database
from tests.doubles.clock import Clock
from tests.doubles.lora_files import lora_weights, write_lora
from tutor.adapters.importing import register_adapter, stored_adapter
from tutor.adapters.package import read_folder
from tutor.engine.contract import Capabilities
from tutor.tuning.report import binding_of

HERE = Capabilities(
    "fake",
    "fake-1",
    2048,
    adapters=True,
    score=True,
    base_hash="b" * 64,
    template_hash="t",
    precision="float32",
)
Register = Callable[..., Awaitable[Artifact]]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    database = await Database.open(sqlite_url)
    yield database
    await database.close()


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs")


@pytest.fixture
def register(database: Database, blobs: BlobStore, clock: Clock, tmp_path: Path) -> Register:
    """Registers an adapter of weights that are its own, with a report that holds for `HERE`."""
    count = 0

    async def make(
        name: str = "tutoring", *, passed: bool | None = True, base: str = "b" * 64, **card: Any
    ) -> Artifact:
        nonlocal count
        count += 1
        folder = write_lora(tmp_path / f"made{count}", weights=lora_weights(count / 10))
        binding = asdict(binding_of(HERE))
        report = None if passed is None else {"passed": passed, "binding": binding}
        clock.advance(seconds=60)
        storing = stored_adapter(
            blobs,
            read_folder(folder),
            name=name,
            card={"base_hash": base, "report": report, **card},
            now=clock(),
        )
        async with storing as stored, database.write() as session:
            return await register_adapter(session, stored, by=None, now=clock())

    return make
