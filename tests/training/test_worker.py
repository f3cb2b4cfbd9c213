"""The worker: every job is done once, whatever dies, is cancelled, or comes due in between."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from storage import jobs, schedules
from storage.blobs import BlobStore
from storage.database import Database
from storage.jobs import Job, JobState
from tests.doubles.clock import Clock
from training.schedule import STANDING, next_due, put_standing_schedules
from training.settings import StartedByHand, WorkerSettings, from_environment
from training.worker import Handler, JobFailed, Postponed, Running, Worker

MakeWorker = Callable[..., Worker]


@pytest.fixture
def make_worker(
    database: Database, blobs: BlobStore, settings: WorkerSettings, clock: Clock
) -> MakeWorker:
    def make(handlers: Mapping[str, Handler], owner: str = "a", **options: Any) -> Worker:
        options = {"poll_seconds": 0.01, "grace_seconds": 0.01, **options}
        return Worker(
            database, blobs, settings, handlers, next_due, owner=owner, now=clock, **options
        )

    return make


async def add(database: Database, clock: Clock, kind: str = "count", **options: Any) -> Job:
    async with database.write() as session:
        return await jobs.enqueue(session, kind=kind, payload={"n": 3}, now=clock(), **options)


async def stored(database: Database, job: Job) -> Job:
    async with database.read() as session:
        found = await jobs.job_by_id(session, job.id)
    assert found is not None
    return found


async def count(running: Running) -> Mapping[str, Any]:
    return {"counted": running.job.payload["n"]}


async def fail(running: Running) -> Mapping[str, Any]:
    raise ValueError("words of somebody")


async def until_cancelled(running: Running) -> Mapping[str, Any]:
    running.report(step=1)
    await asyncio.Event().wait()
    return {}


async def test_job_is_done_and_its_result_kept(
    make_worker: MakeWorker, database: Database, clock: Clock
) -> None:
    job = await add(database, clock)
    assert await make_worker({"count": count}).do_next_job()
    done = await stored(database, job)
    assert (done.state, done.result) == (JobState.DONE, {"counted": 3})


async def test_unknown_kinds_are_left_for_others(
    make_worker: MakeWorker, database: Database, clock: Clock
) -> None:
    job = await add(database, clock, kind="of a later version")
    assert not await make_worker({"count": count}).do_next_job()
    assert (await stored(database, job)).state == JobState.QUEUED


async def test_urgent_job_goes_first(
    make_worker: MakeWorker, database: Database, clock: Clock
) -> None:
    slow = await add(database, clock)
    urgent = await add(database, clock, priority=5)
    await make_worker({"count": count}).do_next_job()
    assert (await stored(database, urgent)).state == JobState.DONE
    assert (await stored(database, slow)).state == JobState.QUEUED


async def test_failed_job_is_tried_again_after_a_pause_and_then_given_up(
    make_worker: MakeWorker, database: Database, clock: Clock
) -> None:
    job = await add(database, clock, kind="fail", max_attempts=2)
    worker = make_worker({"fail": fail})
    assert await worker.do_next_job()
    assert not await worker.do_next_job()
    clock.advance(minutes=1)
    assert await worker.do_next_job()
    given_up = await stored(database, job)
    assert (given_up.state, given_up.attempts) == (JobState.FAILED, 2)
    assert given_up.error == "ValueError"


async def test_job_that_can_never_succeed_is_not_tried_again(
    make_worker: MakeWorker, database: Database, clock: Clock
) -> None:
    async def refuse(running: Running) -> Mapping[str, Any]:
        raise JobFailed("The file holds no questions.")

    job = await add(database, clock, kind="refuse")
    await make_worker({"refuse": refuse}).do_next_job()
    failed = await stored(database, job)
    assert (failed.state, failed.attempts) == (JobState.FAILED, 1)
    assert failed.error == "The file holds no questions."


async def test_running_job_stores_its_progress_and_can_be_cancelled(
    make_worker: MakeWorker, database: Database, clock: Clock
) -> None:
    job = await add(database, clock, kind="long")
    worker = make_worker({"long": until_cancelled}, lease=timedelta(seconds=0.04))
    doing = asyncio.create_task(worker.do_next_job())
    while not (await stored(database, job)).progress:
        await asyncio.sleep(0.005)
    assert (await stored(database, job)).progress == {"step": 1}
    async with database.write() as session:
        await jobs.request_cancel(session, job.id, clock())
    await doing
    assert (await stored(database, job)).state == JobState.CANCELLED


async def test_job_of_a_dead_worker_is_done_by_the_next_one(
    make_worker: MakeWorker, database: Database, clock: Clock
) -> None:
    job = await add(database, clock)
    async with database.write() as session:
        await jobs.take_job(
            session,
            owner="dead",
            kinds=["count"],
            lease_until=clock() + timedelta(seconds=60),
            now=clock(),
        )
    worker = make_worker({"count": count})
    assert not await worker.do_next_job()
    clock.advance(seconds=61)
    assert await worker.do_next_job()
    assert (await stored(database, job)).state == JobState.DONE


async def test_worker_that_lost_its_lease_writes_nothing(
    make_worker: MakeWorker, database: Database, clock: Clock
) -> None:
    job = await add(database, clock, kind="long")
    slow = make_worker({"long": until_cancelled}, "slow", lease=timedelta(seconds=0.04))
    doing = asyncio.create_task(slow.do_next_job())
    while not (await stored(database, job)).progress:
        await asyncio.sleep(0.005)
    clock.advance(minutes=5)
    async with database.write() as session:
        await jobs.take_job(
            session,
            owner="other",
            kinds=["long"],
            lease_until=clock() + timedelta(minutes=5),
            now=clock(),
        )
    await doing
    assert (await stored(database, job)).owner == "other"
    assert (await stored(database, job)).state == JobState.RUNNING


async def test_stopped_worker_gives_its_job_back_without_counting_the_attempt(
    make_worker: MakeWorker, database: Database, clock: Clock
) -> None:
    job = await add(database, clock, kind="long")
    worker = make_worker({"long": until_cancelled, "count": count})
    running = asyncio.create_task(worker.run())
    while (await stored(database, job)).state != JobState.RUNNING:
        await asyncio.sleep(0.005)
    worker.stop()
    await running
    given_back = await stored(database, job)
    assert (given_back.state, given_back.attempts, given_back.owner) == (JobState.QUEUED, 0, None)


async def test_stopped_worker_lets_a_short_job_end(
    make_worker: MakeWorker, database: Database, clock: Clock
) -> None:
    started = asyncio.Event()

    async def short(running: Running) -> Mapping[str, Any]:
        started.set()
        await asyncio.sleep(0.02)
        return {"ended": True}

    job = await add(database, clock, kind="short")
    worker = make_worker({"short": short}, grace_seconds=5.0)
    running = asyncio.create_task(worker.run())
    await started.wait()
    worker.stop()
    await running
    assert (await stored(database, job)).result == {"ended": True}


async def test_short_jobs_are_done_while_a_long_one_has_its_own_lane(
    make_worker: MakeWorker, database: Database, clock: Clock
) -> None:
    long, short = await add(database, clock, kind="long"), await add(database, clock)
    handlers = {"long": until_cancelled, "count": count}
    worker = make_worker(handlers, lanes=[{"long"}])
    running = asyncio.create_task(worker.run())
    while (await stored(database, short)).state != JobState.DONE:
        await asyncio.sleep(0.005)
    assert (await stored(database, long)).state == JobState.RUNNING
    worker.stop()
    await running


async def test_two_jobs_of_one_lane_wait_for_each_other(
    make_worker: MakeWorker, database: Database, clock: Clock
) -> None:
    first = await add(database, clock, kind="long")
    second = await add(database, clock, kind="long")
    worker = make_worker({"long": until_cancelled, "count": count}, lanes=[{"long"}])
    running = asyncio.create_task(worker.run())
    counted = await add(database, clock)
    while (await stored(database, counted)).state != JobState.DONE:
        await asyncio.sleep(0.005)
    while (await stored(database, first)).state != JobState.RUNNING:
        await asyncio.sleep(0.005)
    assert (await stored(database, second)).state == JobState.QUEUED
    worker.stop()
    await running


async def test_postponed_job_waits_and_no_attempt_is_counted(
    make_worker: MakeWorker, database: Database, clock: Clock
) -> None:
    async def wait(running: Running) -> Mapping[str, Any]:
        raise Postponed(running.now() + timedelta(minutes=10))

    job = await add(database, clock, kind="wait")
    worker = make_worker({"wait": wait})
    assert await worker.do_next_job()
    assert not await worker.do_next_job()
    waiting = await stored(database, job)
    assert (waiting.state, waiting.attempts) == (JobState.QUEUED, 0)
    clock.advance(minutes=10)
    assert await worker.do_next_job()


async def test_handler_hears_that_the_worker_stops_and_leaves_its_work_in_order(
    make_worker: MakeWorker, database: Database, clock: Clock
) -> None:
    async def orderly(running: Running) -> Mapping[str, Any]:
        await running.stopping.wait()
        raise Postponed(running.now())

    job = await add(database, clock, kind="orderly")
    worker = make_worker({"orderly": orderly}, grace_seconds=60.0)
    running = asyncio.create_task(worker.run())
    while (await stored(database, job)).state != JobState.RUNNING:
        await asyncio.sleep(0.005)
    worker.stop()
    await running
    assert (await stored(database, job)).state == JobState.QUEUED


async def test_job_that_makes_progress_survives_any_number_of_dead_workers(
    make_worker: MakeWorker, database: Database, clock: Clock
) -> None:
    async def advancing(running: Running) -> Mapping[str, Any]:
        running.advance()
        running.report(step=running.job.attempts)
        await asyncio.Event().wait()
        return {}

    job = await add(database, clock, kind="long", max_attempts=2)
    for death in range(5):
        worker = make_worker({"long": advancing}, f"w{death}", lease=timedelta(seconds=0.04))
        doing = asyncio.create_task(worker.do_next_job())
        async with asyncio.timeout(60):
            while not has_advanced(await stored(database, job), f"w{death}"):
                await asyncio.sleep(0.005)
        doing.cancel()
        await asyncio.gather(doing, return_exceptions=True)
        clock.advance(minutes=5)
        await worker.make_due_jobs()
    assert (await stored(database, job)).state == JobState.RUNNING


def has_advanced(job: Job, owner: str) -> bool:
    return job.owner == owner and bool(job.progress) and job.attempts == 1


async def test_end_without_a_handler_is_told_once(
    make_worker: MakeWorker, database: Database, clock: Clock
) -> None:
    told: list[tuple[str, str]] = []

    async def note(session: Any, job: Job, now: Any) -> None:
        told.append((job.kind, job.state))

    async def refuse(running: Running) -> Mapping[str, Any]:
        raise JobFailed("The file holds no questions.")

    await add(database, clock, kind="refuse")
    lost = await add(database, clock, kind="lost")
    async with database.write() as session:
        taken = {"owner": "dead", "kinds": ["lost"], "now": clock()}
        await jobs.take_job(session, lease_until=clock() + timedelta(seconds=60), **taken)
        await jobs.request_cancel(session, lost.id, clock())
    handlers = {"refuse": refuse, "lost": count}
    worker = make_worker(handlers, on_end={"refuse": note, "lost": note})
    await worker.do_next_job()
    await worker.make_due_jobs()
    assert told == [("refuse", JobState.FAILED)]
    clock.advance(minutes=2)
    await worker.make_due_jobs()
    await worker.make_due_jobs()
    assert told == [("refuse", JobState.FAILED), ("lost", JobState.CANCELLED)]


async def test_what_is_due_becomes_one_job_though_two_workers_look(
    make_worker: MakeWorker, database: Database, clock: Clock
) -> None:
    async with database.write() as session:
        await schedules.put_schedule(
            session,
            name="s",
            kind="count",
            due_at=clock(),
            now=clock(),
            payload={"n": 3},
            rule={"every_hours": 1},
        )
    await asyncio.gather(make_worker({}, "a").make_due_jobs(), make_worker({}, "b").make_due_jobs())
    async with database.read() as session:
        assert len(await jobs.list_jobs(session, kind="count")) == 1
        schedule = await schedules.schedule_by_name(session, "s")
    assert schedule is not None
    assert schedule.due_at == clock() + timedelta(hours=1)


async def test_schedule_of_a_job_that_still_runs_adds_no_second_one(
    make_worker: MakeWorker, database: Database, clock: Clock
) -> None:
    async with database.write() as session:
        await put_standing_schedules(session, clock())
        await put_standing_schedules(session, clock())
    worker = make_worker({})
    for _ in range(3):
        clock.advance(days=8)
        await worker.make_due_jobs()
    async with database.read() as session:
        found = await jobs.list_jobs(session, unfinished=True)
    assert sorted(job.kind for job in found) == sorted(s.kind for s in STANDING)


async def test_missed_times_are_caught_up_once_and_in_rhythm(
    database: Database, clock: Clock
) -> None:
    async with database.write() as session:
        schedule = await schedules.put_schedule(
            session,
            name="s",
            kind="count",
            due_at=clock(),
            now=clock(),
            rule={"every_hours": 24},
        )
    assert next_due(schedule, clock() + timedelta(days=9, hours=5)) == clock() + timedelta(days=10)


def test_settings_come_from_whoever_starts_the_worker() -> None:
    with pytest.raises(StartedByHand, match="daoshi worker"):
        from_environment({})
