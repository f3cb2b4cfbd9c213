"""Puts the pictures and files of a reply into a folder, under names that overwrite nothing."""

import mimetypes
from pathlib import Path

from bot.adapter import Draft
from bot.terminal.screen import SavedFile


def save_files(draft: Draft, folder: Path) -> list[SavedFile]:
    """Writes every picture and file of `draft`; two with one name get numbers."""
    saved = [
        SavedFile(
            picture.name,
            _write(folder, picture.name, picture.data),
            mimetypes.guess_type(picture.name)[0] or "image/png",
            picture.alt,
        )
        for picture in draft.pictures
    ]
    saved += [
        SavedFile(file.name, _write(folder, file.name, file.data), file.media_type)
        for file in draft.files
    ]
    return saved


def _write(folder: Path, name: str, data: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    plain = Path(Path(name).name or "file")
    number = 1
    while True:
        path = folder / (plain.name if number == 1 else f"{plain.stem}-{number}{plain.suffix}")
        try:
            with path.open("xb") as file:
                file.write(data)
        except FileExistsError:
            number += 1
        else:
            return path
