"""A generator as one file: a zip of its weights and its card, nothing else.

The same content always makes the same bytes. Loads no torch.
"""

import json
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from tutor.adapters.package import CARD, EPOCH, REGULAR_FILE

WEIGHTS = "generator.safetensors"
MEDIA_TYPE = "application/zip"


def pack_generator(folder: Path) -> bytes:
    """One file out of a folder as `tutor.images.weights.save_generator` writes it."""
    card: Mapping[str, Any] = json.loads((folder / CARD).read_text(encoding="utf-8"))
    text = json.dumps(card, ensure_ascii=False, indent=1, sort_keys=True)
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, data in (
            (WEIGHTS, (folder / WEIGHTS).read_bytes()),
            (CARD, text.encode() + b"\n"),
        ):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = REGULAR_FILE
            entry.create_system = 3
            archive.writestr(entry, data)
    return target.getvalue()


def unpack_generator(data: bytes, folder: Path) -> None:
    """Writes the two files into a folder; the zip is of our own making."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for name in (WEIGHTS, CARD):
            (folder / name).write_bytes(archive.read(name))
