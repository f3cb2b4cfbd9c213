"""Reads an upload in whichever format it is, by what is in it and not by its name."""

import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path

from training.datasets.reading import json_lines, oatutor, plain_text, table
from training.datasets.reading.found import DataRefused, Found, Origin
from training.datasets.reading.lines import check_size, empty, head_of
from tutor.i18n import mark
from tutor.knowledge.sniffing import Content, sniff


class Format(StrEnum):
    JSON_LINES = "json_lines"
    TABLE = "table"
    OATUTOR = "oatutor"
    TEXT = "text"


Read = Callable[[Path, Origin], Iterator[Found]]
READERS: Mapping[Format, Read] = {
    Format.JSON_LINES: json_lines.read,
    Format.TABLE: table.read,
    Format.OATUTOR: oatutor.read,
    Format.TEXT: plain_text.read,
}


def read(path: Path, origin: Origin) -> Iterator[Found]:
    """Every row of a file or folder, as it is read. Raises BankError with a sentence."""
    if not path.exists():
        raise DataRefused(mark("There is no file {name}."), name=origin.file_name)
    yield from READERS[detect(path, origin)](path, origin)


def detect(path: Path, origin: Origin) -> Format:
    """The format of a file or folder. Raises DataRefused, also for one that is too large."""
    if path.is_dir():
        return Format.OATUTOR
    check_size(path, origin)
    head = head_of(path, origin)
    if zipfile.is_zipfile(path) or tarfile.is_tarfile(path):
        return Format.OATUTOR
    if sniff(head) is not Content.TEXT:
        raise _unknown(origin)
    text = head.decode("utf-8-sig", "replace").lstrip()
    if not text:
        raise empty(origin)
    if text.startswith("["):
        _refuse_array(text, origin)
    if text.startswith("{"):
        return Format.JSON_LINES
    return Format.TABLE if table.is_header(text.partition("\n")[0]) else Format.TEXT


def _refuse_array(text: str, origin: Origin) -> None:
    """A list of objects is JSON, but not one object a line; markdown may begin with a link."""
    if text[1:].lstrip().startswith(("{", "[")):
        message = mark(
            "{name} is one JSON list. Write one object a line instead (JSON lines): "
            "jq -c '.[]' {name} > data.jsonl"
        )
        raise DataRefused(message, name=origin.file_name)


def _unknown(origin: Origin) -> DataRefused:
    message = mark(
        "{name} is in no format that can be trained on. Use JSON lines (.jsonl), CSV, plain text "
        "or markdown in UTF-8, or an OATutor archive (.zip, .tar.gz)."
    )
    return DataRefused(message, name=origin.file_name)
