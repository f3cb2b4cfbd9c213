"""Making a LoRA adapter: examples as lines, a model as the base, the engine as the judge."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from storage.blobs import BlobStore
from storage.datasets import DatasetVersion
from training.datasets.example import Split
from training.runs.comparing import compared, examples_of
from training.runs.folder import RunFolder
from training.runs.reevaluating import of_report
from training.runs.room import Need
from training.runs.tools import Tools
from training.runs.where import recipe_alone
from training.runs.work import Work
from tutor.adapters.package import MEDIA_TYPE
from tutor.engine.adapter_format import WEIGHTS


class AdapterCraft:
    """See `training.runs.craft`."""

    media_type = MEDIA_TYPE

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self.trainer = tools.trainer

    async def base(self, work: Work) -> dict[str, Any]:
        engine = work.tools.engine(work.running.settings)
        try:
            found = await engine.capabilities()
        finally:
            await engine.close()
        known = asdict(replace(found, grammars=frozenset()))
        kept = ("model", "base_revision", "base_hash", "template_hash", "precision")
        return {name: known[name] for name in kept}

    async def write_data(
        self, blobs: BlobStore, version: DatasetVersion, folder: RunFolder
    ) -> None:
        train, held_out = await examples_of(self._tools, blobs, version)
        await asyncio.to_thread(folder.write_examples, Split.TRAIN, train)
        await asyncio.to_thread(folder.write_examples, Split.HELD_OUT, held_out)

    async def measure(self, folder: RunFolder) -> Need:
        return await self._tools.measure(folder)

    async def compared(self, work: Work, version: DatasetVersion) -> dict[str, Any]:
        return await compared(work, version)

    def card(
        self, work: Work, version: DatasetVersion, report: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        """Made of what, how, and how good it was found."""
        run, base, manifest = work.run, work.run.base, version.manifest
        made = work.folder.read_json(work.folder.adapter / "card.json") or {}
        weights = (work.folder.adapter / WEIGHTS).read_bytes()
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
            "weights_sha256": hashlib.sha256(weights).hexdigest(),
            "command": f"python -m training.lora {run.id}",
            "seed": run.recipe.get("seed"),
            "made_at": run.updated_at.isoformat(),
        }

    def pack(self, folder: Path) -> bytes:
        return self._tools.pack(folder)
