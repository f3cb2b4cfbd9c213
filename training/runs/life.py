"""The handler of a run's job: takes it from the stage in which it stands to one where it ends.

Every step can be repeated: row and folder say what is done. Whatever becomes of the worker, the
next one goes on from there.
"""

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any

import structlog

from storage import tuning_runs
from storage.jobs import Pulse
from training.runs.evaluating import evaluate
from training.runs.failure import ENGINE_GONE, RunFailed, RunWaits, as_record
from training.runs.folder import folder_of
from training.runs.patience import LONGEST_SILENCE, SILENCE, SilentForLong, wait_for_engine
from training.runs.preparing import prepare
from training.runs.tools import Tools
from training.runs.training_step import train
from training.runs.work import Overtaken, Work
from training.worker import JobFailed, Postponed, Running
from tutor.engine.contract import EngineBusy, EngineUnavailable
from tutor.tuning.stage import ACTIVE, Stage

log = structlog.get_logger()


async def tune(running: Running, tools: Tools | None = None) -> Mapping[str, Any]:
    """Goes through the stages; returns where the run ended."""
    work = await _taken_up(running, tools or Tools())
    try:
        while work.stage in ACTIVE:
            await _step_with_engine(work)
    except Overtaken:
        log.info("run_overtaken", run_id=work.run.id)
    except RunWaits as error:
        await _wait(work, error)
    except RunFailed as error:
        await work.fail_or_cancel(Stage.FAILED, error=as_record(error.reason))
        await asyncio.to_thread(work.folder.drop_working_files)
        raise JobFailed(str(error)) from error
    except asyncio.CancelledError:
        if running.pulse is Pulse.CANCEL:
            await _cancel(work)
        raise
    return {"stage": work.run.stage, "artifact_id": work.run.adapter_id}


async def _step_with_engine(work: Work) -> None:
    """The same, and patience with an engine that is asked and does not answer."""
    try:
        await _step(work)
    except (EngineUnavailable, EngineBusy) as error:
        try:
            raise wait_for_engine(error, work.run.progress, work.now(), answered=False) from error
        except SilentForLong:
            hours = round(LONGEST_SILENCE.total_seconds() / 3600)
            raise RunFailed(ENGINE_GONE, hours=hours) from error


async def _step(work: Work) -> None:
    """One stage, and on to the next."""
    match work.stage:
        case Stage.QUEUED if work.run.evaluates_id:
            await work.move(Stage.EVALUATING, progress={})
        case Stage.QUEUED:
            await work.move(Stage.PREPARING)
        case Stage.PREPARING:
            base = await prepare(work)
            await _note_base(work, base)
            await train(work)
            await work.move(Stage.EVALUATING)
        case Stage.TRAINING:
            await train(work)
            await work.move(Stage.EVALUATING)
        case Stage.EVALUATING:
            await evaluate(work)
        case other:
            raise AssertionError(other)


async def _taken_up(running: Running, tools: Tools) -> Work:
    run_id = running.job.payload["run_id"]
    async with running.database.read() as session:
        run = await tuning_runs.run_by_id(session, run_id)
    assert run is not None, run_id
    return Work(running, tools, run, folder_of(running.settings.data_dir, run_id))


async def _note_base(work: Work, base: Mapping[str, Any]) -> None:
    """What the run is trained on, on its row, while it goes on preparing."""
    if dict(work.run.base) != dict(base):
        await work.move(Stage.PREPARING, base=dict(base))


async def _wait(work: Work, error: RunWaits) -> None:
    """Back to the queue, with the sentence that says for what it waits. What is trained stays
    so: a comparison is not begun anew."""
    known = {key: value for key, value in work.run.progress.items() if key != SILENCE}
    progress = {**known, **error.noted, "waiting": as_record(error.reason)}
    stage = Stage.EVALUATING if work.stage is Stage.EVALUATING else Stage.QUEUED
    try:
        await work.move(stage, progress=progress)
    except Overtaken:
        log.info("run_overtaken", run_id=work.run.id)
        return
    raise Postponed(work.now() + error.pause)


async def _cancel(work: Work) -> None:
    """The trainer has ended by now; nothing of it is kept."""
    try:
        await work.fail_or_cancel(Stage.CANCELLED)
    except Overtaken:
        log.info("run_overtaken", run_id=work.run.id)
    await asyncio.to_thread(work.folder.remove)


def tuning(tools: Tools) -> partial[Any]:
    """The handler with other tools, for tests."""
    return partial(tune, tools=tools)
