"""Starting and ending runs: what is refused is refused with a sentence."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from storage import datasets, jobs, tuning_runs
from storage.blobs import Blob
from storage.database import Database
from storage.models import DatasetVersionRow
from storage.tuning_runs import TuningRun
from tutor.language import Language
from tutor.tuning.runs import (
    WAITS,
    RunExists,
    RunOver,
    RunUnknown,
    VersionUnknown,
    VersionWithdrawn,
    cancel_run,
    choose_time,
    reject_run,
    run_by_id,
    runs_of,
    start_run,
)
from tutor.tuning.stage import ACTIVE, Stage

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
async def version_id(database: Database) -> str:
    async with database.write() as session:
        made = await datasets.dataset_named(session, "global", "hints", by=None, now=NOW)
        version = await datasets.add_version(
            session,
            made.id,
            Blob("d" * 64, 7),
            content_hash="c1",
            manifest={},
            contributions={},
            name="hints",
            by=None,
            now=NOW,
        )
    return version.id


async def start(database: Database, version_id: str, name: str = "a", **other: Any) -> TuningRun:
    options = {"scope": "global", "not_before": None, **other}
    async with database.write() as session:
        return await start_run(
            session,
            name=name,
            version_id=version_id,
            recipe={},
            language=Language.ENGLISH,
            place=None,
            started_by=None,
            now=NOW,
            **options,
        )


async def test_run_is_queued_with_its_job(database: Database, version_id: str) -> None:
    run = await start(database, version_id, not_before=NOW + timedelta(hours=9))
    assert (run.stage, run.progress) == (Stage.QUEUED, {})
    async with database.read() as session:
        job = await jobs.job_by_id(session, str(run.job_id))
        assert await runs_of(session, "global") == [run]
    assert job is not None
    assert (job.kind, job.payload, job.lease_until) == (
        "tune",
        {"run_id": run.id},
        NOW + timedelta(hours=9),
    )


async def test_second_run_of_the_name_is_refused_until_the_first_has_ended(
    database: Database, version_id: str
) -> None:
    first = await start(database, version_id)
    with pytest.raises(RunExists, match="“a” is under way"):
        await start(database, version_id)
    await start(database, version_id, scope="community:x")
    async with database.write() as session:
        await cancel_run(session, first.id, NOW)
    assert (await start(database, version_id)).stage == Stage.QUEUED


async def test_run_behind_another_one_says_that_it_waits(
    database: Database, version_id: str
) -> None:
    await start(database, version_id)
    second = await start(database, version_id, "b")
    assert second.progress["waiting"]["message"] == WAITS


async def test_nothing_is_trained_on_a_withdrawn_or_unknown_version(
    database: Database, version_id: str
) -> None:
    with pytest.raises(VersionUnknown):
        await start(database, "no such")
    async with database.write() as session:
        await session.execute(update(DatasetVersionRow).values(withdrawn_at=NOW))
    with pytest.raises(VersionWithdrawn, match="withdrawn their consent"):
        await start(database, version_id)


async def test_time_can_be_chosen_while_a_run_waits(database: Database, version_id: str) -> None:
    run = await start(database, version_id)
    later = NOW + timedelta(hours=3)
    async with database.write() as session:
        assert (await choose_time(session, run.id, later, NOW)).not_before == later
        job = await jobs.job_by_id(session, str(run.job_id))
    assert job is not None and job.lease_until == later


async def test_only_a_run_that_awaits_approval_can_be_rejected(
    database: Database, version_id: str
) -> None:
    run = await start(database, version_id)
    async with database.write() as session:
        with pytest.raises(RunOver):
            await reject_run(session, run.id, NOW)
        await tuning_runs.set_stage(
            session, run.id, come_from=ACTIVE, to=Stage.AWAITING_APPROVAL, now=NOW
        )
        assert (await reject_run(session, run.id, NOW)).stage == Stage.REJECTED
        with pytest.raises(RunOver):
            await cancel_run(session, run.id, NOW)
        with pytest.raises(RunUnknown):
            await run_by_id(session, "no such")


async def test_stage_changes_only_from_where_it_is_believed_to_be(
    database: Database, version_id: str
) -> None:
    run = await start(database, version_id)
    async with database.write() as session:
        moves = [
            await tuning_runs.set_stage(
                session, run.id, come_from=[Stage.QUEUED], to=Stage.PREPARING, now=NOW
            )
            for _ in range(2)
        ]
    assert moves == [True, False]
