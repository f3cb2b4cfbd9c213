"""The job that imports an upload: its report is the result, a refusal is a sentence."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from storage import courses, jobs, outbox
from storage.blobs import BlobStore
from storage.database import Database
from storage.learners import recognise
from tests.doubles.clock import Clock
from training.course_import import KIND, import_course
from training.kinds import HANDLERS
from training.settings import WorkerSettings
from training.worker import JobFailed, Running

CSV = b"question,answer\nWhat is 2+3?,5\n,4\n"


@pytest.fixture
def settled(
    database: Database, blobs: BlobStore, settings: WorkerSettings, clock: Clock
) -> "Uploads":
    return Uploads(database, blobs, settings, clock)


class Uploads:
    def __init__(
        self, database: Database, blobs: BlobStore, settings: WorkerSettings, clock: Clock
    ) -> None:
        self.database, self.blobs, self.settings, self.clock = database, blobs, settings, clock

    async def job(self, content: bytes, **payload: object) -> Running:
        blob = await self.blobs.put(content)
        values = {"blob": blob.hash, "file_name": "sums.csv", "key": "sums", **payload}
        async with self.database.write() as session:
            job = await jobs.enqueue(session, kind=KIND, payload=values, now=self.clock())
        return Running(job, self.database, self.blobs, self.settings, self.clock)


async def test_an_upload_becomes_a_course_and_its_report_the_result(settled: Uploads) -> None:
    running = await settled.job(CSV)
    result = await HANDLERS[KIND](running)
    assert json.loads(json.dumps(result)) == result
    assert result["counts"]["items"] == 1
    assert result["not_taken_count"] == 1
    assert result["not_taken"][0]["place"] == "3"
    assert running.progress == {"course": "sums", "done": 0, "of": 1}
    async with settled.database.read() as session:
        course = await courses.course_by_key(session, "sums")
    assert course is not None
    assert result["courses"][0]["saved"]["course_id"] == course.id


async def test_a_dry_run_writes_nothing(settled: Uploads) -> None:
    result = await import_course(await settled.job(CSV, dry_run=True))
    assert result["courses"][0]["saved"] is None
    async with settled.database.read() as session:
        assert await courses.courses(session) == []


async def test_what_can_not_be_imported_fails_with_a_sentence(
    settled: Uploads, tmp_path: Path
) -> None:
    with pytest.raises(JobFailed, match="no format"):
        await import_course(await settled.job(b"hello", file_name="letter.txt"))
    running = await settled.job(CSV, blob="0" * 64)
    with pytest.raises(JobFailed, match="Upload it again"):
        await import_course(running)


async def told(settled: Uploads) -> list[str]:
    later = settled.clock() + timedelta(days=1)
    async with settled.database.write() as session:
        rows = await outbox.take_due(
            session, platforms=["discord"], owner="t", lease_until=later, now=later
        )
    return [row.body["text"] for row in rows]


async def from_chat(settled: Uploads, content: bytes, **more: object) -> Running:
    """The job as it is asked for in chat, where somebody waits for half a minute."""
    async with settled.database.write() as session:
        learner = await recognise(
            session,
            platform="discord",
            workspace="",
            user_id="1",
            display_name="Tess",
            locale="en",
            now=settled.clock(),
        )
    chat = {"owner_id": learner.id, "language": "en", "tell_after_seconds": 30.0, **more}
    return await settled.job(content, **chat)


async def test_nobody_is_told_what_they_still_wait_for(settled: Uploads) -> None:
    await import_course(await from_chat(settled, CSV))
    assert await told(settled) == []


@pytest.mark.parametrize(
    ("dry_run", "said"), [(True, "1 item can be imported"), (False, "is imported: 1 item.")]
)
async def test_a_slow_import_is_told_when_it_ends(
    settled: Uploads, dry_run: bool, said: str
) -> None:
    running = await from_chat(settled, CSV, dry_run=dry_run)
    settled.clock.advance(seconds=31)
    await import_course(running)
    [text] = await told(settled)
    assert said in text


async def test_a_slow_import_that_fails_says_why(settled: Uploads) -> None:
    running = await from_chat(settled, b"hello", file_name="letter.txt")
    settled.clock.advance(seconds=31)
    with pytest.raises(JobFailed):
        await import_course(running)
    [text] = await told(settled)
    assert "“letter.txt” could not be imported" in text
    assert "no format" in text
