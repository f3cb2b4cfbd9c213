"""The last step: the gate's verdict, and the adapter as an artifact that can be promoted."""

import asyncio
import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from storage import tuning_runs
from storage.adapter_pointers import KIND
from storage.artifacts import add_artifact
from storage.blobs import BlobStore
from storage.datasets import DatasetVersion
from training.datasets.example import Example
from training.gate.failure import AdapterNotTaken, QuestionFails
from training.runs.failure import (
    NOT_COMPARED,
    NOT_TAKEN,
    QUESTION_FAILS,
    NotCompared,
    RunWaits,
    as_record,
)
from training.runs.patience import LONGEST_SILENCE, SilentForLong, heard, wait_for_engine
from training.runs.preparing import examples_of
from training.runs.reevaluating import lay_out, of_report, renew, stage_after
from training.runs.tools import Verdict
from training.runs.where import recipe_alone
from training.runs.work import Work
from training.worker import JobFailed
from tutor.adapters.package import MEDIA_TYPE
from tutor.engine.adapter_format import WEIGHTS
from tutor.engine.contract import Engine, EngineError
from tutor.tuning.stage import Stage

log = structlog.get_logger()


async def evaluate(work: Work) -> None:
    """Compares the adapter through the engine, unless that was done before a restart, and registers
    it. Consent is asked about again in the transaction that does so. An adapter that can't be
    compared is kept all the same: hours went into it.
    """
    async with work.running.database.read() as session:
        version = await work.version(session)
    again = work.run.evaluates_id is not None
    if again:
        await lay_out(work)
    try:
        report = await _report(work, version)
    except NotCompared as error:
        if again:
            raise
        await _register(work, version, None, error=as_record(error.reason))
        await asyncio.to_thread(work.folder.drop_working_files)
        raise JobFailed(str(error)) from error
    if again:
        await renew(work, report)
    else:
        await _register(work, version, report)
    await asyncio.to_thread(work.folder.drop_working_files)


async def _report(work: Work, version: DatasetVersion) -> dict[str, Any]:
    report = work.folder.read_json(work.folder.report_file)
    if report is None:
        report = await work.unless_stopped(_compared(work, version))
        work.folder.write_json(work.folder.report_file, report)
    return report


async def _compared(work: Work, version: DatasetVersion) -> dict[str, Any]:
    """Raises EngineAway, with all results so far on disk, and NotCompared."""
    _, held_out = await examples_of(work, version)
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


async def _register(
    work: Work, version: DatasetVersion, report: Mapping[str, Any] | None, **values: Any
) -> None:
    """One artifact a run: it comes into being in the step that leaves the stage."""
    card = await asyncio.to_thread(_card, work, version, report)
    work.folder.write_json(work.folder.adapter / "card.json", card)
    packed = await asyncio.to_thread(work.tools.pack, work.folder.adapter)
    blobs: BlobStore = work.running.blobs
    blob = await blobs.put(packed)
    async with work.running.database.write() as session:
        await work.version(session)
        artifact = await add_artifact(
            session,
            blob,
            kind=KIND,
            name=work.run.name,
            base_hash=card["base_hash"],
            card=card,
            media_type=MEDIA_TYPE,
            now=work.now(),
            created_by=work.run.started_by,
        )
        if report is not None:
            values["report"] = dict(report)
        await work.move_in(session, stage_after(report), artifact_id=artifact.id, **values)


def _card(work: Work, version: DatasetVersion, report: Mapping[str, Any] | None) -> dict[str, Any]:
    """What an adapter says of itself: made of what, how, and how good it was found."""
    run, base = work.run, work.run.base
    made = work.folder.read_json(work.folder.adapter / "card.json") or {}
    manifest = version.manifest
    return {
        "format": 1,
        "metrics": {},
        "recipe": recipe_alone(run.recipe),
        **made,
        "name": run.name,
        "base_hash": base.get("base_hash", ""),
        "template_hash": base.get("template_hash", ""),
        "precision": base.get("precision", ""),
        "base_revision": base.get("base_revision", ""),
        "base_model": base.get("model", ""),
        "dataset": {
            "version_id": version.id,
            "number": version.number,
            "content_hash": version.content_hash,
        },
        **of_report(report),
        "licence": manifest.get("licence", ""),
        "attribution": list(manifest.get("attribution", ())),
        "weights_sha256": hashlib.sha256((work.folder.adapter / WEIGHTS).read_bytes()).hexdigest(),
        "command": f"python -m training.lora {run.id}",
        "seed": run.recipe.get("seed"),
        "made_at": run.updated_at.isoformat(),
    }
