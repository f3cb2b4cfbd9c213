"""The long step: the trainer as a child process, looked after until it ends."""

import time
from dataclasses import dataclass, field

import structlog

from storage import tuning_runs
from storage.database import StorageUnavailable
from storage.jobs import Pulse
from training.failure import NO_SPACE
from training.runs.card_progress import CardProgress
from training.runs.child import CHECKPOINT_SECONDS, DONE, INTERRUPTED, SENTENCE, Child
from training.runs.craft import craft_of
from training.runs.failure import TrainerDied
from training.runs.measuring import failure_in
from training.runs.place import Place, disk_full, place_for
from training.runs.preparing import need_of
from training.runs.room import LEAST_DISK_BYTES
from training.runs.work import Work
from training.worker import Postponed
from tutor.tuning.stage import Stage

log = structlog.get_logger()

CANCEL_SECONDS = 5.0  # what a cancelled trainer gets: nobody wants its checkpoint


async def train(work: Work) -> None:
    """Returns when the adapter lies in the folder; goes on from the last checkpoint.

    Raises RunWaits (also where the disk filled up), RunFailed, TrainerDied, or Postponed when the
    worker ends.
    """
    need = need_of(work)
    async with place_for(work, need) as place:
        if work.stage is Stage.PREPARING:
            await work.move(Stage.TRAINING, progress={})
        work.folder.failure_file.unlink(missing_ok=True)
        code = await _run_trainer(work, Watch(work, place, need.seconds))
    if code == SENTENCE:
        failed = failure_in(work.folder)
        raise disk_full(work) if failed.reason.message == NO_SPACE else failed
    if code == INTERRUPTED:
        raise Postponed(work.now())
    if code != DONE:
        _check_space(work)
        raise TrainerDied(f"the trainer ended with code {code}; see {work.folder.log_file}")


async def _run_trainer(work: Work, watch: "Watch") -> int:
    """Its exit code. However this ends, no trainer is left behind."""
    child = await Child.start(
        (craft_of(work).trainer, str(work.folder.path)),
        log_file=work.folder.log_file,
        on_line=watch.progress.take,
        inherited=watch.place.lock.inherited,
    )
    try:
        while (code := await child.wait(work.tools.pace.tick_seconds)) is None:
            if work.running.stopping.is_set():
                await child.stop()
                raise Postponed(work.now())
            await watch.look()
        await watch.look(last=True)
        return code
    finally:
        await child.stop(_patience(work))


def _patience(work: Work) -> float:
    """Seconds for a last checkpoint: none where another worker has the job already."""
    by_pulse = {Pulse.LOST: 0.0, Pulse.CANCEL: CANCEL_SECONDS}
    return by_pulse.get(work.running.pulse, CHECKPOINT_SECONDS)


def _check_space(work: Work) -> None:
    if work.tools.free_disk_bytes(work.folder.path) < LEAST_DISK_BYTES:
        raise disk_full(work)


@dataclass
class Watch:
    """What is done again and again while the trainer works, each in its own rhythm."""

    work: Work
    place: Place
    expected_seconds: float
    progress: CardProgress = field(init=False)
    _written: float = -1e9
    _looked: float = -1e9
    _checkpoint: str = field(init=False)

    def __post_init__(self) -> None:
        self.progress = CardProgress.from_record(self.work.run.progress)
        self._checkpoint = self.work.folder.newest_checkpoint

    async def look(self, *, last: bool = False) -> None:
        """Writes progress, keeps the pause, and raises when the run must not go on."""
        pace, now = self.work.tools.pace, time.monotonic()
        self._note_checkpoint()
        try:
            if last or now - self._written >= pace.progress_seconds:
                self._written = now
                await self._write()
            if last or now - self._looked >= pace.look_seconds:
                self._looked = now
                await self._check()
        except StorageUnavailable as error:
            log.warning("progress_not_stored", run_id=self.work.run.id, error=str(error))

    def _note_checkpoint(self) -> None:
        """A new checkpoint is a point that the run never falls back behind."""
        newest = self.work.folder.newest_checkpoint
        if newest > self._checkpoint:
            self._checkpoint = newest
            self.work.running.advance()

    async def _write(self) -> None:
        record, work = self.progress.record(), self.work
        if record == work.run.progress:
            return
        figures = {name: record[name] for name in ("step", "steps") if name in record}
        work.running.report(stage=Stage.TRAINING.value, **figures)
        async with work.running.database.write() as session:
            await tuning_runs.set_progress(session, work.run.id, record, work.now())

    async def _check(self) -> None:
        _check_space(self.work)
        self.place.keep(self.progress.figures.get("seconds_left", self.expected_seconds))
        async with self.work.running.database.write() as session:
            await self.work.version(session)
            await self.work.refresh(session)
