"""What happens to a training when something dies, is damaged, fills up or is taken back."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress
from functools import partial

from sqlalchemy import update

from benchmarks.stage.trainings import FINISHED, Scene, ended, has_passed, now, stands_in
from storage.models import DatasetVersionRow
from storage.tuning_runs import TuningRun
from tutor.engine import pause
from tutor.engine.client import LocalEngine
from tutor.engine.contract import EnginePaused, Message, TextRequest
from tutor.tuning.runs import cancel_run
from tutor.tuning.stage import Stage

Worker = subprocess.Popen[bytes]
BACK_SECONDS = 60.0
DISK_BYTES = 700 << 20
STAGES = (Stage.PREPARING, Stage.TRAINING, Stage.EVALUATING)


async def worker_killed_at_each_stage(here: Scene) -> str:
    run = await here.start("killed")
    for stage in STAGES:
        worker = here.work()
        await here.until(run, partial(stands_in, stage))
        here.kill(worker)
        await here.end_lease(run)
    here.work()
    found = await here.until(run, ended)
    assert found.stage in FINISHED, found
    assert await here.whole_adapters("killed") == 1
    return f"killed at {len(STAGES)} stages"


async def damaged_checkpoint_is_passed_by(here: Scene) -> str:
    run = await here.start("damaged", epochs=20.0)
    checkpoints = here.folder / "tuning" / run.id / "checkpoints"
    for rounds in (1, 2):  # a worker that is asked to stop leaves a checkpoint
        begun = int((await here.run(run)).progress.get("step") or 0)
        worker = here.work()
        await here.until(run, partial(has_passed, begun + 1))
        here.kill(worker, signal.SIGTERM)
        assert len(list(checkpoints.glob("step-*[0-9]"))) == rounds
    newest = max(checkpoints.glob("step-*[0-9]"))
    (newest / "tensors.safetensors").write_bytes(b"not what it was")
    here.work()
    found = await here.until(run, ended)
    assert found.stage in FINISHED, found
    log = (here.folder / "tuning" / run.id / "trainer.log").read_text(encoding="utf-8")
    assert "is damaged" in log, "the damaged checkpoint was not looked at"
    assert await here.whole_adapters("damaged") == 1
    return "a damaged checkpoint passed by"


async def two_workers_do_one_job_once(here: Scene) -> str:
    for _ in range(2):
        here.work()
    run = await here.start("shared")
    found = await here.until(run, ended)
    assert found.stage in FINISHED, found
    assert await here.whole_adapters("shared") == 1
    return "two workers, one adapter"


async def full_disk_is_waited_for(here: Scene) -> str:
    """A tmpfs of its own holds the runs; it is filled while the trainer works."""
    tuning = here.folder / "tuning"
    tuning.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(tuning)]
    if os.geteuid() != 0 or not did(mount):
        return "NO small disk could be mounted here"
    filler = tuning / "filler"
    try:
        here.work()
        run = await here.start("full", epochs=30.0)
        await here.until(run, lambda found: bool(found.progress.get("step")))
        with suppress(OSError), filler.open("wb") as file:
            while file.write(b"\0" * (1 << 20)):
                pass
        waiting = await here.until(run, lambda found: "waiting" in found.progress or ended(found))
        assert waiting.stage == Stage.QUEUED, waiting
        filler.unlink()
        await here.end_lease(run)
        found = await here.until(run, ended)
        assert found.stage in FINISHED, found
        assert await here.whole_adapters("full") == 1
    finally:
        did(["umount", "-l", str(tuning)])
    return "a full disk (tmpfs) waited for"


async def withdrawn_consent_ends_the_training(here: Scene) -> str:
    here.work()
    run = await here.start("withdrawn", epochs=60.0)
    await here.until(run, lambda found: bool(found.progress.get("step")))
    async with here.database.write() as session:
        version = DatasetVersionRow.id == here.version_id
        await session.execute(update(DatasetVersionRow).where(version).values(withdrawn_at=now()))
    found = await here.until(run, ended)
    assert found.stage == Stage.FAILED and "consent" in (found.error or {})["message"], found
    assert await here.whole_adapters("withdrawn") == 0
    return "withdrawn consent ends a training"


async def cancelled_training_gives_the_engine_back(here: Scene) -> str:
    """From the press of Stop to a served reply."""

    async def cancel(run: TuningRun, worker: Worker) -> None:
        async with here.database.write() as session:
            await cancel_run(session, run.id, now())

    run, seconds = await _seconds_without_engine(here, cancel)
    found = await here.until(run, lambda found: found.stage == Stage.CANCELLED)
    assert not (here.folder / "tuning" / found.id).exists(), "the trainer's folder is left"
    return f"{seconds:.1f} s from the cancellation to a served reply"


async def killed_worker_gives_the_engine_back(here: Scene) -> str:
    """Nobody is left to lift the pause: it runs out."""

    async def kill(run: TuningRun, worker: Worker) -> None:
        here.kill(worker)

    _, seconds = await _seconds_without_engine(here, kill)
    return f"{seconds:.1f} s from the kill to a served reply"


async def _seconds_without_engine(
    here: Scene, end: Callable[[TuningRun, Worker], Awaitable[None]]
) -> tuple[TuningRun, float]:
    """How long a reply takes after `end`. The machine seems to hold engine or trainer, not both."""
    engine = LocalEngine(here.folder, str(here.model), idle_seconds=0.2)
    try:
        await engine.capabilities()
        worker = here.work(module="benchmarks.stage.crowded_worker")
        run = await here.start("paused", epochs=400.0, not_before=now())
        await here.until(run, lambda found: bool(found.progress.get("step")))
        assert pause.standing(here.folder) is not None, "the engine was not paused"
        assert not await _answers(engine), "the engine answered during its pause"
        began = time.monotonic()
        await end(run, worker)
        while not await _answers(engine):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.2)
        seconds = time.monotonic() - began
    finally:
        await engine.close()
    assert seconds < BACK_SECONDS, f"{seconds:.0f} s until the engine answered"
    return run, seconds


async def _answers(engine: LocalEngine) -> bool:
    """Whether it serves a reply; False during a pause."""
    asked = TextRequest(messages=(Message("user", "2+2?"),), max_tokens=4)
    try:
        async with aclosing(engine.stream(asked)) as deltas:
            async for _ in deltas:
                pass
    except EnginePaused:
        return False
    return True


def did(command: list[str]) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0
