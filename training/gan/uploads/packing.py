"""A set of pictures as one file, a zip that stores its two files as they are, and back.

The same set always makes the same bytes.
"""

import shutil
import zipfile
from pathlib import Path

EPOCH = (1980, 1, 1, 0, 0, 0)
NAMES = ("images.npy", "set.json")
MEDIA_TYPE = "application/zip"


def pack(folder: Path, target: Path) -> None:
    """Writes the set in a folder into a file."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in NAMES:
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3
            with (folder / name).open("rb") as source, archive.open(entry, "w") as place:
                shutil.copyfileobj(source, place)


def unpack(source: Path, folder: Path) -> None:
    """Lays the set of a file out in a folder; the file is of our own making."""
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(source) as archive:
        for name in NAMES:
            with archive.open(name) as packed, (folder / name).open("wb") as place:
                shutil.copyfileobj(packed, place)
