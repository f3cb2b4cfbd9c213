"""The jobs that keep an installation tidy: forgetting in time, freeing space, backing up."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from storage.backup import backup
from storage.blobs import delete_unreferenced
from storage.datasets import let_go_of_examples
from storage.retention import apply_retention
from training.worker import Handler, Running
from tutor.tuning.stage import ACTIVE

BACKUPS_KEPT = 4
BLOB_GRACE = timedelta(days=1)
BACKUP_NAME = "daoshi-*.tar"


async def forget_old(running: Running) -> Mapping[str, Any]:
    """Deletes chat text that is older than its community allows."""
    days = running.settings.retention_days
    return asdict(await apply_retention(running.database, running.now(), days))


async def free_blobs(running: Running) -> Mapping[str, Any]:
    """Deletes files that nothing refers to any more, examples that were withdrawn among them."""
    async with running.database.write() as session:
        await let_go_of_examples(session, ACTIVE)
    before = running.now() - BLOB_GRACE
    return {"deleted": await delete_unreferenced(running.database, running.blobs, before)}


async def back_up(running: Running) -> Mapping[str, Any]:
    """Writes a backup beside the earlier ones and removes the oldest."""
    folder = running.settings.data_dir / "backups"
    now = running.now()
    file = folder / f"daoshi-{now:%Y%m%dT%H%M%S}.tar"
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    manifest = await backup(running.database, running.blobs, file, now)
    removed = await asyncio.to_thread(_remove_oldest, folder)
    return {"file": file.name, "members": len(manifest.members), "removed": removed}


def _remove_oldest(folder: Path) -> int:
    """Keeps the newest; those made before a migration or a restore have other names and stay."""
    surplus = sorted(folder.glob(BACKUP_NAME))[:-BACKUPS_KEPT]
    for file in surplus:
        file.unlink()
    return len(surplus)


HANDLERS: Mapping[str, Handler] = {
    "retention": forget_old,
    "blob_cleanup": free_blobs,
    "backup": back_up,
}
