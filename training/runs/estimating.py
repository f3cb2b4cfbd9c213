"""The job that says beforehand what a training would take: time, memory and disk.

Payload: `version_id` and `recipe`. The result holds the figures of `Need`.
"""

import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from storage import datasets
from training.runs.craft import Craft, craft_for
from training.runs.failure import RunFailed
from training.runs.folder import RunFolder
from training.runs.tools import Tools
from training.worker import JobFailed, Running
from tutor.tuning.product import product_of
from tutor.tuning.runs import VersionUnknown


async def estimate(running: Running, tools: Tools | None = None) -> Mapping[str, Any]:
    """Measures in a folder that is gone afterwards."""
    tools = tools or Tools()
    with tempfile.TemporaryDirectory(prefix="daoshi-estimate-") as name:
        folder = RunFolder(Path(name))
        try:
            craft = craft_for(product_of(running.job.payload["recipe"]), tools)
            await _write(running, craft, folder)
            return asdict(await craft.measure(folder))
        except (RunFailed, VersionUnknown) as error:
            raise JobFailed(str(error)) from error


async def _write(running: Running, craft: Craft, folder: RunFolder) -> None:
    payload = running.job.payload
    async with running.database.read() as session:
        version = await datasets.version_by_id(session, payload["version_id"])
    if version is None:
        raise VersionUnknown
    await craft.write_data(running.blobs, version, folder)
    told = {
        "run_id": "estimate",
        "name": "estimate",
        "model": running.settings.model,
        "data_dir": str(running.settings.data_dir.resolve()),
        "recipe": dict(payload["recipe"]),
        "base": {},
        "dataset": {"version_id": version.id, "content_hash": version.content_hash},
    }
    folder.write_json(folder.run_file, told)
