"""What comes out of the files that people send, good and bad; the parser runs for real."""

import asyncio
import subprocess
import sys

import pytest

from tests.doubles import documents
from tutor.knowledge.attachments import (
    MAX_CHARACTERS,
    MAX_FILE_BYTES,
    FileKind,
    Problem,
    ReadAttachment,
    read_attachment_bounded,
)
from tutor.language import Language


async def read(name: str, data: bytes, **limits: float) -> ReadAttachment:
    return await read_attachment_bounded(name, "", data, **limits)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("note.txt", b"Solve 3x + 5 = 20", FileKind.TEXT),
        ("note.md", b"# Solve 3x + 5 = 20", FileKind.MARKDOWN),
        ("sum.py", b"print('Solve 3x + 5 = 20')", FileKind.CODE),
        ("marks.csv", b"task,answer\nSolve 3x + 5 = 20,5", FileKind.TABLE),
        ("sheet.pdf", documents.pdf(["Solve 3x + 5 = 20"]), FileKind.PDF),
        ("sheet.docx", documents.word(["Solve 3x + 5 = 20"]), FileKind.WORD),
    ],
)
async def test_text_is_read_from_files_of_every_kind(
    name: str, data: bytes, kind: FileKind
) -> None:
    result = await read(name, data)
    assert (result.kind, result.problem) == (kind, None)
    assert "Solve 3x + 5 = 20" in result.text
    assert result.complete
    assert result.explain(Language.ENGLISH) == ""


async def test_equation_and_chinese_are_read_from_a_picture() -> None:
    result = await read(
        "photo.jpg", documents.photo("3x + 5 = 20", "求解方程", image_format="JPEG")
    )
    assert result.kind is FileKind.PICTURE
    assert result.text.splitlines() == ["3x + 5 = 20", "求解方程"]


async def test_scanned_pdf_is_recognised() -> None:
    result = await read("scan.pdf", documents.scanned_pdf("2x + 7 = 15"))
    assert result.kind is FileKind.PDF
    assert "2x + 7 = 15" in result.text


async def test_content_counts_and_not_the_name() -> None:
    result = await read("really.txt", documents.pdf(["Inside is a PDF"]))
    assert (result.kind, result.text) == (FileKind.PDF, "Inside is a PDF")
    assert (await read("fake.pdf", b"Only a text")).kind is FileKind.TEXT


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
async def test_chinese_text_is_read_in_the_encodings_in_use(encoding: str) -> None:
    result = await read("题目.txt", "求三角形的面积。".encode(encoding))
    assert result.text == "求三角形的面积。"


async def test_tables_of_a_word_file_are_read_row_by_row() -> None:
    result = await read("plan.docx", documents.word(["Plan"], [["Mon", "Algebra"]]))
    assert result.text == "Plan\nMon | Algebra"


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("empty.pdf", b"", Problem.EMPTY),
        ("blank.txt", b" \n\t ", Problem.EMPTY),
        ("large.pdf", b"%PDF-" + bytes(25 * 1024**2), Problem.TOO_LARGE),
        ("secret.pdf", documents.encrypted_pdf("hidden"), Problem.ENCRYPTED),
        ("torn.pdf", b"%PDF-1.7 and then nothing of the kind", Problem.DAMAGED),
        ("torn.docx", documents.word(["text"])[:200], Problem.DAMAGED),
        ("torn.png", documents.photo("text")[:300], Problem.DAMAGED),
        ("tool.txt", b"\x7fELF" + bytes(500), Problem.UNSUPPORTED),
        ("noise.txt", bytes(range(256)) * 20, Problem.UNSUPPORTED),
        ("some.zip", documents.archive({"a.txt": b"a"}), Problem.UNSUPPORTED),
        ("white.png", documents.photo(" "), Problem.NO_TEXT),
        ("bomb.docx", documents.word_bomb(), Problem.BOMB),
        (
            "laughs.docx",
            documents.word(["&b;"], head='<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'),
            Problem.BOMB,
        ),
        ("bomb.png", documents.picture_bomb(), Problem.BOMB),
    ],
)
async def test_bad_file_ends_in_a_problem_and_a_sentence(
    name: str, data: bytes, problem: Problem
) -> None:
    result = await read(name, data)
    assert (result.problem, result.text) == (problem, "")
    assert name in result.explain(Language.ENGLISH)


async def test_pdf_bomb_is_killed_and_its_successor_is_read() -> None:
    bomb = await read("bomb.pdf", documents.pdf_bomb(), timeout_seconds=2)
    assert bomb.problem is Problem.TOO_HARD
    assert (await read("next.txt", b"still here")).text == "still here"


async def test_reader_without_an_answer_in_time_is_given_up() -> None:
    result = await read("note.txt", b"text", timeout_seconds=0.001)
    assert result.problem is Problem.TOO_HARD


async def test_long_text_is_capped_and_says_so() -> None:
    result = await read("long.txt", b"word " * MAX_CHARACTERS)
    assert len(result.text) <= MAX_CHARACTERS
    assert result.characters_left_out > 3 * MAX_CHARACTERS
    assert str(result.characters_left_out) in result.explain(Language.ENGLISH)


async def test_long_pdf_says_how_many_pages_were_read() -> None:
    pages = [f"page {number} " + "word " * 400 for number in range(30)]
    result = await read("book.pdf", documents.pdf(pages))
    assert result.pages == 30
    assert 0 < result.pages_read < 30
    assert "30 pages" in result.explain(Language.ENGLISH)


async def test_event_loop_runs_on_while_a_file_is_read() -> None:
    reading = asyncio.create_task(read("photo.png", documents.photo("3x + 5 = 20")))
    turns = 0
    while not reading.done():
        await asyncio.sleep(0.01)
        turns += 1
    assert turns > 10
    assert reading.result().problem is None


async def test_reader_inherits_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[dict[str, str]] = []
    start = asyncio.create_subprocess_exec

    async def watched(*arguments: str, **options: object) -> object:
        started.append(options["env"])  # type: ignore[arg-type]
        return await start(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setenv("DISCORD_TOKEN", "planted-secret")
    monkeypatch.setattr(asyncio, "create_subprocess_exec", watched)
    assert (await read("note.txt", b"text")).text == "text"
    assert len(started) == 1
    assert "planted-secret" not in str(started)


def test_every_problem_has_a_sentence_in_both_languages() -> None:
    for problem in Problem:
        result = ReadAttachment("a\nb.pdf", FileKind.UNKNOWN, problem=problem)
        assert "a b.pdf" in result.explain(Language.ENGLISH)


def test_limits_leave_room_below_what_platforms_deliver() -> None:
    assert MAX_FILE_BYTES < 25 * 1024**2


def test_importing_attachments_loads_no_parser() -> None:
    heavy = {"pypdfium2", "rapidocr", "cv2", "onnxruntime"}
    code = f"import sys, tutor.knowledge.attachments; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
