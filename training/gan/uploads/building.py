"""A version of a set of pictures, of an upload: read by a process of its own, then stored.

Loads neither torch nor a decoder itself.
"""

import asyncio
import json
import shutil
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog

from storage import datasets
from storage.blobs import BlobMissing, keep_blob
from storage.datasets import DatasetVersion
from training.gan.uploads.limits import PICTURE_BYTES
from training.gan.uploads.packing import MEDIA_TYPE
from training.gan.uploads.refusal import DISK_FULL, STOPPED
from training.runs.child import DONE, SENTENCE, Child
from training.worker import JobFailed, Running
from tutor.bank.reason import Reason
from tutor.i18n import say
from tutor.language import Language
from tutor.tuning.datasets import SHEET

MODULE, FOLDER = "training.gan.uploads", "uploads"
SET_FILE, FAILURE, MANIFEST = "set.zip", "failure.json", "manifest.json"
FORGOTTEN_SECONDS = 24 * 3600.0  # a folder that a killed worker left
log = structlog.get_logger()


async def build_pictures(running: Running) -> tuple[DatasetVersion, bool]:
    """The version, and whether it is new. Raises JobFailed with a sentence, and BlobMissing."""
    upload = running.job.payload["source"]["pictures"]
    source = running.blobs.existing_path(upload["blob"])
    root = running.settings.data_dir / FOLDER
    language = Language(running.job.payload["language"])
    try:
        await asyncio.to_thread(_tidy, root)
        with tempfile.TemporaryDirectory(dir=root, ignore_cleanup_errors=True) as name:
            folder = Path(name)
            await _read(running, source, folder, upload)
            return await _stored(running, folder)
    except BlobMissing:
        raise
    except OSError as error:  # the disk: of what was read there is enough to tell
        log.warning("pictures_not_stored", job_id=running.job.id, error=str(error))
        needed = f"{max(0.1, 4000 * PICTURE_BYTES / (1 << 30)):.1f}"
        raise JobFailed(say(language, DISK_FULL, needed=needed)) from error


async def _read(running: Running, source: Path, folder: Path, upload: Mapping[str, Any]) -> None:
    """Has the process read it; raises JobFailed."""
    language = Language(running.job.payload["language"])
    arguments = (str(source), str(folder), upload["file_name"], upload["licence"])
    child = await Child.start(
        (MODULE, *arguments),
        log_file=running.settings.data_dir / FOLDER / "reading.log",
        on_line=lambda line: running.report(pictures=line.get("pictures", 0)),
    )
    try:
        code = await child.wait()
    finally:
        await child.stop(0)
    if code == SENTENCE:
        record = json.loads((folder / FAILURE).read_text(encoding="utf-8"))
        raise JobFailed(Reason.from_json(record).said(language))
    if code != DONE:
        log.error("pictures_not_read", job_id=running.job.id, code=code)
        raise JobFailed(say(language, STOPPED))


async def _stored(running: Running, folder: Path) -> tuple[DatasetVersion, bool]:
    payload, now = running.job.payload, running.now()
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    blob = await running.blobs.put_file(folder / SET_FILE)
    sheet = await running.blobs.put_file(folder / SHEET)
    async with running.database.long_write() as session:
        dataset = await datasets.dataset_named(
            session, payload["scope"], payload["name"], by=payload.get("by"), now=now
        )
        before = await datasets.same_version(session, dataset.id, blob.hash)
        if before is not None:
            return before, False
        version = await datasets.add_version(
            session,
            dataset.id,
            blob,
            content_hash=blob.hash,
            manifest=manifest,
            contributions={},
            name=SET_FILE,
            by=payload.get("by"),
            now=now,
            media_type=MEDIA_TYPE,
        )
        await keep_blob(
            session,
            sheet,
            owner=datasets.version_owner(version.id),
            name=SHEET,
            media_type="image/png",
            now=now,
        )
    return version, True


def _tidy(root: Path) -> None:
    """Makes the folder, and removes what was left in it long ago."""
    root.mkdir(parents=True, exist_ok=True)
    for path in root.iterdir():
        if path.is_dir() and time.time() - path.stat().st_mtime > FORGOTTEN_SECONDS:
            shutil.rmtree(path, ignore_errors=True)
