"""Which of a Trainer's checkpoint folders is whole, and of this very training.

The Trainer writes them file by file; a manifest with checksums, written last, tells a whole one
from one that a kill or a full disk cut short.
"""

import hashlib
import json
import logging
import shutil
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Found:
    """`seconds` is how long the training had run when it was written."""

    path: Path
    seconds: float
    per_device: int


def seal(folder: Path, fingerprint: str, seconds: float, per_device: int) -> None:
    """Says that every file of the checkpoint is there, and what they hold."""
    record = {
        "fingerprint": fingerprint,
        "seconds": seconds,
        "per_device": per_device,
        "files": {path.name: _sha256(path) for path in _files(folder)},
    }
    unfinished = folder / f"{MANIFEST}.tmp"
    unfinished.write_text(json.dumps(record), encoding="utf-8")
    unfinished.replace(folder / MANIFEST)


def last_good(folder: Path, fingerprint: str) -> Found | None:
    """The newest whole checkpoint of this training; the damaged ones are logged and removed."""
    for path in sorted(folder.glob("checkpoint-*"), key=_step, reverse=True):
        try:
            record = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
            if record["fingerprint"] != fingerprint:
                log.warning("The checkpoint %s is of a training with other data or settings", path)
            elif record["files"] == {one.name: _sha256(one) for one in _files(path)}:
                return Found(path, float(record["seconds"]), int(record["per_device"]))
            else:
                log.warning("The checkpoint %s is damaged", path)
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("The checkpoint %s is damaged: %s", path, error)
        shutil.rmtree(path, ignore_errors=True)
    return None


def _files(folder: Path) -> list[Path]:
    files = (path for path in folder.iterdir() if path.is_file())
    return sorted(path for path in files if not path.name.startswith(MANIFEST))


def _step(path: Path) -> int:
    number = path.name.rpartition("-")[2]
    return int(number) if number.isdigit() else -1


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
