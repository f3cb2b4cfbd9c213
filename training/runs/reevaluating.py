"""A run that trains nothing: an adapter that exists already is compared with the present engine.

Knows no gate. What the report says replaces what the adapter's card said before.
"""

import asyncio
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from storage.artifacts import Artifact, artifact_by_id, set_card
from storage.blobs import BlobDamaged, BlobMissing
from training.runs.failure import ADAPTER_GONE, RunFailed
from training.runs.work import Work
from tutor.adapters.package import unpack
from tutor.adapters.refusals import AdapterRefused
from tutor.tuning.stage import Stage


async def lay_out(work: Work) -> None:
    """The adapter's files where a training would have left them, once."""
    if work.folder.read_json(work.folder.run_file) is not None:
        return
    artifact = await _artifact(work)
    try:
        data = await work.running.blobs.get(artifact.blob_hash)
        await asyncio.to_thread(_unpack, data, work.folder.adapter)
    except (BlobMissing, BlobDamaged) as error:
        raise RunFailed(ADAPTER_GONE) from error
    except AdapterRefused as error:
        raise RunFailed(error.reason.message, **error.reason.fields) from error
    told = {
        "run_id": work.run.id,
        "name": work.run.name,
        "model": work.running.settings.model,
        "data_dir": str(work.running.settings.data_dir.resolve()),
        "prompt": str(artifact.card.get("prompt") or ""),
    }
    work.folder.write_json(work.folder.run_file, told)


async def renew(work: Work, report: Mapping[str, Any]) -> None:
    """The new report counts from the step on that leaves the stage; weights and file stay."""
    artifact = await _artifact(work)
    said = of_report(report)
    said["prompt"] = said["prompt"] or str(artifact.card.get("prompt") or "")
    async with work.running.database.write() as session:
        await work.version(session)
        await set_card(session, artifact.id, {**artifact.card, **said})
        await work.move_in(session, stage_after(report), report=dict(report))


def of_report(report: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the card of an adapter takes over of its report; None where there is none."""
    known = report or {}
    return {
        "report": dict(report) if report is not None else None,
        "phrases": list(known.get("phrases", ())),
        "prompt": known.get("style", ""),
    }


def stage_after(report: Mapping[str, Any] | None) -> Stage:
    """Where a run goes with its report, or without one."""
    if report is None:
        return Stage.FAILED
    return Stage.AWAITING_APPROVAL if report["passed"] else Stage.REJECTED


async def _artifact(work: Work) -> Artifact:
    assert work.run.evaluates_id is not None, work.run.id
    async with work.running.database.read() as session:
        artifact = await artifact_by_id(session, work.run.evaluates_id)
    assert artifact is not None, work.run.evaluates_id
    return artifact


def _unpack(data: bytes, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    unpack(data, folder)
