"""Tables as CSV: prompt and answer, or prompt, chosen and rejected, by the names of the columns."""

import csv
from collections.abc import Iterator
from pathlib import Path

from training.datasets.reading.found import DataRefused, Found, Origin, Rejected, RowRefused
from training.datasets.reading.lines import MAX_LINE_BYTES, lines_of
from training.datasets.reading.records import COLUMNS, row_of
from tutor.bank.reason import Reason
from tutor.i18n import mark

DELIMITERS = ",;\t"


def is_header(line: str) -> bool:
    """Whether a first line names two columns or more that are known, or the only one `text`."""
    return len(COLUMNS & set(_names(line))) >= 2 or _names(line) == ["text"]


def read(path: Path, origin: Origin) -> Iterator[Found]:
    """A row for each record; its place is the line where it ends. Raises DataRefused."""
    too_long: list[Rejected] = []
    texts = _texts(path, origin, too_long)
    header, first = next((text, line) for line, text in enumerate(texts, 1) if text.strip())
    names = _names(header)
    csv.field_size_limit(MAX_LINE_BYTES)
    reader = csv.reader(texts, delimiter=_delimiter(header))
    try:
        for cells in reader:
            yield from too_long
            too_long.clear()
            if any(cell.strip() for cell in cells):
                yield _found(dict(zip(names, cells, strict=False)), reader.line_num + first, origin)
    except csv.Error as error:
        message = mark("{name} can't be read as a table after line {line}. Check its quotes.")
        raise DataRefused(message, name=origin.file_name, line=reader.line_num + first) from error
    yield from too_long


def _texts(path: Path, origin: Origin, too_long: list[Rejected]) -> Iterator[str]:
    for line in lines_of(path, origin):
        if isinstance(line, Rejected):
            too_long.append(line)
        else:
            yield line[1] + "\n"


def _found(record: dict[str, str], line: int, origin: Origin) -> Found:
    filled = {name: value for name, value in record.items() if name in COLUMNS or value.strip()}
    try:
        return row_of(filled, str(line), origin)
    except RowRefused as error:
        return Rejected(str(line), Reason(error.reason.message, error.reason.fields))


def _names(header: str) -> list[str]:
    cells = next(csv.reader([header], delimiter=_delimiter(header)), [])
    return [cell.strip().lstrip("\ufeff").lower() for cell in cells]


def _delimiter(header: str) -> str:
    return max(DELIMITERS, key=header.count)
