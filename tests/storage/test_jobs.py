"""Jobs: taken by one worker, taken over when it dies, tried again. The kind is invented."""

import asyncio
from datetime import timedelta

from storage import jobs
from storage.database import Database, Session
from storage.jobs import Job, JobState, Pulse
from tests.doubles.storage_tour import DAY, HOUR, MINUTE, NOW

KIND = "count_sheep"


async def enqueue(session: Session, **more: object) -> Job:
    values: dict[str, object] = {"payload": {"meadow": "north"}, "now": NOW}
    return await jobs.enqueue(session, kind=KIND, **(values | more))  # type: ignore[arg-type]


async def take(
    session: Session,
    owner: str = "w1",
    after: timedelta = timedelta(),
    kinds: tuple[str, ...] = (KIND,),
) -> Job | None:
    now = NOW + after
    return await jobs.take_job(session, owner=owner, kinds=kinds, lease_until=now + MINUTE, now=now)


async def test_a_job_goes_to_one_worker_with_its_payload(database: Database) -> None:
    async with database.write() as session:
        made = await enqueue(session)

    async def compete(owner: str) -> Job | None:
        async with database.write() as session:
            return await take(session, owner)

    taken = await asyncio.gather(*(compete(f"w{number}") for number in range(6)))
    [job] = [job for job in taken if job is not None]
    assert (job.id, job.state, job.attempts) == (made.id, JobState.RUNNING, 1)
    assert job.payload == {"meadow": "north"}


async def test_workers_take_different_jobs_the_urgent_first(database: Database) -> None:
    async with database.write() as session:
        first = await enqueue(session)
        second = await enqueue(session)
        urgent = await enqueue(session, priority=5)
        later = await enqueue(session, priority=9, not_before=NOW + HOUR)
        order = [job.id for _ in range(3) if (job := await take(session))]
        assert order == [urgent.id, first.id, second.id]
        assert await take(session) is None
        assert await take(session, kinds=("shear_sheep",), after=HOUR) is None
        due = await take(session, after=HOUR)
    assert due is not None
    assert due.id == later.id


async def test_a_heartbeat_keeps_a_job_and_shows_its_progress(database: Database) -> None:
    async with database.write() as session:
        job = await enqueue(session)
        await take(session)
        pulse = await jobs.heartbeat(
            session,
            job.id,
            "w1",
            lease_until=NOW + 9 * MINUTE,
            now=NOW + MINUTE,
            progress={"counted": 3},
        )
        assert pulse is Pulse.CONTINUE
        assert await take(session, "w2", after=5 * MINUTE) is None
        found = await jobs.job_by_id(session, job.id)
    assert found is not None
    assert (found.progress, found.heartbeat_at) == ({"counted": 3}, NOW + MINUTE)


async def test_a_silent_worker_loses_its_job_and_can_write_nothing(database: Database) -> None:
    async with database.write() as session:
        job = await enqueue(session)
        await take(session, "silent")
        taken = await take(session, "w2", after=2 * MINUTE)
        assert taken is not None
        assert taken.attempts == 2
        lost = await jobs.heartbeat(
            session, job.id, "silent", lease_until=NOW + DAY, now=NOW + 3 * MINUTE
        )
        assert lost is Pulse.LOST
        assert not await jobs.finish_job(session, job.id, "silent", {"wrong": 1}, NOW)
        assert not await jobs.fail_job(session, job.id, "silent", "wrong", NOW)
        assert await jobs.finish_job(session, job.id, "w2", {"sheep": 12}, NOW)
        done = await jobs.job_by_id(session, job.id)
    assert done is not None
    assert (done.state, done.result) == (JobState.DONE, {"sheep": 12})


async def test_a_failed_job_is_tried_again_later_until_its_attempts_are_used_up(
    database: Database,
) -> None:
    async with database.write() as session:
        job = await enqueue(session, max_attempts=2)
        await take(session)
        assert await jobs.fail_job(session, job.id, "w1", "a wolf", NOW)
        assert await take(session) is None
        assert await take(session, after=jobs.pause_after(1)) is not None
        assert await jobs.fail_job(session, job.id, "w1", "two wolves", NOW + HOUR)
        assert await take(session, after=DAY) is None
        failed = await jobs.job_by_id(session, job.id)
    assert failed is not None
    assert (failed.state, failed.error, failed.attempts) == (JobState.FAILED, "two wolves", 2)


async def test_a_failure_that_can_not_pass_is_final(database: Database) -> None:
    async with database.write() as session:
        job = await enqueue(session)
        await take(session)
        await jobs.fail_job(session, job.id, "w1", "no meadow", NOW, retry=False)
        failed = await jobs.job_by_id(session, job.id)
    assert failed is not None
    assert failed.state == JobState.FAILED


async def test_a_job_that_kills_every_worker_fails(database: Database) -> None:
    async with database.write() as session:
        job = await enqueue(session, max_attempts=1)
        await take(session)
        assert await jobs.end_lost_jobs(session, NOW) == []
        assert await take(session, after=HOUR) is None
        [lost] = await jobs.end_lost_jobs(session, NOW + HOUR)
    assert (lost.id, lost.state, lost.error) == (job.id, "failed", "The worker fell silent.")


async def test_cancelling_ends_a_waiting_job_and_asks_a_running_one(database: Database) -> None:
    async with database.write() as session:
        running, waiting = await enqueue(session, priority=1), await enqueue(session)
        await take(session)
        assert await jobs.request_cancel(session, waiting.id, NOW) is JobState.CANCELLED
        assert await jobs.request_cancel(session, running.id, NOW) is JobState.RUNNING
        assert await jobs.request_cancel(session, "unknown", NOW) is None
        pulse = await jobs.heartbeat(session, running.id, "w1", lease_until=NOW, now=NOW)
        assert pulse is Pulse.CANCEL
        assert await jobs.cancel_job(session, running.id, "w1", NOW)
        assert await jobs.list_jobs(session, unfinished=True) == []
        states = {job.state for job in await jobs.list_jobs(session, kind=KIND)}
    assert states == {JobState.CANCELLED}


async def test_the_same_wish_is_one_job_until_it_is_done(database: Database) -> None:
    async with database.write() as session:
        first = await enqueue(session, dedupe_key="north meadow")
        assert (await enqueue(session, dedupe_key="north meadow")).id == first.id
        await take(session)
        await jobs.finish_job(session, first.id, "w1", {}, NOW)
        assert (await enqueue(session, dedupe_key="north meadow")).id != first.id


def test_pauses_double_up_to_an_hour() -> None:
    pauses = [jobs.pause_after(attempt).total_seconds() for attempt in (1, 2, 3, 20)]
    assert pauses == [10, 20, 40, 3600]
