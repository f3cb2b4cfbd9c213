"""JSON lines: one record a line, in any of the forms of `records`."""

import json
from collections.abc import Iterator
from pathlib import Path

from training.datasets.reading.found import Found, Origin, Rejected, RowRefused
from training.datasets.reading.lines import lines_of
from training.datasets.reading.records import row_of
from tutor.bank.reason import Reason
from tutor.i18n import mark


def read(path: Path, origin: Origin) -> Iterator[Found]:
    """A row for each line that is not blank. Raises DataRefused."""
    for line in lines_of(path, origin):
        if isinstance(line, Rejected):
            yield line
            continue
        number, text = line
        if text.strip():
            yield _found(text, str(number), origin)


def _found(text: str, place: str, origin: Origin) -> Found:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return Rejected(place, Reason(mark("This line is no valid JSON.")))
    if not isinstance(record, dict):
        return Rejected(place, Reason(mark("This line is no JSON object with fields.")))
    try:
        return row_of(record, place, origin)
    except RowRefused as error:
        return Rejected(place, error.reason)
