"""The lines of a text file, one after the other, within limits: UTF-8, plain or under gzip."""

import codecs
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from charset_normalizer import from_bytes

from training.datasets.reading.found import DataRefused, Origin, Rejected
from tutor.bank.reason import Reason
from tutor.i18n import mark

MAX_FILE_BYTES = 200 << 20
MAX_UNPACKED_BYTES = 1 << 30
MAX_LINE_BYTES = 1 << 20
HEAD_BYTES = 1 << 16
GZIP = b"\x1f\x8b"

_WIDE = ((codecs.BOM_UTF16_LE, "UTF-16"), (codecs.BOM_UTF16_BE, "UTF-16"))
_NAMES = {"gb18030": "GB18030 (GBK)", "cp1252": "Windows-1252", "latin_1": "Latin-1"}

UNKNOWN = mark("an encoding that I do not know")

Line = tuple[int, str]


def check_size(path: Path, origin: Origin) -> None:
    """Refuses a file by its size alone, before anything of it is read."""
    size_bytes = path.stat().st_size
    if size_bytes > MAX_FILE_BYTES:
        message = mark(
            "{name} has {megabytes} MB; at most {limit} MB are taken. Leave out rows or split it "
            "into several data sets."
        )
        raise DataRefused(
            message,
            name=origin.file_name,
            megabytes=size_bytes >> 20,
            limit=MAX_FILE_BYTES >> 20,
        )
    if not size_bytes:
        raise empty(origin)


def empty(origin: Origin) -> DataRefused:
    message = mark("{name} is empty. Upload a file with at least two examples.")
    return DataRefused(message, name=origin.file_name)


def head_of(path: Path, origin: Origin) -> bytes:
    """The first bytes of what is in a file, unpacked."""
    with _open(path) as file:
        try:
            return file.read(HEAD_BYTES)
        except (OSError, EOFError, zlib.error) as error:
            raise _damaged(origin) from error


def lines_of(path: Path, origin: Origin) -> Iterator[Line | Rejected]:
    """Numbered lines without their ends; too long ones are rejected. Raises DataRefused."""
    with _open(path) as file:
        for number, raw in enumerate(_raw_lines(file, origin), start=1):
            if len(raw) > MAX_LINE_BYTES:
                message = mark("This line is longer than {kilobytes} KB. Split it.")
                reason = Reason(message, {"kilobytes": MAX_LINE_BYTES >> 10})
                yield Rejected(str(number), reason)
                continue
            yield number, _decoded(raw, number, path, origin).rstrip("\r\n")


def _open(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        packed = file.read(len(GZIP)) == GZIP
    return cast("IO[bytes]", gzip.open(path, "rb")) if packed else path.open("rb")


def _raw_lines(file: IO[bytes], origin: Origin) -> Iterator[bytes]:
    """Of a line that is too long only the beginning, one byte more than allowed."""
    total = 0
    try:
        while line := file.readline(MAX_LINE_BYTES + 1):
            rest = line
            while len(rest) > MAX_LINE_BYTES and not rest.endswith(b"\n"):
                total = _within_limit(total + len(rest), origin)
                rest = file.readline(MAX_LINE_BYTES + 1)
            total = _within_limit(total + len(rest), origin)
            yield line
    except (OSError, EOFError, zlib.error) as error:
        raise _damaged(origin) from error


def _within_limit(total: int, origin: Origin) -> int:
    """What was unpacked so far, also of lines that are passed by; a small file may hold much."""
    if total > MAX_UNPACKED_BYTES:
        message = mark("{name} grows too large when it is unpacked. Leave out rows.")
        raise DataRefused(message, name=origin.file_name)
    return total


def _decoded(raw: bytes, number: int, path: Path, origin: Origin) -> str:
    if number == 1:
        for bom, encoding in _WIDE:
            if raw.startswith(bom):
                raise _wrong_encoding(encoding, number, origin)
    try:
        return raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise _wrong_encoding(_guess(raw, path), number, origin) from error


def _guess(raw: bytes, path: Path) -> str | Reason:
    """The name of the encoding that a file is probably in."""
    with _open(path) as file:
        sample = file.read(HEAD_BYTES)
    sample = sample if not sample.isascii() else raw
    text = sample.decode("gb18030", "ignore")
    foreign = [character for character in text if not character.isascii()]
    chinese = sum("\u3000" <= one <= "\u9fff" or one > "\uff00" for one in foreign)
    if foreign and chinese > 0.9 * len(foreign):
        return _NAMES["gb18030"]
    best = from_bytes(sample).best()
    return _NAMES.get(best.encoding, best.encoding) if best else Reason(UNKNOWN)


def _wrong_encoding(encoding: str | Reason, number: int, origin: Origin) -> DataRefused:
    message = mark(
        "{name} is not in UTF-8 (line {line}); it looks like {encoding}. Open it in an editor or "
        "in Excel, choose “Save as” with the encoding UTF-8, and upload it again."
    )
    return DataRefused(message, name=origin.file_name, line=number, encoding=encoding)


def _damaged(origin: Origin) -> DataRefused:
    message = mark("The file {name} is damaged or incomplete. Download or pack it again.")
    return DataRefused(message, name=origin.file_name)
