"""Items and courses that nobody would write on purpose, and answers that nobody expects."""

from dataclasses import replace

import pytest

from storage.attempts import latest_attempts
from tests.bot.commands.lessons.test_lessons import solution
from tests.doubles.desk import Desk
from tests.doubles.small_course import ITEMS, bring_in, choice, hidden, number, small_course
from tutor.bank.item import Item


async def begun_with(desk: Desk, *items: Item) -> None:
    """A course of these items alone is there."""
    course = replace(small_course(), items=items)
    await bring_in(desk.services.database, desk.clock[0], course)


async def test_a_question_with_more_choices_than_a_menu_holds_is_answered_in_words(
    desk: Desk,
) -> None:
    choices = tuple(f"element {number}" for number in range(1, 119))
    await begun_with(desk, choice("many", "Which element is gold?", choices, "element 79"))
    asked = await desk.give("practice", {"skill": "colours"})
    assert "Which element is gold?" in asked.text
    assert "Hint" in asked.labels
    assert (await desk.say("element 79")).move == "confirm"


@pytest.mark.parametrize("name", ["learn", "quiz", "practice"])
async def test_nothing_is_promised_where_a_skill_has_no_verified_question(
    desk: Desk, name: str
) -> None:
    await begun_with(desk, *(hidden(item) for item in ITEMS))
    words = {"what" if name == "learn" else "skill": "colours"}
    answered = await desk.give(name, words)
    assert "nothing to practise" in answered.text
    assert not answered.choices


@pytest.mark.parametrize("text", ["🎉🎉", "x" * 10_000, "42" * 5_000, "`@everyone`", "(" * 5_000])
async def test_odd_answers_are_taken_calmly(desk: Desk, course_id: str, text: str) -> None:
    asked = await desk.give("quiz", {"skill": "adding numbers"})
    answered = await desk.say(text)
    assert answered.text
    async with desk.services.database.read() as session:
        found = await latest_attempts(session, asked.turn.learner.id)
    assert not any(one.outcome == "right" for one in found)


async def test_a_question_of_many_pages_is_put_whole(desk: Desk) -> None:
    await begun_with(desk, number("long", "Read this. " * 900 + "What is 1 + 1?", "2"))
    asked = await desk.give("practice", {"skill": "adding numbers"})
    assert solution(asked) == "2"
    assert (await desk.say("2")).move == "confirm"
