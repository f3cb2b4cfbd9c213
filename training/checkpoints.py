"""Where a training goes on after a kill: the last two checkpoints of a run's folder.

A checkpoint is written beside its place and renamed when it is whole; its manifest holds checksums,
so that a damaged one is told from a good one, and the one before it is used.
"""

import hashlib
import json
import logging
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from training.failure import NO_SPACE, TrainingFailed

log = logging.getLogger(__name__)
KEPT = 2
TENSORS, STATE, MANIFEST = "tensors.safetensors", "state.json", "manifest.json"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Tensors by name, and plain values. `step` is how many steps are done."""

    step: int
    tensors: Mapping[str, torch.Tensor]
    state: Mapping[str, Any]


def save(folder: Path, checkpoint: Checkpoint) -> Path:
    """Writes it whole or not at all, and forgets all but the last ones."""
    target = folder / f"step-{checkpoint.step:08d}"
    building = folder / f"{target.name}.{os.getpid()}.tmp"
    try:
        building.mkdir(parents=True)
        save_file(dict(checkpoint.tensors), building / TENSORS)
        state = json.dumps({"step": checkpoint.step, **checkpoint.state})
        (building / STATE).write_text(state, encoding="utf-8")
        digests = {name: _sha256(building / name) for name in (TENSORS, STATE)}
        (building / MANIFEST).write_text(json.dumps(digests), encoding="utf-8")
        for name in (TENSORS, STATE, MANIFEST):
            _flush(building / name)
        shutil.rmtree(target, ignore_errors=True)
        building.rename(target)
    except Exception as error:
        shutil.rmtree(building, ignore_errors=True)
        if _is_disk(error):
            raise TrainingFailed(NO_SPACE, folder=str(folder), reason=_reason(error)) from error
        raise
    _flush(folder)
    for old in _found(folder)[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
    return target


def last_good(folder: Path, fingerprint: str) -> Checkpoint | None:
    """The newest whole checkpoint of this very training; damaged ones are logged and passed by."""
    for leftover in folder.glob("*.tmp"):
        shutil.rmtree(leftover, ignore_errors=True)
    for path in _found(folder):
        try:
            checkpoint = _load(path)
        except (OSError, ValueError, KeyError) as error:
            log.warning("The checkpoint %s is damaged: %s", path, error)
            continue
        if checkpoint.state.get("fingerprint") == fingerprint:
            return checkpoint
        log.warning("The checkpoint %s is of a training with other data or settings", path)
    return None


def _load(path: Path) -> Checkpoint:
    stated = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    for name in (TENSORS, STATE):
        if _sha256(path / name) != stated[name]:
            raise ValueError(f"{name} is not what was written")
    state = json.loads((path / STATE).read_text(encoding="utf-8"))
    return Checkpoint(int(state.pop("step")), load_file(path / TENSORS), state)


def _found(folder: Path) -> list[Path]:
    """Newest first."""
    paths = [path for path in folder.glob("step-*") if path.suffix != ".tmp"]
    return sorted(paths, key=lambda path: path.name, reverse=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _flush(path: Path) -> None:
    """Makes sure that it is on the disk before anything relies on it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:
        if path.is_file():  # some file systems cannot flush a folder
            raise
    finally:
        os.close(descriptor)


def _is_disk(error: Exception) -> bool:
    """safetensors reports a full disk as an error of its own."""
    return isinstance(error, OSError) or "No space left" in str(error) or "I/O error" in str(error)


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
