"""The files of a folder, .zip or .tar archive, one after the other, within limits.

Nothing is unpacked to disk. Links, paths that lead out of the archive, and archives that grow
beyond the limits are refused.
"""

import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tutor.bank.importing.report import ImportRefused
from tutor.i18n import mark

DAMAGED = (
    tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an archive may hold before it is refused."""

    files: int = 500_000
    file_bytes: int = 16 << 20
    total_bytes: int = 1 << 30


Wanted = Callable[[PurePosixPath], bool]
Found = tuple[PurePosixPath, bytes]


def read_archive(path: Path, wanted: Wanted, limits: Limits = Limits()) -> Iterator[Found]:
    """The wanted files of a folder or archive. Raises ImportRefused."""
    try:
        yield from _within(_members(path, wanted, limits), limits)
    except DAMAGED as error:
        message = mark("The archive {name} is damaged or incomplete. Download or pack it again.")
        raise ImportRefused(message, name=path.name) from error


def _members(path: Path, wanted: Wanted, limits: Limits) -> Iterator[Found]:
    if path.is_dir():
        return _of_folder(path, wanted, limits)
    if zipfile.is_zipfile(path):
        return _of_zip(path, wanted, limits)
    return _of_tar(path, wanted, limits)


def _within(found: Iterator[Found], limits: Limits) -> Iterator[Found]:
    total = 0
    for name, content in found:
        total += len(content)
        if total > limits.total_bytes:
            raise _too_large(str(name))
        yield name, content


def _of_folder(path: Path, wanted: Wanted, limits: Limits) -> Iterator[Found]:
    for count, file in enumerate(sorted(path.rglob("*"))):
        _count(count, limits)
        name = PurePosixPath(file.relative_to(path).as_posix())
        if file.is_symlink():
            raise _link(str(name))
        if file.is_file() and wanted(name):
            _check_size(file.stat().st_size, name, limits)
            yield name, file.read_bytes()


def _of_zip(path: Path, wanted: Wanted, limits: Limits) -> Iterator[Found]:
    with zipfile.ZipFile(path) as archive:
        for count, member in enumerate(archive.infolist()):
            _count(count, limits)
            name = _safe(member.filename)
            if stat.S_ISLNK(member.external_attr >> 16):
                raise _link(member.filename)
            if member.is_dir() or not wanted(name):
                continue
            if member.flag_bits & 1:
                message = mark("The archive is encrypted. Pack it again without a password.")
                raise ImportRefused(message)
            _check_size(member.file_size, name, limits)
            with archive.open(member) as file:
                content = file.read(limits.file_bytes + 1)
            _check_size(len(content), name, limits)  # its header may lie
            yield name, content


def _of_tar(path: Path, wanted: Wanted, limits: Limits) -> Iterator[Found]:
    total = 0
    with tarfile.open(path, "r:*") as archive:
        for count, member in enumerate(archive):
            _count(count, limits)
            total += member.size
            if total > limits.total_bytes:  # also what nobody wants has to be unpacked
                raise _too_large(member.name)
            name = _safe(member.name)
            if member.issym() or member.islnk():
                raise _link(member.name)
            if not member.isfile() or not wanted(name):
                continue
            _check_size(member.size, name, limits)
            file = archive.extractfile(member)
            assert file is not None, member.name
            yield name, file.read()


def _safe(name: str) -> PurePosixPath:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or (path.parts and ":" in path.parts[0]):
        message = mark("The archive holds a path that leads out of it ({name}), so it is refused.")
        raise ImportRefused(message, name=name)
    return path


def _link(name: str) -> ImportRefused:
    message = mark("The archive holds a link ({name}). Pack it again with the file itself.")
    return ImportRefused(message, name=name)


def _count(count: int, limits: Limits) -> None:
    if count >= limits.files:
        message = mark("The archive holds more than {count} files. Import it in parts.")
        raise ImportRefused(message, count=limits.files)


def _check_size(size_bytes: int, name: PurePosixPath, limits: Limits) -> None:
    if size_bytes > limits.file_bytes:
        raise _too_large(str(name))


def _too_large(name: str) -> ImportRefused:
    message = mark("The archive grows too large when it is unpacked (at {name}), so it is refused.")
    return ImportRefused(message, name=name)
