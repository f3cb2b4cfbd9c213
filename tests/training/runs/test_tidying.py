"""Tidying up: space is freed where nothing needs it any more, and only there."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from storage import jobs, tuning_runs
from storage.blobs import BlobStore
from storage.database import Database
from tests.doubles.clock import Clock
from training.runs.tidying import KEPT, tidy
from training.schedule import next_due
from training.settings import WorkerSettings
from training.worker import Worker
from tutor.tuning.stage import Stage

Start = Callable[..., Awaitable[Any]]
Tidied = Callable[[], Awaitable[int]]


@pytest.fixture
def tidied(database: Database, blobs: BlobStore, settings: WorkerSettings, clock: Clock) -> Tidied:
    """How many folders a worker removed."""

    async def tidied() -> int:
        worker = Worker(
            database, blobs, settings, {"tune_tidy": tidy}, next_due, owner="a", now=clock
        )
        async with database.write() as session:
            job = await jobs.enqueue(
                session, kind="tune_tidy", scope="global", payload={}, now=clock()
            )
        assert await worker.do_next_job()
        async with database.read() as session:
            done = await jobs.job_by_id(session, job.id)
        assert done is not None and done.result is not None
        return int(done.result["removed"])

    return tidied


def lay_out(folder: Path) -> Path:
    """What a training leaves."""
    for part in ("checkpoints/step-00000004", "adapter"):
        (folder / part).mkdir(parents=True)
        (folder / part / "tensors.safetensors").write_bytes(b"weights")
    (folder / "trainer.log").write_text("what went wrong")
    return folder


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


async def stand(database: Database, run: Any, stage: Stage, clock: Clock) -> None:
    async with database.write() as session:
        assert await tuning_runs.set_stage(
            session, run.id, come_from=[Stage.QUEUED], to=stage, now=clock()
        )


@pytest.mark.parametrize(
    ("stage", "kept"),
    [
        (Stage.TRAINING, {"checkpoints", "adapter", "trainer.log"}),
        (Stage.EVALUATING, {"checkpoints", "adapter", "trainer.log"}),
        (Stage.AWAITING_APPROVAL, {"adapter", "trainer.log"}),
        (Stage.REJECTED, {"adapter", "trainer.log"}),
        (Stage.FAILED, {"adapter", "trainer.log"}),
        (Stage.CANCELLED, set()),
    ],
)
async def test_what_is_kept_of_a_run_depends_on_where_it_stands(
    start: Start,
    look: Any,
    tidied: Tidied,
    database: Database,
    clock: Clock,
    stage: Stage,
    kept: set[str],
) -> None:
    run = await start()
    folder = lay_out(look.folder(run))
    await stand(database, run, stage, clock)
    assert await tidied() == (not kept)
    assert left(folder) == kept


async def test_folder_of_a_failed_run_goes_after_two_weeks_and_of_an_active_one_never(
    start: Start, look: Any, tidied: Tidied, database: Database, clock: Clock
) -> None:
    failed, active = await start("failed"), await start("active")
    folders = [lay_out(look.folder(run)) for run in (failed, active)]
    await stand(database, failed, Stage.FAILED, clock)
    await stand(database, active, Stage.TRAINING, clock)
    clock.advance(seconds=KEPT.total_seconds())
    assert await tidied() == 0
    clock.advance(seconds=1)
    assert await tidied() == 1
    assert [folder.exists() for folder in folders] == [False, True]
    assert "checkpoints" in left(folders[1])


async def test_folder_of_no_run_is_removed(tidied: Tidied, settings: WorkerSettings) -> None:
    stray = lay_out(settings.data_dir / "tuning" / "nobody")
    assert await tidied() == 1
    assert not stray.exists()
