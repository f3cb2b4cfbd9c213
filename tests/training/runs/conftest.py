"""A data set's version, a run of it, and tools without torch."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from storage import datasets, jobs, tuning_runs
from storage.blobs import BlobStore
from storage.database import Database, Session
from storage.datasets import DatasetVersion
from storage.jobs import Job
from storage.tuning_runs import TuningRun
from tests.doubles.clock import Clock
from tests.doubles.fake_engine import FakeEngine
from training.datasets.example import ChatMessage, Example, ExampleKind
from training.runs.folder import RunFolder
from training.runs.jobs import LANE, end_run
from training.runs.life import tuning
from training.runs.room import GIGABYTE, Need
from training.runs.tools import Pace, Tools
from training.schedule import next_due
from training.settings import WorkerSettings
from training.worker import Worker
from tutor.language import Language
from tutor.tuning.runs import start_run

MEGABYTE = 1 << 20
EXAMPLE = Example(
    ExampleKind.DIALOGUE,
    "g1",
    "test",
    messages=(ChatMessage("user", "2+2?"), ChatMessage("assistant", "What do you think?")),
)
PACE = Pace(
    tick_seconds=0.02,
    progress_seconds=0.0,
    look_seconds=0.0,
    retry_seconds=30.0,
    memory_seconds=300.0,
)


@dataclass(frozen=True)
class FakeVerdict:
    passed: bool = True

    def to_json(self) -> dict[str, Any]:
        return {"measures": [], "phrases": ["hint"]}


async def load(blobs: BlobStore, version: DatasetVersion) -> tuple[list[Example], list[Example]]:
    return [EXAMPLE], [EXAMPLE]


async def measure(folder: RunFolder) -> Need:
    return Need(60.0, 100 * MEGABYTE, 10 * MEGABYTE, steps=4, tokens=100)


async def passes(*_arguments: Any) -> FakeVerdict:
    return FakeVerdict()


async def no_card(session: Session, run: TuningRun, now: datetime) -> None:
    """Nobody watches."""


@pytest.fixture
def tools() -> Tools:
    return Tools(
        trainer="tests.doubles.fake_trainer",
        engine=lambda settings: FakeEngine(),
        load=load,
        measure=measure,
        evaluate=passes,
        pack=lambda folder: (folder / "adapter_model.safetensors").read_bytes(),
        free_memory_bytes=lambda: 4 * GIGABYTE,
        free_disk_bytes=lambda path: 4 * GIGABYTE,
        refresh_card=no_card,
        pace=PACE,
    )


@pytest.fixture
async def version(database: Database, blobs: BlobStore, clock: Clock) -> DatasetVersion:
    blob = await blobs.put(b"examples")
    async with database.write() as session:
        made = await datasets.dataset_named(session, "global", "hints", by=None, now=clock())
        return await datasets.add_version(
            session,
            made.id,
            blob,
            content_hash="c1",
            manifest={"licence": "CC-BY-4.0"},
            contributions={},
            name="hints",
            by=None,
            now=clock(),
        )


StartRun = Callable[..., Awaitable[TuningRun]]


@pytest.fixture
def start(database: Database, version: DatasetVersion, clock: Clock) -> StartRun:
    """Queues a run; named arguments are what the fake trainer does."""

    async def start(
        name: str = "hints", not_before: datetime | None = None, **fake: Any
    ) -> TuningRun:
        async with database.write() as session:
            return await start_run(
                session,
                scope="global",
                name=name,
                version_id=version.id,
                recipe={"effort": "quick", "seed": 7, "fake": fake},
                language=Language.ENGLISH,
                place=None,
                started_by=None,
                not_before=not_before,
                now=clock(),
            )

    return start


MakeWorker = Callable[..., Worker]


@pytest.fixture
def make_worker(
    database: Database, blobs: BlobStore, settings: WorkerSettings, clock: Clock, tools: Tools
) -> MakeWorker:
    def make(
        owner: str = "a", lease: Any = None, grace_seconds: float = 30.0, **other: Any
    ) -> Worker:
        options = {} if lease is None else {"lease": lease}
        return Worker(
            database,
            blobs,
            settings,
            {"tune": tuning(replace(tools, **other))},
            next_due,
            owner=owner,
            now=clock,
            lanes=[LANE],
            on_end={"tune": partial(end_run, refresh_card=no_card)},
            poll_seconds=0.01,
            grace_seconds=grace_seconds,
            **options,
        )

    return make


@dataclass
class Look:
    """What is stored of runs."""

    database: Database
    settings: WorkerSettings

    async def run(self, run: TuningRun) -> TuningRun:
        async with self.database.read() as session:
            found = await tuning_runs.run_by_id(session, run.id)
        assert found is not None
        return found

    async def job(self, run: TuningRun) -> Job:
        assert run.job_id is not None
        async with self.database.read() as session:
            found = await jobs.job_by_id(session, run.job_id)
        assert found is not None
        return found

    def starts(self, run: TuningRun) -> list[int]:
        """The step at which each start of the trainer began."""
        file = self.folder(run) / "starts"
        return [int(line) for line in file.read_text().split()] if file.exists() else []

    def folder(self, run: TuningRun) -> Path:
        return self.settings.data_dir / "tuning" / run.id


@pytest.fixture
def look(database: Database, settings: WorkerSettings) -> Look:
    return Look(database, settings)
