"""`/write`: texts as people ask for them, what they get, and what is never done with them."""

import io
from collections.abc import Callable

import pytest
from docx import Document

from bot.commands.parse import parse_command
from storage import items, policies
from storage.conversations import recent_turns
from storage.members import TEACHER, add_member
from tests.doubles.desk import ANN, BOB, Answer, Desk
from tests.doubles.small_course import bring_in
from tests.tutor.writing.test_music import ENGLISH as SONG
from tutor.engine.contract import TextRequest
from tutor.language import Language
from tutor.messages import Picture, Status
from tutor.moves import Move

QUIZ = "Q: What is 12 * 12?\nA: 142\nQ: What is the largest planet?\nA: Jupiter"
PARAGRAPH = "Leaves fall and the year grows quiet. " * 20


@pytest.fixture
async def course_id(desk: Desk) -> str:
    return await bring_in(desk.services.database, desk.services.now())


async def bank_size(desk: Desk, course_id: str) -> dict[str, int]:
    async with desk.services.database.read() as session:
        return await items.count_items(session, course_id)


def statuses(answer: Answer) -> list[str]:
    return [part.text for part in answer.parts if isinstance(part, Status)]


async def test_short_text_is_shown_and_labelled(desk: Desk, language: Language) -> None:
    desk.engine.answers.append("**Autumn**\n\nLeaves fall.")
    answer = await desk.give("write", {"kind": "poem", "brief": "autumn"})
    assert answer.text.startswith("**Autumn**\n\nLeaves fall.")
    assert {Language.ENGLISH: "AI", Language.CHINESE: "人工智能"}[language] in answer.text
    assert "capable" in answer.text
    assert answer.move == Move.WRITE
    assert answer.files == []


async def test_long_text_is_planned_written_in_parts_and_comes_as_a_file(desk: Desk) -> None:
    desk.engine.answers.extend(["1. Why\n2. How\n3. And then", *[PARAGRAPH] * 3])
    brief = {"kind": "article", "brief": "why leaves fall", "length": "600"}
    answer = await desk.give("write", brief)
    assert len(statuses(answer)) == 4  # the plan and three parts
    [file] = answer.files
    text = file.data.decode()
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## Why",
        "## How",
        "## And then",
    ]
    assert "AI" in text.splitlines()[-1]
    assert len(answer.text) < 800
    assert len(text) > 1300
    assert "why leaves fall" in desk.engine.requests[-1].messages[-1].content


async def test_word_file_is_made_of_it_with_the_format_or_a_press(desk: Desk) -> None:
    desk.engine.answers.append("# Notes\n\n- one")
    answer = await desk.give("write", {"kind": "email", "brief": "x", "format": "docx"})
    [file] = answer.files
    assert file.name == "notes.docx"
    pressed = await desk.press(answer.button("As a Word file"))
    texts = [p.text for p in Document(io.BytesIO(pressed.files[0].data)).paragraphs]
    assert texts[:2] == ["Notes", "one"]
    assert texts[-1].startswith("Written by AI")


async def test_nobody_else_gets_the_file(desk: Desk) -> None:
    answer = await desk.give("write", {"kind": "poem", "brief": "autumn"})
    assert await desk.outcome(answer.button("As a Word file"), BOB) == "foreign"


async def test_song_has_a_sheet_and_its_notation(desk: Desk) -> None:
    desk.engine.answers.append(SONG)
    answer = await desk.give("write", {"kind": "song", "brief": "a star"})
    [picture] = [part for part in answer.parts if isinstance(part, Picture)]
    assert picture.data.startswith(b"\x89PNG")
    assert "Little Star" in picture.alt
    [file] = answer.files
    assert file.name == "song.abc"
    assert "N:Written by AI" in file.data.decode()


async def test_song_that_cannot_be_sung_is_asked_for_once_more(desk: Desk) -> None:
    desk.engine.answers.extend(["La la la.", SONG])
    answer = await desk.give("write", {"kind": "song", "brief": "a star"})
    assert [file.name for file in answer.files] == ["song.abc"]
    assert len(desk.engine.requests) == 2


async def test_song_that_fails_twice_is_said_to_have_failed(desk: Desk) -> None:
    desk.engine.answers.extend(["La la la.", "Do re mi."])
    answer = await desk.give("write", {"kind": "song", "brief": "a star"})
    assert "twice" in answer.text
    assert not answer.files
    assert answer.move == Move.DECLINE


async def test_profile_is_used_only_where_it_was_asked_for(desk: Desk) -> None:
    await desk.give("write", {"kind": "email", "brief": "to my landlord"})
    assert "Ann" not in desk.engine.requests[-1].messages[0].content
    await desk.give("write", {"kind": "email", "brief": "to my landlord", "personal": "yes"})
    assert "Ann" in desk.engine.requests[-1].messages[0].content


