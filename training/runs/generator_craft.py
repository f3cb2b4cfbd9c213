"""Making a generator of pictures: a set of pictures as data, a classifier's features as the judge.

Asks no text engine; whatever loads torch runs in a process of its own.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog

from storage.blobs import BlobMissing, BlobStore
from storage.datasets import DatasetVersion
from training.gan.running.verdict import report_from
from training.gan.uploads.packing import unpack
from training.runs.child import DONE, SENTENCE, Child
from training.runs.failure import DATA_GONE, NOT_JUDGED, NotCompared, RunFailed, TrainerDied
from training.runs.folder import RunFolder
from training.runs.measuring import failure_in
from training.runs.room import Need
from training.runs.tools import Tools
from training.runs.where import recipe_alone
from training.runs.work import Work
from tutor.adapters.generator_package import MEDIA_TYPE, pack_generator

GRID = Path("gate") / "grid.png"
log = structlog.get_logger()


class GeneratorCraft:
    """See `training.runs.craft`."""

    media_type = MEDIA_TYPE

    def __init__(self, tools: Tools) -> None:
        self._modules = tools.gan
        self.trainer = tools.gan.trainer

    async def base(self, work: Work) -> dict[str, Any]:
        return {}

    async def write_data(
        self, blobs: BlobStore, version: DatasetVersion, folder: RunFolder
    ) -> None:
        if version.blob_hash is None:
            raise RunFailed(DATA_GONE)
        try:
            source = blobs.existing_path(version.blob_hash)
            await asyncio.to_thread(unpack, source, folder.data)
        except BlobMissing as error:
            raise RunFailed(DATA_GONE) from error

    async def measure(self, folder: RunFolder) -> Need:
        return Need(**await _told_by(self._modules.need, folder))

    async def compared(self, work: Work, version: DatasetVersion) -> dict[str, Any]:
        try:
            figures = await _told_by(self._modules.gate, work.folder)
        except TrainerDied as error:
            log.exception("generator_not_judged", run_id=work.run.id)
            raise NotCompared(NOT_JUDGED) from error
        grid = await work.running.blobs.put(
            await asyncio.to_thread((work.folder.path / GRID).read_bytes)
        )
        made = work.folder.read_json(work.folder.adapter / "card.json") or {}
        report = report_from(
            figures,
            made["labels"],
            version_id=version.id,
            grid={"hash": grid.hash, "size_bytes": grid.size_bytes},
            now=work.now(),
        )
        return report.to_json()

    def card(
        self, work: Work, version: DatasetVersion, report: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        """`labels` are numbered as the network numbers them; `offered` are those to be drawn."""
        run, manifest = work.run, version.manifest
        made = work.folder.read_json(work.folder.adapter / "card.json") or {}
        things = (report or {}).get("things", ())
        sources = made.pop("sources", [])
        return {
            **made,
            "name": run.name,
            "recipe": recipe_alone(run.recipe),
            "offered": [one["id"] for one in things if one["offered"]],
            "dataset": {
                "version_id": version.id,
                "number": version.number,
                "content_hash": version.content_hash,
            },
            "report": dict(report) if report is not None else None,
            "licence": manifest.get("licence", ""),
            "attribution": sources or made.get("attribution", []),
            "command": f"python -m training.gan {run.id}",
            "made_at": run.updated_at.isoformat(),
        }

    def pack(self, folder: Path) -> bytes:
        return pack_generator(folder)


async def _told_by(module: str, folder: RunFolder) -> dict[str, Any]:
    """The last object that a child printed. Raises RunFailed and TrainerDied."""
    found: list[dict[str, Any]] = []
    child = await Child.start(
        (module, str(folder.path)), log_file=folder.log_file, on_line=found.append
    )
    try:
        code = await child.wait()
    finally:
        await child.stop(0)
    if code == SENTENCE:
        raise failure_in(folder)
    if code != DONE or not found:
        raise TrainerDied(f"{module} ended with code {code}; see {folder.log_file}")
    return found[-1]
