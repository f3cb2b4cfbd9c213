"""The last step: the gate's verdict, and the adapter as an artifact that can be promoted."""

import asyncio
import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from storage import tuning_runs
from storage.artifacts import add_artifact
from storage.blobs import BlobStore
from storage.datasets import DatasetVersion
from training.runs.preparing import examples_of
from training.runs.where import recipe_alone
from training.runs.work import Work
from tutor.tuning.stage import Stage

KIND = "text_adapter"
MEDIA_TYPE = "application/zip"
WEIGHTS = "adapter_model.safetensors"


async def evaluate(work: Work) -> None:
    """Compares the adapter through the engine, unless that was done before a restart, and registers
    it. Consent is asked about again in the transaction that does so.
    """
    async with work.running.database.read() as session:
        version = await work.version(session)
    report = work.folder.read_json(work.folder.report_file)
    if report is None:
        report = await work.unless_stopped(_compared(work, version))
        work.folder.write_json(work.folder.report_file, report)
    await _register(work, version, report)
    await asyncio.to_thread(work.folder.drop_working_files)


async def _compared(work: Work, version: DatasetVersion) -> dict[str, Any]:
    _, held_out = await examples_of(work, version)
    engine = work.tools.engine(work.running.settings)
    running = work.running
    try:
        await work.tools.note_present(
            running.database, running.blobs, engine, work.run, work.folder
        )
        verdict = await work.tools.evaluate(
            engine, work.run, work.folder, held_out, Checking(work).note
        )
    finally:
        await engine.close()
    return {**verdict.to_json(), "passed": verdict.passed}


@dataclass
class Checking:
    """Shows how far the comparison is, and ends it once somebody has withdrawn."""

    work: Work
    _shown: float = -1e9

    async def note(self, done: int, of: int) -> None:
        if time.monotonic() - self._shown < self.work.tools.pace.look_seconds:
            return
        self._shown = time.monotonic()
        work = self.work
        progress = {**work.run.progress, "checked": done, "checks": of}
        work.running.report(stage=Stage.EVALUATING.value, checked=done, checks=of)
        async with work.running.database.write() as session:
            await work.version(session)
            await tuning_runs.set_progress(session, work.run.id, progress, work.now())
            await work.refresh(session)


async def _register(work: Work, version: DatasetVersion, report: Mapping[str, Any]) -> None:
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
        to = Stage.AWAITING_APPROVAL if report["passed"] else Stage.REJECTED
        await work.move_in(session, to, artifact_id=artifact.id, report=dict(report))


def _card(work: Work, version: DatasetVersion, report: Mapping[str, Any]) -> dict[str, Any]:
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
        "report": dict(report),
        "phrases": list(report.get("phrases", ())),
        "prompt": report.get("style", ""),
        "licence": manifest.get("licence", ""),
        "attribution": list(manifest.get("attribution", ())),
        "weights_sha256": hashlib.sha256((work.folder.adapter / WEIGHTS).read_bytes()).hexdigest(),
        "command": f"python -m training.lora {run.id}",
        "seed": run.recipe.get("seed"),
        "made_at": run.updated_at.isoformat(),
    }
