"""Memory: training beside the engine where both fit, else in its place from a chosen time on."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.doubles.clock import Clock
from tests.doubles.fake_engine import FakeEngine
from training.runs.failure import NO_MEMORY_BESIDE
from training.runs.folder import RunFolder
from training.runs.room import GIGABYTE, Need, Room, room_for
from training.settings import WorkerSettings
from training.worker import Worker
from tutor.engine import pause
from tutor.engine.contract import Health
from tutor.tuning.stage import Stage

Start = Callable[..., Awaitable[Any]]
MakeWorker = Callable[..., Worker]
NEED = Need(seconds=60, peak_bytes=2 * GIGABYTE, disk_bytes=0, steps=1, tokens=1)


def test_room_is_beside_instead_or_none() -> None:
    assert room_for(NEED, 3 * GIGABYTE, GIGABYTE) is Room.BESIDE
    assert room_for(NEED, 2 * GIGABYTE, GIGABYTE) is Room.INSTEAD
    assert room_for(NEED, GIGABYTE, GIGABYTE) is Room.NONE


def test_on_a_gpu_its_own_memory_decides() -> None:
    gpu = replace(
        NEED, device="cuda:0", device_free_bytes=GIGABYTE, device_total_bytes=8 * GIGABYTE
    )
    assert room_for(gpu, 64 * GIGABYTE, GIGABYTE) is Room.INSTEAD


class LoadedEngine(FakeEngine):
    """One that holds two gigabytes."""

    async def health(self) -> Health:
        return Health(ready=True, detail="", resident_bytes=2 * GIGABYTE)


async def large(folder: RunFolder) -> Need:
    return NEED


SMALL_MACHINE: dict[str, Any] = {
    "measure": large,
    "engine": lambda settings: LoadedEngine(),
    "free_memory_bytes": lambda: GIGABYTE,
}


async def test_without_a_chosen_time_the_run_waits_for_memory_and_says_so(
    start: Start, make_worker: MakeWorker, look: Any, settings: WorkerSettings
) -> None:
    run = await start()
    await make_worker(**SMALL_MACHINE).do_next_job()
    waiting = await look.run(run)
    assert waiting.stage == Stage.QUEUED
    assert waiting.progress["waiting"]["message"] == NO_MEMORY_BESIDE
    assert look.starts(run) == []
    assert not paused_file(settings).exists()


async def test_from_a_chosen_time_on_the_engine_pauses_while_the_trainer_works(
    start: Start, make_worker: MakeWorker, look: Any, settings: WorkerSettings, clock: Clock
) -> None:
    clock.moment = datetime.now(UTC)
    run = await start(not_before=clock() + timedelta(hours=1))
    seen = []

    def free_disk(path: Path) -> int:
        seen.append(pause.standing(settings.data_dir, clock()))
        return 4 * GIGABYTE

    worker = make_worker(**SMALL_MACHINE, free_disk_bytes=free_disk)
    assert not await worker.do_next_job()
    clock.advance(hours=1)
    assert await worker.do_next_job()
    first, *during = seen
    assert first is None
    assert during and all(one is not None and one.owner == run.id for one in during)
    assert during[0].until > clock()
    assert (await look.run(run)).stage == Stage.AWAITING_APPROVAL
    assert pause.standing(settings.data_dir, clock()) is None


@pytest.mark.parametrize("how", [{"gives_up_at": 2}, {"dies_at": 3}])
async def test_pause_ends_with_the_trainer_however_that_ends(
    start: Start,
    make_worker: MakeWorker,
    look: Any,
    settings: WorkerSettings,
    clock: Clock,
    how: dict[str, int],
) -> None:
    run = await start(not_before=clock(), **how)
    await make_worker(**SMALL_MACHINE).do_next_job()
    assert look.starts(run) == [0]
    assert not paused_file(settings).exists()


def test_pause_of_somebody_who_died_ends_by_itself(tmp_path: Path, clock: Clock) -> None:
    pause.pause(tmp_path, "r1", clock() + timedelta(hours=2), clock())
    assert pause.standing(tmp_path, clock()) is not None
    clock.advance(seconds=31)
    assert pause.standing(tmp_path, clock()) is None


def test_pause_of_another_owner_is_not_lifted(tmp_path: Path, clock: Clock) -> None:
    pause.pause(tmp_path, "r1", clock() + timedelta(hours=2), clock())
    pause.lift(tmp_path, "r2")
    assert pause.standing(tmp_path, clock()) is not None


def test_damaged_pause_keeps_nobody_away(tmp_path: Path, clock: Clock) -> None:
    pause.pause(tmp_path, "r1", clock() + timedelta(hours=2), clock())
    (tmp_path / "engine" / "pause.json").write_text("{")
    assert pause.standing(tmp_path, clock()) is None


def paused_file(settings: WorkerSettings) -> Path:
    return settings.data_dir / "engine" / "pause.json"