async def test_request_in_chinese_is_written_in_chinese(desk: Desk) -> None:
    desk.engine.answers.append("《秋》\n\n叶落。")
    answer = await desk.give("write", {"brief": "一首关于秋天的诗"})
    assert "叶落" in answer.text
    assert "简体中文" in desk.engine.requests[-1].messages[0].content


async def test_request_without_a_kind_is_asked_for_one(desk: Desk, language: Language) -> None:
    answer = await desk.give("write", {"brief": "something nice"})
    assert len(answer.choices) == 15
    assert not desk.engine.requests
    chosen = await desk.press(answer.choices[3])
    assert chosen.move == Move.WRITE
    assert "something nice" in desk.engine.requests[-1].messages[-1].content


async def test_what_was_written_is_no_part_of_the_conversation(desk: Desk) -> None:
    desk.engine.answers.append("Purple elephants dance.")
    answer = await desk.give("write", {"kind": "poem", "brief": "elephants"})
    async with desk.services.database.read() as session:
        stored = await recent_turns(session, answer.turn.conversation.id, 10)
    assert [turn.move for turn in stored] == [Move.WRITE]
    await desk.say("Tell me about gravity, please.")
    prompt = " ".join(message.content for message in desk.engine.requests[-1].messages)
    assert "elephants" not in prompt


async def test_text_that_holds_the_answer_of_their_problem_is_declined(desk: Desk) -> None:
    desk.engine.default = says("First subtract four. Then x = 3.")
    answer = await desk.give("write", {"kind": "article", "brief": "Solve 2x + 4 = 10"})
    assert "x = 3" not in answer.text
    assert answer.move == Move.DECLINE


async def test_text_that_nobody_should_read_is_not_shown(desk: Desk) -> None:
    desk.engine.default = says("You are a fucking idiot.")
    answer = await desk.give("write", {"kind": "poem", "brief": "my brother"})
    assert "idiot" not in answer.text
    assert answer.move == Move.DECLINE


async def test_nothing_is_written_in_an_examination(
    desk: Desk, language: Language, course_id: str
) -> None:
    earlier = await desk.give("write", {"kind": "poem", "brief": "autumn"})
    async with desk.services.database.write() as session:
        learner = earlier.turn.learner.id
        await add_member(session, course_id, learner, now=desk.clock[0])
        await policies.set_policy(
            session,
            course_id,
            "exam",
            starts_at=desk.clock[0],
            ends_at=None,
            by=learner,
            now=desk.clock[0],
        )
    asked = len(desk.engine.requests)
    answer = await desk.give("write", {"kind": "poem", "brief": "winter"})
    assert answer.move == Move.NO_HELP
    assert len(desk.engine.requests) == asked
    pressed = await desk.press(earlier.choices[0])
    assert not pressed.files


async def test_quiz_of_a_teacher_becomes_drafts_that_no_learner_sees(
    desk: Desk, course_id: str
) -> None:
    turn = (await desk.give("history", author=ANN)).turn
    async with desk.services.database.write() as session:
        await add_member(session, course_id, turn.learner.id, role=TEACHER, now=desk.clock[0])
    before = await bank_size(desk, course_id)
    desk.engine.answers.append(QUIZ)
    answer = await desk.give("write", {"kind": "quiz", "brief": "numbers and planets"})
    kept = await desk.press(answer.button("Put into a course as drafts"))
    after = await bank_size(desk, course_id)
    assert after["unverified"] == before.get("unverified", 0) + 2
    assert after["verified"] == before["verified"]
    assert "2 drafts" in kept.text
    assert "1 key" in kept.text
    assert "1 of them was wrong" in kept.text
    shown = await desk.press(kept.button("Go through them"))
    assert "12 * 12" in shown.text
    assert "`144`" in shown.text
    assert "key computed" in shown.text


async def test_learner_is_not_offered_to_change_a_course(desk: Desk) -> None:
    desk.engine.answers.append(QUIZ)
    answer = await desk.give("write", {"kind": "quiz", "brief": "numbers"})
    assert answer.labels == ["As a Markdown file", "As a Word file"]


@pytest.mark.parametrize(
    ("line", "arguments"),
    [
        ("/write poem on autumn", {"kind": "poem", "brief": "on autumn"}),
        ("/write a story about 3 bears", {"brief": "a story about 3 bears"}),
        (
            "/write length=300 format=docx lesson fractions",
            {"length": "300", "format": "docx", "kind": "lesson", "brief": "fractions"},
        ),
        ("/写作 一首诗", {"brief": "一首诗"}),
    ],
)
def test_typed_request_is_read_as_it_is_meant(line: str, arguments: dict[str, str]) -> None:
    call = parse_command(line)
    assert call is not None
    assert (call.name, dict(call.arguments)) == ("write", arguments)


def says(text: str) -> Callable[[TextRequest], str]:
    return lambda request: text
