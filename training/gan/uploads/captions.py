"""Which file shows what: from a table beside the pictures, or from the folder that each lies in.

A table is captions.csv, .jsonl or .txt (also metadata or labels): `file` and `label`, and where
wanted `style`, `en` and `zh`. A text file has a line for each picture: the file, a tab or a comma,
and the label.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import PurePosixPath

from training.gan.uploads.files import Entry, Files
from training.gan.uploads.labels import cleaned
from training.gan.uploads.refusal import UNLABELLED, Unfit

STEMS = ("captions", "metadata", "labels")
SUFFIXES = (".csv", ".tsv", ".jsonl", ".txt")
FILE_KEYS = ("file", "file_name", "filename", "image", "path", "name")
LABEL_KEYS = ("label", "class", "caption", "text", "concept")
OWN_STYLE = "own"


@dataclass(frozen=True, slots=True)
class Caption:
    """What one picture shows."""

    thing: str
    style: str = OWN_STYLE
    english: str = ""
    chinese: str = ""


class Captions:
    """`of` an entry says what it shows; `tables` are the files that say so."""

    def __init__(self, files: Files) -> None:
        tables = [entry for entry in files.entries if _is_table(entry)]
        self.tables = frozenset(entry.path for entry in tables)
        self._written: dict[str, Caption] = {}
        for entry in tables:
            for name, caption in _rows(entry.path.suffix.casefold(), _text(files.read(entry))):
                self._written[str(entry.path.parent / name)] = caption
                self._written.setdefault(PurePosixPath(name).name, caption)
        self._root = _common_root([one for one in files.entries if one.fault is None])

    def of(self, path: PurePosixPath) -> Caption:
        """Raises Unfit where nothing says what is seen."""
        found = self._written.get(str(path)) or self._written.get(path.name)
        if found is not None:
            return Caption(
                cleaned(found.thing),
                _optional(found.style) or OWN_STYLE,
                _optional(found.english),
                _optional(found.chinese),
            )
        folders = path.parts[self._root : -1]
        if not folders:
            raise Unfit(UNLABELLED)
        return Caption(cleaned(folders[0]))


def _optional(text: str) -> str:
    return cleaned(text) if text.strip() else ""


def _is_table(entry: Entry) -> bool:
    stem, suffix = entry.path.stem.casefold(), entry.path.suffix.casefold()
    return entry.fault is None and stem in STEMS and suffix in SUFFIXES


def _common_root(entries: list[Entry]) -> int:
    """How many folders all files lie in: a folder around everything is no label."""
    pictures = [entry.path.parts for entry in entries if not _is_table(entry)]
    if not pictures:
        return 0
    depth = 0
    while all(len(parts) > depth + 2 for parts in pictures):
        if len({parts[depth] for parts in pictures}) > 1:
            break
        depth += 1
    return depth


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace")


def _rows(suffix: str, text: str) -> Iterator[tuple[str, Caption]]:
    match suffix:
        case ".jsonl":
            for line in text.splitlines():
                yield from _row(_object(line))
        case ".csv" | ".tsv":
            delimiter = "\t" if suffix == ".tsv" or "\t" in text.partition("\n")[0] else ","
            for record in csv.DictReader(StringIO(text), delimiter=delimiter):
                yield from _row(record)
        case _:
            for line in text.splitlines():
                for sign in ("\t", "|", ","):
                    name, found, label = line.partition(sign)
                    if found:
                        yield from _row({"file": name, "label": label})
                        break


def _object(line: str) -> Mapping[str, object]:
    try:
        record = json.loads(line)
    except ValueError:
        return {}  # its picture is rejected as unlabelled
    return record if isinstance(record, dict) else {}


def _row(record: Mapping[str, object]) -> Iterator[tuple[str, Caption]]:
    values = {
        str(key).strip().casefold(): str(value).strip()
        for key, value in record.items()
        if isinstance(value, str | int | float)
    }
    name = next((values[key] for key in FILE_KEYS if values.get(key)), "")
    thing = next((values[key] for key in LABEL_KEYS if values.get(key)), "")
    thing = thing or values.get("en", "") or values.get("zh", "")
    if name and thing:
        name = name.replace("\\", "/").removeprefix("./")
        caption = Caption(
            thing, values.get("style", ""), values.get("en", ""), values.get("zh", "")
        )
        yield name, caption
