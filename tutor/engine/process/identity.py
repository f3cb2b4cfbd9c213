"""What a loaded model is, wherever it lies: its weights, its chat template, its precision.

An adapter fits one set of weights, and a report is of one engine: these are the names for them.
"""

import hashlib
import json
import logging
import os
from pathlib import Path
from typing import Any

from tutor.engine.process.vocabulary import PLAIN_TEMPLATE

NOTED = "weights-hashes.json"
DIGEST_LENGTH = 64
log = logging.getLogger(__name__)


def weights_hash(folder: Path, data_dir: Path) -> str:
    """The SHA-256 of a model's weights; of several files, that of theirs in the order of names.

    A file is read once: its hash is noted by path, size and time of change. The files of a
    Hugging Face snapshot are called by their hash, and so need no reading.
    """
    notes = data_dir / "engine" / NOTED
    known = _noted(notes)
    hashes, fresh = [], {}
    for path in sorted(folder.glob("*.safetensors")):
        key = _key(path)
        digest = _name_of_snapshot(path) or known.get(key)
        if digest is None:
            with path.open("rb") as file:
                digest = fresh[key] = hashlib.file_digest(file, "sha256").hexdigest()
        hashes.append(digest)
    if fresh:
        _note(notes, known | fresh)
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def template_hash(tokenizer: Any, options: dict[str, Any]) -> str:
    """The SHA-256 of the chat template and what is passed to it."""
    template = tokenizer.chat_template or PLAIN_TEMPLATE
    whole = json.dumps([template, options], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()


def precision_of(model: Any) -> str:
    """How the weights are kept: float32, bfloat16, or the kind of a quantised model (nf4)."""
    quantised = getattr(model.config, "quantization_config", None)
    if quantised is None:
        return str(model.dtype).removeprefix("torch.")
    kind = getattr(quantised, "bnb_4bit_quant_type", None) or getattr(quantised, "quant_method", "")
    return str(getattr(kind, "value", kind)) or "quantised"


def _key(path: Path) -> str:
    found = path.stat()
    return f"{path.resolve()} {found.st_size} {found.st_mtime_ns}"


def _name_of_snapshot(path: Path) -> str | None:
    """A snapshot links to a blob whose name is its SHA-256."""
    name = path.resolve().name
    is_digest = len(name) == DIGEST_LENGTH and all(digit in "0123456789abcdef" for digit in name)
    return name if path.is_symlink() and is_digest else None


def _noted(notes: Path) -> dict[str, str]:
    try:
        found = json.loads(notes.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _note(notes: Path, hashes: dict[str, str]) -> None:
    """Notes what was read; without it the next start reads again, no more."""
    temporary = notes.with_name(f"{NOTED}.{os.getpid()}.tmp")
    try:
        notes.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary.write_text(json.dumps(hashes, indent=1), encoding="utf-8")
        temporary.replace(notes)
    except OSError as error:
        log.warning("The hashes of the weights could not be noted: %s", error)
