"""Opens Anki packages: the notes of a collection, whichever of three layouts it has.

`collection.anki21b` (zstd) is the newest layout, `.anki21` and `.anki2` the older ones; a new
package holds an old one too, with nothing but a note that says to upgrade.
"""

import json
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import zstandard

from tutor.bank.importing.report import ImportRefused
from tutor.i18n import mark

NEWEST, OLDER = "collection.anki21b", ("collection.anki21", "collection.anki2")
MAX_BYTES = 512 << 20
FIELDS_BETWEEN = "\x1f"


@dataclass(frozen=True, slots=True)
class Note:
    """A note with its fields by name, in their order (HTML)."""

    id: int
    guid: str
    kind: str
    deck: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class Package:
    notes: tuple[Note, ...]
    media: int


def read_package(path: Path, name: str) -> Package:
    """All notes of a package. Raises ImportRefused."""
    damaged = mark("{name} is a damaged or incomplete Anki package. Export it again.")
    try:
        with zipfile.ZipFile(path) as archive:
            content = _collection(archive)
            media = sum(entry.isdigit() for entry in archive.namelist())
        with tempfile.TemporaryDirectory(prefix="daoshi-anki-") as folder:
            file = Path(folder) / "collection.db"
            file.write_bytes(content)
            return Package(tuple(_notes(file)), media)
    except (
        zipfile.BadZipFile, zlib.error, zstandard.ZstdError, sqlite3.Error, ValueError, KeyError,
        EOFError, NotImplementedError, RuntimeError,
    ) as error:  # fmt: skip
        raise ImportRefused(damaged, name=name) from error


def _collection(archive: zipfile.ZipFile) -> bytes:
    names = archive.namelist()
    if NEWEST in names:
        with (
            archive.open(NEWEST) as file,
            zstandard.ZstdDecompressor().stream_reader(file) as plain,
        ):
            content: bytes = plain.read(MAX_BYTES + 1)
    else:
        chosen = next(name for name in OLDER if name in names)
        with archive.open(chosen) as file:
            content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        message = mark(
            "The archive grows too large when it is unpacked (at {name}), so it is refused."
        )
        raise ImportRefused(message, name=NEWEST)
    return content


def _notes(file: Path) -> Iterator[Note]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        connection.create_collation("unicase", _compare)
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        split = "notetypes" in tables
        kinds = _split_kinds(connection) if split else _kinds(connection)
        decks = _split_decks(connection) if split else _decks(connection)
        rows = connection.execute(
            "SELECT n.id, n.guid, n.mid, n.flds, (SELECT did FROM cards WHERE nid = n.id LIMIT 1) "
            "FROM notes n ORDER BY n.id"
        )
        for id_, guid, kind_id, values, deck_id in rows:
            kind, names = kinds.get(kind_id, ("", ()))
            texts = str(values).split(FIELDS_BETWEEN)
            names = (*names, *(str(number) for number in range(len(names), len(texts))))
            fields = dict(zip(names, texts, strict=False))
            yield Note(id_, str(guid), kind, decks.get(deck_id, ""), fields)


def _kinds(connection: sqlite3.Connection) -> dict[int, tuple[str, tuple[str, ...]]]:
    """The kinds of notes with the names of their fields, of the older layouts."""
    [text] = connection.execute("SELECT models FROM col").fetchone()
    return {
        int(key): (str(model["name"]), tuple(str(field["name"]) for field in model["flds"]))
        for key, model in json.loads(text).items()
    }


def _decks(connection: sqlite3.Connection) -> dict[int, str]:
    [text] = connection.execute("SELECT decks FROM col").fetchone()
    return {int(key): str(deck["name"]) for key, deck in json.loads(text).items()}


def _split_kinds(connection: sqlite3.Connection) -> dict[int, tuple[str, tuple[str, ...]]]:
    fields: dict[int, tuple[str, ...]] = {}
    for kind, name in connection.execute("SELECT ntid, name FROM fields ORDER BY ntid, ord"):
        fields[kind] = (*fields.get(kind, ()), str(name))
    kinds = connection.execute("SELECT id, name FROM notetypes")
    return {id_: (str(name), fields.get(id_, ())) for id_, name in kinds}


def _split_decks(connection: sqlite3.Connection) -> dict[int, str]:
    rows = connection.execute("SELECT id, name FROM decks")
    return {id_: str(name).replace(FIELDS_BETWEEN, "::") for id_, name in rows}


def _compare(one: str, other: str) -> int:
    """Anki's collation, which is not part of SQLite."""
    left, right = one.casefold(), other.casefold()
    return (left > right) - (left < right)
