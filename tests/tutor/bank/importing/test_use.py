"""Importing a file: the format is found, a dry run says the same, and again changes nothing."""

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from storage import courses, items
from storage.database import Database
from tests.doubles.storage_tour import NOW
from tutor.bank.importing.detect import Format, detect
from tutor.bank.importing.report import ImportRefused, Options
from tutor.bank.importing.use import ImportReport, import_file
from tutor.bank.saving import Saved

CSV = "question,answer,hints,lesson\nWhat is 2+3?,5,Count on.,Sums\n,4,,\nWhat is 2+2?,4,,Sums\n"
OPTIONS = Options(key="sums", name="Sums", file_name="sums.csv")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "upload"
    path.write_text(CSV)
    return path


async def run(database: Database, file: Path, *, dry_run: bool = False) -> ImportReport:
    return await import_file(database, file, OPTIONS, NOW, dry_run)


async def test_a_dry_run_reports_the_same_and_writes_nothing(
    database: Database, file: Path
) -> None:
    dry = await run(database, file, dry_run=True)
    async with database.read() as session:
        assert await courses.courses(session) == []
    real = await run(database, file)
    without_saved = tuple(replace(course, saved=None) for course in real.courses)
    assert replace(real, courses=without_saved, dry_run=True) == dry
    assert [remark.place for remark in real.not_taken] == ["3"]
    assert real.counts.items == 2


async def test_importing_again_changes_nothing_and_a_changed_file_only_that(
    database: Database, file: Path
) -> None:
    first = (await run(database, file)).courses[0].saved
    assert first is not None
    again = (await run(database, file)).courses[0].saved
    assert again == Saved(first.course_id, unchanged=2)
    file.write_text(CSV.replace("Count on.", "Count up."))
    changed = (await run(database, file)).courses[0].saved
    assert changed == Saved(first.course_id, changed=1, unchanged=1)
    async with database.read() as session:
        assert await items.count_items(session, first.course_id) == {"verified": 2}


async def test_progress_names_each_course(database: Database, file: Path) -> None:
    told: list[tuple[str, int, int]] = []
    await import_file(database, file, OPTIONS, NOW, progress=lambda *now: told.append(now))
    assert told == [("Sums", 0, 1)]


async def test_a_file_in_which_nothing_can_be_taken_is_refused_with_the_first_reason(
    database: Database, file: Path
) -> None:
    file.write_text("question,answer\nOnly a question?,\n")
    with pytest.raises(ImportRefused, match="2: There is no answer"):
        await run(database, file)
    with pytest.raises(ImportRefused, match="no file"):
        await run(database, file.with_name("missing"))


@pytest.mark.parametrize(
    ("name", "content", "format_"),
    [
        ("a.jsonl", '{"question": "?", "answer": "#### 1"}', Format.GSM8K),
        ("a.xml", '<?xml version="1.0"?>\n<quiz></quiz>', Format.MOODLE),
        ("a.txt", "Is it?{T}", Format.GIFT),
        ("a.gift", "Who?{}", Format.GIFT),
        ("a.csv", "题目，答案\n", Format.CSV),
        ("upload", "question\tanswer\n", Format.CSV),
    ],
)
def test_the_format_is_found_by_what_the_file_holds(
    tmp_path: Path, name: str, content: str, format_: Format
) -> None:
    (tmp_path / "upload").write_text(content)
    assert detect(tmp_path / "upload", name) is format_


def test_archives_are_told_apart(tmp_path: Path) -> None:
    for name, inside, format_ in (
        ("a.zip", "content-pool/a/a.json", Format.OATUTOR),
        ("b.zip", "collection.anki2", Format.ANKI),
    ):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr(inside, "{}")
        assert detect(tmp_path / name) is format_
    assert detect(tmp_path) is Format.OATUTOR


@pytest.mark.parametrize("content", [b"", b"Dear all, hello", b"\x7fELF\x00\x01", b"%PDF-1.7 \x00"])
def test_a_file_of_no_known_format_is_refused_with_those_there_are(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "a.bin").write_bytes(content)
    with pytest.raises(ImportRefused, match="OATutor"):
        detect(tmp_path / "a.bin")
