"""The comparison of an adapter through the engine that serves, as long as the engine answers."""

import time
from dataclasses import dataclass
from typing import Any

import structlog

from storage import tuning_runs
from storage.blobs import BlobDamaged, BlobMissing, BlobStore
from storage.datasets import DatasetVersion
from training.datasets.example import Example
from training.gate.failure import AdapterNotTaken, QuestionFails
from training.runs.failure import (
    DATA_GONE,
    NOT_COMPARED,
    NOT_TAKEN,
    QUESTION_FAILS,
    NotCompared,
    RunFailed,
    RunWaits,
)
from training.runs.patience import LONGEST_SILENCE, SilentForLong, heard, wait_for_engine
from training.runs.tools import Examples, Tools, Verdict
from training.runs.work import Work
from tutor.engine.contract import Engine, EngineError
from tutor.tuning.stage import Stage

log = structlog.get_logger()


async def examples_of(tools: Tools, blobs: BlobStore, version: DatasetVersion) -> Examples:
    """Training and held-out examples; raises RunFailed."""
    try:
        return await tools.load(blobs, version)
    except (BlobMissing, BlobDamaged) as error:
        raise RunFailed(DATA_GONE) from error


async def compared(work: Work, version: DatasetVersion) -> dict[str, Any]:
    """Raises EngineAway, with all results so far on disk, and NotCompared."""
    _, held_out = await examples_of(work.tools, work.running.blobs, version)
    engine, checking = work.tools.engine(work.running.settings), Checking(work)
    try:
        verdict = await _asked(work, engine, held_out, checking)
    except EngineError as error:
        log.warning("gate_waits_for_engine", run_id=work.run.id, error=str(error))
        raise _patience(work, error, answered=checking.answered > 0) from error
    except QuestionFails as error:
        log.exception("gate_question_fails", run_id=work.run.id)
        raise NotCompared(QUESTION_FAILS) from error
    except AdapterNotTaken as error:
        log.exception("gate_adapter_not_taken", run_id=work.run.id)
        raise NotCompared(NOT_TAKEN) from error
    finally:
        await engine.close()
    return {**verdict.to_json(), "passed": verdict.passed}


async def _asked(
    work: Work, engine: Engine, held_out: list[Example], checking: "Checking"
) -> Verdict:
    running, tools = work.running, work.tools
    await tools.note_present(running.database, running.blobs, engine, work.run, work.folder)
    return await tools.evaluate(engine, work.run, work.folder, held_out, checking.note)


def _patience(work: Work, error: EngineError, *, answered: bool) -> RunWaits | NotCompared:
    """What follows from an engine that does not answer: another try, or the end of it."""
    try:
        return wait_for_engine(error, work.run.progress, work.now(), answered=answered)
    except SilentForLong:
        return NotCompared(NOT_COMPARED, hours=round(LONGEST_SILENCE.total_seconds() / 3600))


@dataclass
class Checking:
    """Shows how far the comparison is, and ends it once somebody has withdrawn. What was known
    before is only counted: `answered` is what the engine said since."""

    work: Work
    answered: int = 0
    _shown: float = -1e9

    async def note(self, done: int, of: int, answered: int) -> None:
        first = answered > 0 and self.answered == 0
        self.answered = answered
        soon = time.monotonic() - self._shown < self.work.tools.pace.look_seconds
        if not answered or (soon and not first):
            return
        self._shown = time.monotonic()
        work = self.work
        progress = {**heard(work.run.progress), "checked": done, "checks": of}
        work.running.report(stage=Stage.EVALUATING.value, checked=done, checks=of)
        async with work.running.database.write() as session:
            await work.version(session)
            await tuning_runs.set_progress(session, work.run.id, progress, work.now())
            await work.refresh(session)
