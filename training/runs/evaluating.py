"""The last step: the gate's verdict, and what was made as an artifact that can be promoted."""

import asyncio
from collections.abc import Mapping
from typing import Any

from storage.artifacts import add_artifact
from storage.blobs import Blob, BlobStore, keep_blob
from storage.database import Session
from storage.datasets import DatasetVersion
from training.runs.craft import craft_of
from training.runs.failure import NotCompared, as_record
from training.runs.reevaluating import lay_out, renew, stage_after
from training.runs.work import Work
from training.worker import JobFailed
from tutor.tuning.product import product_of


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
        report = await work.unless_stopped(craft_of(work).compared(work, version))
        work.folder.write_json(work.folder.report_file, report)
    return report


async def _register(
    work: Work, version: DatasetVersion, report: Mapping[str, Any] | None, **values: Any
) -> None:
    """One artifact a run: it comes into being in the step that leaves the stage."""
    craft = craft_of(work)
    card = await asyncio.to_thread(craft.card, work, version, report)
    work.folder.write_json(work.folder.adapter / "card.json", card)
    packed = await asyncio.to_thread(craft.pack, work.folder.adapter)
    blobs: BlobStore = work.running.blobs
    blob = await blobs.put(packed)
    async with work.running.database.write() as session:
        await work.version(session)
        artifact = await add_artifact(
            session,
            blob,
            kind=product_of(work.run.recipe),
            name=work.run.name,
            base_hash=card.get("base_hash", ""),
            card=card,
            media_type=craft.media_type,
            now=work.now(),
            created_by=work.run.started_by,
        )
        if report is not None:
            values["report"] = dict(report)
            await _keep_grid(session, work, artifact.id, report)
        await work.move_in(session, stage_after(report), artifact_id=artifact.id, **values)


async def _keep_grid(
    session: Session, work: Work, artifact_id: str, report: Mapping[str, Any]
) -> None:
    """The sheet that a report shows lives as long as what the report is about."""
    if grid := report.get("grid"):
        await keep_blob(
            session,
            Blob(grid["hash"], grid["size_bytes"]),
            owner=f"artifact:{artifact_id}",
            name="grid.png",
            media_type="image/png",
            now=work.now(),
        )
