"""What a run is done with: the parts that it does not know from inside, so that tests can put
their own in place.
"""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from storage.blobs import BlobStore
from storage.database import Database, Session
from storage.datasets import DatasetVersion
from storage.tuning_runs import TuningRun
from training.datasets.example import Example
from training.runs.folder import RunFolder
from training.runs.measuring import measured_need
from training.runs.room import Need, free_disk_bytes, free_memory_bytes
from training.settings import WorkerSettings
from tutor.adapters.package import pack
from tutor.engine.connect import connect
from tutor.engine.contract import Engine
from tutor.tuning import card

TRAINER = "training.lora"  # run as a module, with the run's folder as its argument


class Verdict(Protocol):
    """What a run wants to know of the gate's report."""

    @property
    def passed(self) -> bool: ...

    def to_json(self) -> dict[str, Any]: ...


Examples = tuple[list[Example], list[Example]]  # training, held out
RefreshCard = Callable[[Session, TuningRun, datetime], Awaitable[None]]
NotePresent = Callable[[Database, BlobStore, Engine, TuningRun, RunFolder], Awaitable[None]]
Checked = Callable[[int, int, int], Awaitable[None]]
"""Told how many of how many comparisons are done, and how many the engine answered just now."""
Evaluate = Callable[[Engine, TuningRun, RunFolder, list[Example], Checked], Awaitable[Verdict]]


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a training is looked after."""

    tick_seconds: float = 1.0
    progress_seconds: float = 2.0  # between two writes of the row
    look_seconds: float = 5.0  # consent, disk, pause, card
    retry_seconds: float = 15.0  # for a device that is busy
    memory_seconds: float = 300.0  # for memory that is not free


def _engine(settings: WorkerSettings) -> Engine:
    return connect(
        data_dir=settings.data_dir,
        model=settings.model,
        engine_url=settings.engine_url,
        engine_api_key=settings.engine_api_key,
    )


async def _load(blobs: BlobStore, version: DatasetVersion) -> Examples:
    from training.datasets import versions

    return await versions.load(blobs, version)


async def _note_present(
    database: Database, blobs: BlobStore, engine: Engine, run: TuningRun, folder: RunFolder
) -> None:
    from training.gate.run import note_present

    await note_present(database, blobs, engine, run, folder)


async def _evaluate(
    engine: Engine,
    run: TuningRun,
    folder: RunFolder,
    held_out: list[Example],
    checked: Checked,
) -> Verdict:
    from training.gate.run import evaluate_run

    return await evaluate_run(engine, run, folder, held_out, checked)


async def refresh_card(session: Session, run: TuningRun, now: datetime) -> None:
    """Lets the message that shows the run follow it."""
    await card.refresh(session, run, now=now)


@dataclass(frozen=True, slots=True)
class GanModules:
    """The modules that make a generator of pictures, each run with the run's folder."""

    trainer: str = "training.gan"
    need: str = "training.gan.running.need"
    gate: str = "training.gan.running.gate"


@dataclass(frozen=True, slots=True)
class Tools:
    trainer: str = TRAINER
    gan: GanModules = field(default_factory=GanModules)
    engine: Callable[[WorkerSettings], Engine] = _engine
    load: Callable[[BlobStore, DatasetVersion], Awaitable[Examples]] = _load
    measure: Callable[[RunFolder], Coroutine[Any, Any, Need]] = measured_need
    note_present: NotePresent = _note_present
    evaluate: Evaluate = _evaluate
    pack: Callable[[Path], bytes] = pack
    free_memory_bytes: Callable[[], int] = free_memory_bytes
    free_disk_bytes: Callable[[Path], int] = free_disk_bytes
    refresh_card: RefreshCard = refresh_card
    pace: Pace = field(default_factory=Pace)
