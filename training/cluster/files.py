"""A small folder as plain values, to be sent from one machine to another, and back on a disk."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SentFolder:
    """The files of a folder (no folders in it) by their names."""

    name: str
    files: Mapping[str, bytes]


def packed(folder: Path) -> SentFolder:
    """A folder that is whole and no longer written to."""
    return SentFolder(
        folder.name, {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    )


def unpack(sent: SentFolder, parent: Path) -> Path:
    """Writes it beside its place and moves it there in one step."""
    names = (sent.name, *sent.files)
    assert all(Path(name).name == name for name in names), names
    target, building = parent / sent.name, parent / f"{sent.name}.received.tmp"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    for name, content in sent.files.items():
        (building / name).write_bytes(content)
    shutil.rmtree(target, ignore_errors=True)
    building.rename(target)
    return target


def newest_checkpoint(folder: Path) -> Path | None:
    """The last whole one of a run's folder; None before the first."""
    return max((folder / "checkpoints").glob("step-*[0-9]"), default=None)
