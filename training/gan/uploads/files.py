"""The files of an uploaded zip, one at a time and never trusted.

Nothing is unpacked to the disk: names are only read, and a file's bytes go no further than memory.
"""

import os
import stat
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from training.gan.uploads.limits import (
    HARMLESS_BYTES,
    MAX_DIRECTORY_BYTES,
    MAX_FILE_BYTES,
    MAX_FILES,
    MAX_RATIO,
    MAX_TOTAL_BYTES,
)
from training.gan.uploads.refusal import (
    A_LINK,
    BAD_NAME,
    BROKEN,
    EMPTY,
    LOCKED,
    NOT_AN_ARCHIVE,
    OUTSIDE,
    TOO_BIG,
    TOO_LARGE,
    TOO_MANY_FILES,
    UNFOLDS,
    Unfit,
    UploadRefused,
)

JUNK = {"__macosx", ".ds_store", "thumbs.db", "desktop.ini", "ehthumbs.db"}
UTF8_NAME, ENCRYPTED = 0x800, 0x1
END_OF_DIRECTORY = b"PK\x05\x06"
LONGEST_COMMENT = 65_557  # and the end record itself
UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, NotImplementedError),
    *(RuntimeError, EOFError, OSError, ValueError),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file by its cleaned path; `fault` says why it may not be opened."""

    path: PurePosixPath
    size_bytes: int
    fault: Unfit | None = None


class Files:
    """The files of a zip, in the order of their names. Raises UploadRefused."""

    def __init__(self, source: Path) -> None:
        _check_directory(source)
        try:
            self._archive = zipfile.ZipFile(source)
            infos = self._archive.infolist()
        except UNREADABLE as error:
            raise UploadRefused(NOT_AN_ARCHIVE) from error
        if any(info.flag_bits & ENCRYPTED for info in infos):
            raise UploadRefused(LOCKED)
        self._infos: dict[PurePosixPath, zipfile.ZipInfo] = {}
        entries: list[Entry] = []
        self.ignored = 0
        for info in infos:
            name = _name_of(info)
            if info.is_dir() or _is_junk(name):
                self.ignored += not info.is_dir()
                continue
            entry = _entry(name, info)
            self._infos[entry.path] = info
            entries.append(entry)
        self.entries = _ordered(entries)

    def read(self, entry: Entry) -> bytes:
        """A file's content; raises Unfit."""
        info = self._infos[entry.path]
        try:
            with self._archive.open(info) as file:
                data = file.read(info.file_size + 1)
        except UNREADABLE as error:
            raise Unfit(BROKEN) from error
        if len(data) != info.file_size:
            raise Unfit(BROKEN)
        return data

    def close(self) -> None:
        self._archive.close()


def _ordered(entries: list[Entry]) -> tuple[Entry, ...]:
    if len(entries) > MAX_FILES:
        raise UploadRefused(TOO_MANY_FILES, most=MAX_FILES)
    if sum(entry.size_bytes for entry in entries if entry.fault is None) > MAX_TOTAL_BYTES:
        raise UploadRefused(TOO_LARGE, most=MAX_TOTAL_BYTES >> 30)
    return tuple(sorted(entries, key=lambda entry: str(entry.path)))


def _check_directory(source: Path) -> None:
    """Refuses a list of names that would fill the memory, before it is read."""
    with source.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(max(0, end - LONGEST_COMMENT))
        tail = file.read()
    at = tail.rfind(END_OF_DIRECTORY)
    if at < 0 or len(tail) < at + 16:
        raise UploadRefused(NOT_AN_ARCHIVE)
    if int.from_bytes(tail[at + 12 : at + 16], "little") > MAX_DIRECTORY_BYTES:
        raise UploadRefused(TOO_MANY_FILES, most=MAX_FILES)


def _entry(name: str, info: zipfile.ZipInfo) -> Entry:
    """Names that lead elsewhere keep their words alone: nothing is written by them anyway."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    fault: Unfit | None = None
    drive = bool(parts) and len(parts[0]) == 2 and parts[0][1] == ":"
    if name.startswith(("/", "\\")) or ".." in parts or drive:
        fault = Unfit(OUTSIDE)
    elif stat.S_ISLNK(info.external_attr >> 16):
        fault = Unfit(A_LINK)
    elif "\0" in info.orig_filename or not parts:
        fault = Unfit(BAD_NAME)
    elif _unfolds(info):
        fault = Unfit(UNFOLDS, times=info.file_size // max(info.compress_size, 1))
    return Entry(PurePosixPath(*parts), info.file_size, fault or _size_fault(info.file_size))


def _unfolds(info: zipfile.ZipInfo) -> bool:
    return info.file_size > max(HARMLESS_BYTES, MAX_RATIO * info.compress_size)


def _size_fault(size_bytes: int) -> Unfit | None:
    if size_bytes == 0:
        return Unfit(EMPTY)
    return Unfit(TOO_BIG, most=MAX_FILE_BYTES >> 20) if size_bytes > MAX_FILE_BYTES else None


def _name_of(info: zipfile.ZipInfo) -> str:
    """Programs that pack without UTF-8 names use their system's code page: in China, GBK."""
    name = info.filename
    if not info.flag_bits & UTF8_NAME:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return unicodedata.normalize("NFC", name)


def _is_junk(name: str) -> bool:
    """What systems add by themselves."""
    parts = name.replace("\\", "/").casefold().split("/")
    hidden = parts[-1].startswith(".") and parts[-1] not in (".", "..")
    return hidden or bool(JUNK.intersection(parts))
