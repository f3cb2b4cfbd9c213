"""Anki packages of all three layouts: cards, gaps, decks, and what is left out."""

import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
import zstandard

from tutor.bank.importing import anki
from tutor.bank.importing.report import ImportRefused, Options, Reading
from tutor.bank.item import AnswerType, HintKind
from tutor.language import Language

Rows = list[tuple[int, list[str]]]

BASIC, GAPS, OWN = 1, 2, 3
KINDS = {
    BASIC: ("Basic", ["Front", "Back", "Hint"]),
    GAPS: ("Cloze", ["Text", "Extra"]),
    OWN: ("Vocabulary", ["Hanzi", "English", "Example"]),
}
NOTES: Rows = [
    (BASIC, ["<b>2 + 3</b> = ?", "5", "Count on."]),
    (GAPS, ["{{c1::Paris::city}} is in {{c2::France}}, and {{c1::Lyon}} too.", ""]),
    (OWN, ["水", "water", "我喝水。"]),
    (BASIC, ["Only a picture?", '<img src="a.png">', ""]),
    (BASIC, ["Explain.", "Because it is so.<br>And for another reason.", ""]),
]


def collection(file: Path, notes: Rows, *, split: bool) -> bytes:
    """A collection with the tables that matter, in the old or the new layout."""
    with closing(sqlite3.connect(file)) as database, database:
        database.create_collation("unicase", lambda one, other: (one > other) - (one < other))
        database.execute("CREATE TABLE notes (id INTEGER, guid TEXT, mid INTEGER, flds TEXT)")
        database.execute("CREATE TABLE cards (id INTEGER, nid INTEGER, did INTEGER)")
        if split:
            _add_split_kinds(database)
        else:
            _add_kinds(database)
        for number, (kind, fields) in enumerate(notes, start=100):
            values = (number, f"guid{number}", kind, "\x1f".join(fields))
            database.execute("INSERT INTO notes VALUES (?, ?, ?, ?)", values)
            database.execute("INSERT INTO cards VALUES (?, ?, 9)", (number, number))
    return file.read_bytes()


def _add_kinds(database: sqlite3.Connection) -> None:
    models = {
        str(key): {"name": name, "flds": [{"name": field} for field in fields]}
        for key, (name, fields) in KINDS.items()
    }
    decks = {"9": {"name": "School::Numbers"}}
    database.execute("CREATE TABLE col (models TEXT, decks TEXT)")
    database.execute("INSERT INTO col VALUES (?, ?)", (json.dumps(models), json.dumps(decks)))


def _add_split_kinds(database: sqlite3.Connection) -> None:
    database.execute("CREATE TABLE col (models TEXT, decks TEXT)")
    database.execute("INSERT INTO col VALUES ('', '')")
    database.execute("CREATE TABLE notetypes (id INTEGER, name TEXT COLLATE unicase)")
    database.execute("CREATE TABLE fields (ntid INTEGER, ord INTEGER, name TEXT COLLATE unicase)")
    database.execute("CREATE TABLE decks (id INTEGER, name TEXT COLLATE unicase)")
    database.execute("INSERT INTO decks VALUES (9, 'School' || char(31) || 'Numbers')")
    for key, (name, fields) in KINDS.items():
        database.execute("INSERT INTO notetypes VALUES (?, ?)", (key, name))
        for position, field in enumerate(fields):
            database.execute("INSERT INTO fields VALUES (?, ?, ?)", (key, position, field))


def package(folder: Path, layout: str, notes: Rows = NOTES) -> Path:
    file = folder / "deck.apkg"
    split = layout == "anki21b"
    content = collection(folder / "collection.db", notes, split=split)
    with zipfile.ZipFile(file, "w") as archive:
        if split:
            content = zstandard.ZstdCompressor().compress(content)
        if layout != "anki2":
            please = collection(
                folder / "old.db", [(BASIC, ["Please upgrade", "!", ""])], split=False
            )
            archive.writestr("collection.anki2", please)
        archive.writestr(f"collection.{layout}", content)
        archive.writestr("media", "{}")
        archive.writestr("0", b"picture")
    return file


def read(file: Path) -> Reading:
    return anki.read(file, Options())


@pytest.fixture(params=["anki2", "anki21", "anki21b"])
def reading(tmp_path: Path, request: pytest.FixtureRequest) -> Reading:
    return read(package(tmp_path, request.param))


def test_cards_are_read_from_every_layout(reading: Reading) -> None:
    sums, gaps, water, explain = reading.courses[0].items
    assert sums.steps[0].prompt == "2 + 3 = ?"
    assert sums.steps[0].answer.type is AnswerType.NUMBER
    assert [(hint.kind, hint.text) for hint in sums.steps[0].hints] == [
        (HintKind.HINT, "Count on.")
    ]
    assert (water.steps[0].prompt, water.steps[0].answer.answers) == ("水", ("water",))
    assert explain.steps[0].answer.type is AnswerType.OPEN
    assert [(step.prompt, step.answer.answers) for step in gaps.steps] == [
        ("____ (city) is in France, and ____ too.", ("Paris, Lyon",)),
        ("Paris is in ____, and Lyon too.", ("France",)),
    ]


def test_decks_become_lessons(reading: Reading) -> None:
    assert [lesson.names["en"] for lesson in reading.courses[0].lessons] == ["Numbers"]


def test_media_and_cards_without_text_are_reported(reading: Reading) -> None:
    assert [remark.reason.message for remark in reading.not_taken] == [
        "Its front or its back has no text."
    ]
    said = [remark.reason.said(Language.ENGLISH) for remark in reading.remarks]
    assert any("1 media files" in sentence for sentence in said)


def test_a_package_keeps_its_keys_from_export_to_export(tmp_path: Path) -> None:
    keys = {item.key for item in read(package(tmp_path, "anki2")).courses[0].items}
    assert keys == {"guid100", "guid101", "guid102", "guid104"}


@pytest.mark.parametrize("kept", [0.2, 0.7])
def test_a_truncated_package_is_refused(tmp_path: Path, kept: float) -> None:
    file = package(tmp_path, "anki21b")
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(ImportRefused, match="damaged"):
        read(file)


def test_a_package_with_another_database_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.apkg", "w") as archive:
        archive.writestr("collection.anki2", b"not SQLite at all" * 100)
    with pytest.raises(ImportRefused, match="damaged"):
        read(tmp_path / "a.apkg")
