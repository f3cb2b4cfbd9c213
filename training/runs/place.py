"""A place to train: the device, space on the disk, and memory, if need be that of the engine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog

from training.runs.device_lock import DeviceBusy, DeviceLock
from training.runs.failure import (
    DEVICE_BUSY,
    DISK_FULL,
    ENGINE_STAYS,
    NO_DISK,
    NO_MEMORY,
    NO_MEMORY_BESIDE,
    RunFailed,
    RunWaits,
)
from training.runs.room import DISK_MARGIN_BYTES, Need, Room, fits_disk, gigabytes, room_for
from training.runs.work import Work
from tutor.engine import pause
from tutor.tuning.cluster import is_elsewhere

log = structlog.get_logger()

LEAVE_SECONDS = 90.0  # the engine finishes what it has begun, in 30 s at most
AFTERWARDS = timedelta(minutes=1)  # for the engine to load its model again


@dataclass
class Place:
    """What a training holds. `keep` prolongs the engine's pause while the training lives."""

    work: Work
    lock: DeviceLock
    paused: bool = False

    def keep(self, seconds_left: float) -> None:
        if self.paused:
            now = self.work.now()
            until = now + timedelta(seconds=seconds_left) + AFTERWARDS
            pause.pause(self.work.running.settings.data_dir, self.work.run.id, until, now)


@asynccontextmanager
async def place_for(work: Work, need: Need) -> AsyncIterator[Place]:
    """Takes a place and gives it back, whatever happens. Raises RunWaits or RunFailed."""
    data_dir = work.running.settings.data_dir
    lock = DeviceLock(data_dir, need.device)
    try:
        lock.take()
    except DeviceBusy as error:
        pace = work.tools.pace
        raise RunWaits(DEVICE_BUSY, timedelta(seconds=pace.retry_seconds)) from error
    place = Place(work, lock)
    try:
        _check_disk(work, need)
        if await _must_pause(work, need):
            place.paused = True
            await _make_room(place, need)
        yield place
    finally:
        pause.lift(data_dir, work.run.id)
        lock.release()


def disk_full(work: Work) -> RunWaits:
    """A run that has begun loses nothing: it goes on when there is space again."""
    return RunWaits(DISK_FULL, timedelta(seconds=work.tools.pace.memory_seconds))


def _check_disk(work: Work, need: Need) -> None:
    """Before the first step a lack is a mistake; later it is something to wait for."""
    free = work.tools.free_disk_bytes(work.folder.path)
    if not fits_disk(need, free):
        if work.folder.newest_checkpoint:
            raise disk_full(work)
        needed = gigabytes(need.disk_bytes + DISK_MARGIN_BYTES)
        raise RunFailed(NO_DISK, needed=needed, free=gigabytes(free))


async def _must_pause(work: Work, need: Need) -> bool:
    """Whether training needs the engine's memory too; raises where it has not, or may not."""
    if is_elsewhere(work.run.recipe.get("on")):
        return False
    standing = pause.standing(work.running.settings.data_dir, work.now())
    if standing is not None and standing.owner == work.run.id:
        return True  # the worker before us paused the engine, and died
    engine_bytes = await _engine_bytes(work)
    free = work.tools.free_memory_bytes()
    match room_for(need, free, engine_bytes):
        case Room.BESIDE:
            return False
        case Room.NONE:
            alone = need.device_total_bytes or free + engine_bytes
            raise RunFailed(NO_MEMORY, needed=gigabytes(need.peak_bytes), free=gigabytes(alone))
        case Room.INSTEAD:
            if work.run.not_before is None:
                pause_seconds = work.tools.pace.memory_seconds
                raise RunWaits(NO_MEMORY_BESIDE, timedelta(seconds=pause_seconds))
            return True


async def _engine_bytes(work: Work) -> int:
    """What the engine holds while it serves; it is started to find out. 0 for a remote one."""
    if work.running.settings.engine_url:
        return 0
    engine = work.tools.engine(work.running.settings)
    try:
        await engine.capabilities()  # its model is loaded then
        return (await engine.health()).resident_bytes or 0
    finally:
        await engine.close()


async def _make_room(place: Place, need: Need) -> None:
    """Pauses the engine and waits until it has left."""
    work = place.work
    log.info("engine_paused", run_id=work.run.id)
    tries = int(LEAVE_SECONDS / pause.LEASE.total_seconds() * 3)
    for _ in range(tries):
        place.keep(need.seconds)
        wait_seconds = LEAVE_SECONDS / tries
        if await asyncio.to_thread(
            pause.has_left, work.running.settings.data_dir, timeout_seconds=wait_seconds
        ):
            return
    raise RunWaits(ENGINE_STAYS, timedelta(seconds=work.tools.pace.retry_seconds))
