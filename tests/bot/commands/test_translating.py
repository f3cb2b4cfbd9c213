"""`/translate`: long texts, files, the words of a course, and what a small model leaves out."""

import io
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document

from bot.commands.run import run_command
from storage import members, policies
from storage.conversations import recent_turns
from storage.database import Database
from tests.doubles import questions
from tests.doubles.assembled import assembled
from tests.doubles.desk import Answer, Desk
from tests.doubles.fake_engine import FakeEngine
from tests.doubles.small_course import bring_in
from tutor.engine.contract import TextRequest
from tutor.engine.profiles import EMBEDDED
from tutor.language import Language
from tutor.messages import Status
from tutor.moves import Move
from tutor.turn import Upload

PARAGRAPH = "Light travels very fast through empty space. " * 15
LONG = f"# Light\n\n{PARAGRAPH}\n\n```python\nprint('hi')\n```\n\nIts energy is $E = h f$.\n"


def to_chinese(request: TextRequest) -> str:
    """A translator that keeps marks and headings."""
    text = request.messages[-1].content.split("\n\n", 1)[1]
    return re.sub(r"[A-Za-z][A-Za-z ,.]*", "译", text)


@pytest.fixture
async def small(database: Database, tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk with the embedded model, which translates nothing."""
    engine, clock = FakeEngine(), [questions.question().received_at]
    services = assembled(database, engine, lambda: clock[0], tmp_path, profile=EMBEDDED)
    desk = Desk(services, engine, clock)
    yield desk
    await desk.services.close()


async def give_file(desk: Desk, name: str, data: bytes, **arguments: str) -> Answer:
    turn = await desk.turn(questions.command("translate", arguments=arguments))
    turn = replace(turn, uploads=(Upload(name, "", data),))
    return await desk._shown(turn, run_command(desk.services, turn))


async def test_long_text_is_translated_by_paragraphs_with_code_and_formulas_kept(
    desk: Desk, language: Language
) -> None:
    desk.engine.default = to_chinese
    answer = await desk.give("translate", {"text": LONG, "language": "zh-CN"})
    assert "```python\nprint('hi')\n```" in answer.text
    assert "$E = h f$" in answer.text
    assert answer.text.startswith("# 译")
    progress = [part for part in answer.parts if isinstance(part, Status)]
    assert len(progress) == len(desk.engine.requests) == 3
    assert not any("print" in r.messages[-1].content for r in desk.engine.requests)
    assert answer.move == Move.TRANSLATE


async def test_part_that_the_model_spoils_stays_as_it_was_and_is_counted(desk: Desk) -> None:
    desk.engine.default = "Ich weiß nicht."  # loses the mark of the formula
    answer = await desk.give("translate", {"text": "Energy is $E = h f$.", "language": "zh-CN"})
    assert "Energy is $E = h f$." in answer.text
    assert "1 part" in answer.text
    assert len(desk.engine.requests) == 2


@pytest.mark.parametrize(("name", "expected"), [("a.txt", "a-zh-cn.txt"), ("a.md", "a-zh-cn.md")])
async def test_file_comes_back_as_such_a_file(desk: Desk, name: str, expected: str) -> None:
    desk.engine.default = to_chinese
    answer = await give_file(desk, name, LONG.encode(), language="zh-CN")
    [file] = answer.files
    assert file.name == expected
    text = file.data.decode()
    assert text.startswith("# 译")
    assert "print('hi')" in text
    assert "AI" in text.strip().splitlines()[-1]


async def test_word_file_comes_back_as_a_word_file(desk: Desk) -> None:
    desk.engine.default = to_chinese
    document, data = Document(), io.BytesIO()
    document.add_paragraph("Light travels very fast.")
    document.save(data)
    answer = await give_file(desk, "Notes.docx", data.getvalue(), language="zh-CN")
    [file] = answer.files
    paragraphs = [p.text for p in Document(io.BytesIO(file.data)).paragraphs]
    assert file.name == "notes-zh-cn.docx"
    assert "译" in paragraphs[0]


async def test_broken_file_costs_a_sentence(desk: Desk) -> None:
    answer = await give_file(desk, "a.docx", b"PK\x03\x04 no document", language="zh-CN")
    assert "a.docx" in answer.text
    assert not desk.engine.requests


async def test_words_of_the_course_are_used(desk: Desk) -> None:
    await bring_in(desk.services.database, desk.services.now())
    desk.engine.answers.append("我们学加法。")
    text = "We practise adding numbers today."
    await desk.give("translate", {"text": text, "language": "zh-CN"})
    assert "Adding numbers = 加法" in desk.engine.requests[-1].messages[-1].content


async def test_translation_is_no_part_of_the_conversation(desk: Desk) -> None:
    desk.engine.default = to_chinese
    answer = await desk.give("translate", {"text": LONG, "language": "zh-CN"})
    async with desk.services.database.read() as session:
        stored = await recent_turns(session, answer.turn.conversation.id, 10)
    assert [turn.move for turn in stored] == [Move.TRANSLATE]


async def test_small_model_looks_words_up_and_says_what_it_lacks(small: Desk) -> None:
    word = await small.give("translate", {"text": "apple", "language": "zh-CN"})
    assert "苹果" in word.text
    assert "CC BY-SA" in word.text
    sentence = await small.give(
        "translate", {"text": "I would like to see the sea.", "language": "zh-CN"}
    )
    assert "a stronger model" in sentence.text
    assert sentence.move == Move.NAME_LIMIT
    assert not small.engine.requests


async def test_without_a_text_it_asks_for_one(desk: Desk, language: Language) -> None:
    answer = await desk.give("translate", {})
    assert answer.text
    assert not desk.engine.requests


async def test_in_an_examination_not_even_the_dictionary_helps(small: Desk) -> None:
    course_id = await bring_in(small.services.database, small.services.now())
    learner = (await small.give("history")).turn.learner.id
    now = small.clock[0]
    async with small.services.database.write() as session:
        await members.add_member(session, course_id, learner, now=now)
        await policies.set_policy(
            session, course_id, "exam", starts_at=now, ends_at=None, by=learner, now=now
        )
    answer = await small.give("translate", {"text": "apple", "language": "zh-CN"})
    assert "苹果" not in answer.text
    assert answer.move == Move.NO_HELP
