"""The estimate before a training: its figures, its refusals, and nothing left behind."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from storage import jobs
from storage.blobs import BlobStore
from storage.database import Database
from storage.datasets import DatasetVersion
from storage.jobs import Job, JobState
from tests.doubles.clock import Clock
from training.runs.estimating import estimate
from training.runs.failure import RunFailed
from training.runs.folder import RunFolder
from training.runs.room import Need
from training.runs.tools import Tools
from training.schedule import next_due
from training.settings import WorkerSettings
from training.worker import Worker

KIND = "tune_estimate"
NEED = Need(60.0, 100, 10, steps=4, tokens=99)


@pytest.fixture
def estimated(
    database: Database, blobs: BlobStore, settings: WorkerSettings, clock: Clock, tools: Tools
) -> Callable[..., Any]:
    """The job as a worker left it; named arguments are other tools."""

    async def estimated(payload: Mapping[str, Any], **other: Any) -> Job:
        handlers = {KIND: partial(estimate, tools=replace(tools, **other))}
        worker = Worker(database, blobs, settings, handlers, next_due, owner="a", now=clock)
        async with database.write() as session:
            job = await jobs.enqueue(
                session, kind=KIND, scope="global", payload=payload, now=clock()
            )
        assert await worker.do_next_job()
        async with database.read() as session:
            done = await jobs.job_by_id(session, job.id)
        assert done is not None
        return done

    return estimated


async def test_estimate_is_measured_on_the_version_and_recipe_that_were_named(
    estimated: Callable[..., Any], version: DatasetVersion, settings: WorkerSettings
) -> None:
    seen: list[tuple[Path, Mapping[str, Any], int]] = []

    async def measure(folder: RunFolder) -> Need:
        told = folder.read_json(folder.run_file) or {}
        rows = len((folder.path / "data" / "train.jsonl").read_text().splitlines())
        seen.append((folder.path, told, rows))
        return NEED

    recipe = {"effort": "quick", "seed": 3}
    done = await estimated({"version_id": version.id, "recipe": recipe}, measure=measure)
    assert done.state == JobState.DONE
    figures = {name: done.result[name] for name in ("seconds", "peak_bytes", "disk_bytes")}
    assert figures == {"seconds": 60.0, "peak_bytes": 100, "disk_bytes": 10}
    assert (done.result["steps"], done.result["tokens"]) == (4, 99)
    [(folder, told, rows)] = seen
    assert (told["recipe"], told["model"], rows) == (recipe, settings.model, 1)
    assert told["dataset"] == {"version_id": version.id, "content_hash": "c1"}
    assert not folder.exists()
    assert not (settings.data_dir / "tuning").exists()


async def test_training_that_cannot_be_is_refused_with_its_sentence(
    estimated: Callable[..., Any], version: DatasetVersion
) -> None:
    folders = []

    async def measure(folder: RunFolder) -> Need:
        folders.append(folder.path)
        raise RunFailed("All {count} rows are too long.", count=3)

    done = await estimated({"version_id": version.id, "recipe": {}}, measure=measure)
    assert (done.state, done.error) == (JobState.FAILED, "All 3 rows are too long.")
    assert not folders[0].exists()


async def test_estimate_for_no_version_says_so(estimated: Callable[..., Any]) -> None:
    done = await estimated({"version_id": "nothing", "recipe": {}})
    assert (done.state, done.error) == (
        JobState.FAILED,
        "I know no such version of a data set.",
    )
