"""The life of a run: every stage once, whatever dies or is taken back in between."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from storage import artifacts, datasets, jobs
from storage.blobs import BlobStore
from storage.database import Database
from storage.jobs import JobState
from storage.learners import recognise
from storage.models import DatasetContributionRow
from tests.doubles.clock import Clock
from tests.doubles.fake_trainer import WEIGHTS
from training.runs.device_lock import DeviceLock
from training.runs.failure import (
    DEVICE_BUSY,
    DISK_FULL,
    NO_DISK,
    NO_MEMORY,
    NOT_ALLOWED,
    WITHDRAWN,
)
from training.runs.room import GIGABYTE
from training.settings import WorkerSettings
from training.worker import Worker
from tutor.tuning.runs import cancel_run
from tutor.tuning.stage import Stage

Start = Callable[..., Awaitable[Any]]
MakeWorker = Callable[..., Worker]


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(60):
        while not await condition():
            await asyncio.sleep(0.01)


async def test_run_ends_as_an_adapter_that_waits_for_approval(
    start: Start, make_worker: MakeWorker, look: Any, database: Database, blobs: BlobStore
) -> None:
    run = await start()
    assert await make_worker().do_next_job()
    ended = await look.run(run)
    assert (ended.stage, ended.finished_at) == (Stage.AWAITING_APPROVAL, None)
    assert [point[0] for point in ended.progress["losses"]] == [1, 2, 3, 4]
    async with database.read() as session:
        artifact = await artifacts.artifact_by_id(session, ended.artifact_id)
    assert artifact is not None
    assert await blobs.get(artifact.blob_hash) == WEIGHTS
    assert artifact.card["metrics"] == {"loss": 0.5}
    assert artifact.card["phrases"] == ["hint"]
    assert (await look.job(run)).result == {"stage": ended.stage, "artifact_id": artifact.id}
    assert not (look.folder(run) / "checkpoints").exists()


async def test_adapter_that_does_not_pass_is_kept_and_rejected(
    start: Start, make_worker: MakeWorker, look: Any
) -> None:
    async def worse(*_arguments: Any) -> Any:
        from tests.training.runs.conftest import FakeVerdict

        return FakeVerdict(passed=False)

    run = await start()
    await make_worker(evaluate=worse).do_next_job()
    ended = await look.run(run)
    assert ended.stage == Stage.REJECTED
    assert ended.artifact_id is not None
    assert ended.finished_at is not None


async def test_sentence_of_the_trainer_reaches_the_run(
    start: Start, make_worker: MakeWorker, look: Any
) -> None:
    run = await start(gives_up_at=2)
    await make_worker().do_next_job()
    ended = await look.run(run)
    assert ended.stage == Stage.FAILED
    assert ended.error == {"message": "All {count} rows are too long.", "fields": {"count": 3}}
    assert (await look.job(run)).state == JobState.FAILED


async def test_dead_trainer_goes_on_from_its_checkpoint(
    start: Start, make_worker: MakeWorker, look: Any, clock: Clock
) -> None:
    run = await start(dies_at=3)
    worker = make_worker()
    await worker.do_next_job()
    assert (await look.run(run)).stage == Stage.TRAINING
    clock.advance(hours=1)
    await worker.do_next_job()
    assert (await look.run(run)).stage == Stage.AWAITING_APPROVAL
    assert look.starts(run) == [0, 2]


async def test_run_whose_trainer_always_dies_fails_with_a_sentence(
    start: Start, make_worker: MakeWorker, look: Any, clock: Clock
) -> None:
    run = await start()
    worker = make_worker(trainer="tests.doubles.no_such_trainer")
    for _ in range(3):
        assert await worker.do_next_job()
        clock.advance(hours=1)
    assert not await worker.do_next_job()
    ended = await look.run(run)
    assert ended.stage == Stage.FAILED
    assert "trainer.log" in ended.error["fields"]["file"]


async def test_workers_killed_at_every_stage_do_not_use_up_the_attempts(
    start: Start, make_worker: MakeWorker, look: Any, database: Database, clock: Clock
) -> None:
    async def hang(*_arguments: Any) -> Any:
        await asyncio.Event().wait()

    run = await start(steps=1000, seconds_a_step=0.05)
    for stage, tools in ((Stage.PREPARING, {"measure": hang}), (Stage.TRAINING, {})):
        doing = asyncio.create_task(make_worker(f"dies in {stage}", **tools).do_next_job())

        async def stands(stage: Stage = stage) -> bool:
            return (await look.run(run)).stage == stage

        await until(stands)
        assert (await look.job(run)).attempts == 1
        doing.cancel()
        await asyncio.gather(doing, return_exceptions=True)
        clock.advance(minutes=5)


async def test_cancelled_training_ends_and_leaves_nothing(
    start: Start, make_worker: MakeWorker, look: Any, database: Database, clock: Clock
) -> None:
    run = await start(steps=1000, seconds_a_step=0.02)
    doing = asyncio.create_task(make_worker(lease=timedelta(seconds=0.2)).do_next_job())

    async def trains() -> bool:
        return bool((await look.run(run)).progress.get("step"))

    await until(trains)
    async with database.write() as session:
        await cancel_run(session, run.id, clock())
    await doing
    assert (await look.run(run)).stage == Stage.CANCELLED
    assert (await look.job(run)).state == JobState.CANCELLED
    assert not look.folder(run).exists()


async def test_waiting_run_is_cancelled_at_once(
    start: Start, make_worker: MakeWorker, look: Any, database: Database, clock: Clock
) -> None:
    run = await start()
    async with database.write() as session:
        assert (await cancel_run(session, run.id, clock())).stage == Stage.CANCELLED
    assert not await make_worker().do_next_job()


async def test_stopped_worker_gives_the_run_back_with_a_checkpoint(
    start: Start, make_worker: MakeWorker, look: Any
) -> None:
    run = await start(steps=60, seconds_a_step=0.05)
    worker = make_worker()
    working = asyncio.create_task(worker.run())

    async def trains() -> bool:
        return bool((await look.run(run)).progress.get("step"))

    await until(trains)
    worker.stop()
    await working
    job = await look.job(run)
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)
    await make_worker("b").do_next_job()
    assert (await look.run(run)).stage == Stage.AWAITING_APPROVAL
    first, second = look.starts(run)
    assert 0 == first < second


async def test_killed_evaluation_is_done_again_and_the_adapter_registered_once(
    start: Start, make_worker: MakeWorker, look: Any, database: Database, clock: Clock
) -> None:
    asked = []

    async def hang(*_arguments: Any) -> Any:
        asked.append(1)
        await asyncio.Event().wait()

    run = await start()
    doing = asyncio.create_task(make_worker("dead", evaluate=hang).do_next_job())
    async with asyncio.timeout(60):
        while not asked:
            await asyncio.sleep(0.01)
    doing.cancel()
    await asyncio.gather(doing, return_exceptions=True)
    assert (await look.run(run)).stage == Stage.EVALUATING
    clock.advance(minutes=5)
    await make_worker("b").do_next_job()
    assert (await look.run(run)).stage == Stage.AWAITING_APPROVAL
    assert look.starts(run) == [0]
    async with database.read() as session:
        assert len(await artifacts.artifacts(session, "text_adapter")) == 1


async def test_withdrawn_consent_stops_the_training_and_nothing_is_registered(
    start: Start, make_worker: MakeWorker, look: Any, database: Database, clock: Clock
) -> None:
    run = await start(steps=1000, seconds_a_step=0.02)
    doing = asyncio.create_task(make_worker().do_next_job())

    async def trains() -> bool:
        return bool((await look.run(run)).progress.get("step"))

    await until(trains)
    await withdraw(database, run.version_id, clock)
    await doing
    ended = await look.run(run)
    assert (ended.stage, ended.error) == (Stage.FAILED, {"message": WITHDRAWN, "fields": {}})
    async with database.read() as session:
        assert await artifacts.artifacts(session, "text_adapter") == []


async def test_nothing_is_trained_on_whoever_may_not_be_trained_on_any_more(
    start: Start, make_worker: MakeWorker, look: Any, database: Database, clock: Clock
) -> None:
    run = await start()
    async with database.write() as session:
        author = await recognise(
            session,
            platform="discord",
            workspace="",
            user_id="7",
            display_name="Wen",
            locale=None,
            now=clock(),
        )
        row = {"version_id": run.version_id, "learner_id": author.id, "examples": 3}
        await session.execute(insert(DatasetContributionRow), [row])
    await make_worker().do_next_job()
    ended = await look.run(run)
    assert (ended.stage, ended.error) == (Stage.FAILED, {"message": NOT_ALLOWED, "fields": {}})
    assert look.starts(run) == []


async def test_consent_withdrawn_during_the_comparison_is_respected(
    start: Start, make_worker: MakeWorker, look: Any, database: Database, clock: Clock
) -> None:
    run = await start()

    async def meanwhile(*_arguments: Any) -> Any:
        from tests.training.runs.conftest import FakeVerdict

        await withdraw(database, run.version_id, clock)
        return FakeVerdict()

    await make_worker(evaluate=meanwhile).do_next_job()
    assert (await look.run(run)).stage == Stage.FAILED
    async with database.read() as session:
        assert await artifacts.artifacts(session, "text_adapter") == []


async def withdraw(database: Database, version_id: str, clock: Clock) -> None:
    from sqlalchemy import update

    from storage.models import DatasetVersionRow

    async with database.write() as session:
        here = DatasetVersionRow.id == version_id
        await session.execute(update(DatasetVersionRow).where(here).values(withdrawn_at=clock()))
        version = await datasets.version_by_id(session, version_id)
    assert version is not None and version.withdrawn_at is not None


async def test_second_training_on_a_device_waits_in_the_queue_and_says_why(
    start: Start, make_worker: MakeWorker, look: Any, settings: WorkerSettings, clock: Clock
) -> None:
    run = await start()
    other = DeviceLock(settings.data_dir, "cpu")
    other.take()
    worker = make_worker()
    assert await worker.do_next_job()
    waiting = await look.run(run)
    assert waiting.stage == Stage.QUEUED
    assert waiting.progress["waiting"]["message"] == DEVICE_BUSY
    assert not await worker.do_next_job()
    other.release()
    clock.advance(minutes=1)
    assert await worker.do_next_job()
    ended = await look.run(run)
    assert ended.stage == Stage.AWAITING_APPROVAL
    assert "waiting" not in ended.progress


@pytest.mark.parametrize(
    ("lack", "sentence"),
    [("free_disk_bytes", NO_DISK), ("free_memory_bytes", NO_MEMORY)],
)
async def test_lack_of_room_is_said_before_anything_is_trained(
    start: Start, make_worker: MakeWorker, look: Any, lack: str, sentence: str
) -> None:
    run = await start()
    await make_worker(**{lack: lambda *_path: 100 << 20}).do_next_job()
    ended = await look.run(run)
    assert ended.error["message"] == sentence
    assert ended.error["fields"]["free"] == "0.1"
    assert look.starts(run) == []


async def test_training_stopped_by_a_full_disk_says_so_and_goes_on_when_there_is_space(
    start: Start, make_worker: MakeWorker, look: Any, clock: Clock
) -> None:
    run = await start(steps=40, seconds_a_step=0.05)
    free = iter([4 * GIGABYTE, 3 * GIGABYTE, 3 * GIGABYTE])

    def filling(path: Any) -> int:
        begun = bool(look.starts(run)) and any((path / "checkpoints").glob("step-*"))
        return next(free, 0) if begun else 4 * GIGABYTE

    await make_worker(free_disk_bytes=filling).do_next_job()
    waiting = await look.run(run)
    assert waiting.stage == Stage.QUEUED
    assert waiting.progress["waiting"]["message"] == DISK_FULL
    clock.advance(hours=1)
    await make_worker().do_next_job()
    assert (await look.run(run)).stage == Stage.AWAITING_APPROVAL
    first, second = look.starts(run)
    assert first == 0 < second


async def test_lost_lease_ends_the_trainer_and_writes_nothing(
    start: Start, make_worker: MakeWorker, look: Any, database: Database, clock: Clock
) -> None:
    run = await start(steps=1000, seconds_a_step=0.02)
    doing = asyncio.create_task(make_worker("slow", lease=timedelta(seconds=0.2)).do_next_job())

    async def trains() -> bool:
        return bool((await look.run(run)).progress.get("step"))

    await until(trains)
    clock.advance(minutes=5)
    async with database.write() as session:
        later = clock() + timedelta(minutes=5)
        taken = await jobs.take_job(
            session, owner="other", kinds=["tune"], lease_until=later, now=clock()
        )
    assert taken is not None
    await doing
    assert (await look.run(run)).stage == Stage.TRAINING
    assert (await look.job(run)).owner == "other"


@pytest.mark.parametrize("step", ["measure", "evaluate"])
async def test_worker_that_is_stopped_while_it_measures_or_compares_ends_at_once(
    start: Start, make_worker: MakeWorker, look: Any, step: str
) -> None:
    begun = asyncio.Event()

    async def hang(*_arguments: Any) -> Any:
        begun.set()
        await asyncio.Event().wait()

    run = await start()
    worker = make_worker(grace_seconds=3600.0, **{step: hang})
    working = asyncio.create_task(worker.run())
    async with asyncio.timeout(60):
        await begun.wait()
        worker.stop()
        await working
    job = await look.job(run)
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)
    await make_worker("b").do_next_job()
    assert (await look.run(run)).stage == Stage.AWAITING_APPROVAL
