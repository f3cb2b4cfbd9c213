"""Upkeep: what is too old goes, what is unused goes, and a backup can be restored."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage import jobs
from storage.archive import verify
from storage.blobs import BlobStore, keep_blob, release_blobs
from storage.database import Database
from storage.jobs import Job
from tests.doubles.clock import Clock
from training.settings import WorkerSettings
from training.upkeep import BACKUPS_KEPT, HANDLERS
from training.worker import Running


@pytest.fixture
async def running(
    database: Database, blobs: BlobStore, settings: WorkerSettings, clock: Clock
) -> Running:
    async with database.write() as session:
        job: Job = await jobs.enqueue(session, kind="any", payload={}, now=clock())
    return Running(job, database, blobs, settings, clock)


async def test_backup_is_whole_and_only_the_newest_are_kept(
    running: Running, clock: Clock, tmp_path: Path
) -> None:
    made = []
    for _ in range(BACKUPS_KEPT + 2):
        clock.advance(days=7)
        made.append((await HANDLERS["backup"](running))["file"])
    left = sorted(path.name for path in (tmp_path / "backups").glob("*.tar"))
    assert left == made[2:]
    assert "jobs" in verify(tmp_path / "backups" / made[-1]).tables


async def test_backups_made_before_a_migration_are_left_alone(
    running: Running, clock: Clock, tmp_path: Path
) -> None:
    other = tmp_path / "backups" / "before-0002-20250101T000000.tar"
    other.parent.mkdir(exist_ok=True)
    other.touch()
    for _ in range(BACKUPS_KEPT + 2):
        clock.advance(days=7)
        await HANDLERS["backup"](running)
    assert other.exists()


async def test_unused_blob_goes_after_a_day_and_not_before(
    running: Running, database: Database, blobs: BlobStore, clock: Clock
) -> None:
    blob = await blobs.put(b"unused")
    async with database.write() as session:
        await keep_blob(
            session, blob, owner="trial", name="a.txt", media_type="text/plain", now=clock()
        )
        await release_blobs(session, "trial")
    assert (await HANDLERS["blob_cleanup"](running))["deleted"] == 0
    clock.moment = datetime.now(UTC) + timedelta(days=2)  # files have times of the real clock
    assert (await HANDLERS["blob_cleanup"](running))["deleted"] == 1


async def test_retention_follows_the_setting_of_the_installation(running: Running) -> None:
    assert set(await HANDLERS["retention"](running)) == {"turns", "conversations", "claims"}
