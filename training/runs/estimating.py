"""The job that says beforehand what a training would take: time, memory and disk.

Payload: `version_id` and `recipe`. The result holds the figures of `Need`.
"""

import asyncio
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from storage import datasets
from training.datasets.example import Split
from training.runs.failure import RunFailed
from training.runs.folder import RunFolder
from training.runs.tools import Tools
from training.worker import JobFailed, Running
from tutor.tuning.runs import VersionUnknown


async def estimate(running: Running, tools: Tools | None = None) -> Mapping[str, Any]:
    """Measures in a folder that is gone afterwards."""
    tools = tools or Tools()
    with tempfile.TemporaryDirectory(prefix="daoshi-estimate-") as name:
        folder = RunFolder(Path(name))
        try:
            await _write(running, tools, folder)
            return asdict(await tools.measure(folder))
        except (RunFailed, VersionUnknown) as error:
            raise JobFailed(str(error)) from error


async def _write(running: Running, tools: Tools, folder: RunFolder) -> None:
    payload = running.job.payload
    async with running.database.read() as session:
        version = await datasets.version_by_id(session, payload["version_id"])
    if version is None:
        raise VersionUnknown
    train, held_out = await tools.load(running.blobs, version)
    told = {
        "run_id": "estimate",
        "name": "estimate",
        "model": running.settings.model,
        "data_dir": str(running.settings.data_dir.resolve()),
        "recipe": dict(payload["recipe"]),
        "base": {},
        "dataset": {"version_id": version.id, "content_hash": version.content_hash},
    }
    await asyncio.to_thread(folder.write_examples, Split.TRAIN, train)
    await asyncio.to_thread(folder.write_examples, Split.HELD_OUT, held_out)
    folder.write_json(folder.run_file, told)
