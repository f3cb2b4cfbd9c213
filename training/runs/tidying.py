"""The job that frees the space of runs that are over."""

import asyncio
import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from storage import tuning_runs
from training.runs.folder import FOLDER, RunFolder
from training.worker import Running
from tutor.tuning.stage import ACTIVE, Stage

KEPT = timedelta(days=14)  # the log of a training, for whoever asks what went wrong


async def tidy(running: Running) -> Mapping[str, Any]:
    """Removes checkpoints of runs that need them no more, and folders some time after the end."""
    removed = 0
    for path in await asyncio.to_thread(_folders, running.settings.data_dir / FOLDER):
        async with running.database.read() as session:
            run = await tuning_runs.run_by_id(session, path.name)
        if run is not None and run.stage in ACTIVE:
            continue
        over = run is None or run.stage == Stage.CANCELLED or is_old(run.updated_at, running.now())
        if over:
            await asyncio.to_thread(shutil.rmtree, path, ignore_errors=True)
            removed += 1
        else:
            await asyncio.to_thread(RunFolder(path).drop_working_files)
    return {"removed": removed}


def is_old(ended_at: datetime, now: datetime) -> bool:
    return now - ended_at > KEPT


def _folders(root: Path) -> list[Path]:
    return sorted(path for path in root.glob("*") if path.is_dir())
