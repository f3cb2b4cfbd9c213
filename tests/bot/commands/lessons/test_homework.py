"""What is practised counts for the homework that it belongs to."""

from datetime import timedelta

import pytest

from storage.courses import lessons_of, skills_of
from storage.homework import Homework, assign_homework
from storage.members import add_member
from storage.practices import latest_open_practice
from tests.doubles import questions
from tests.doubles.desk import ANN, BOB, Answer, Desk

SLOPES = "Slopes"


async def give(desk: Desk, course_id: str, *, lesson: bool = False, items: int = 1) -> Homework:
    """Homework for the members, among whom Ann is: the skill of slopes, or the first lesson."""
    turn = await desk.turn(questions.question(author=ANN))
    now = desk.services.now()
    async with desk.services.database.write() as session:
        await add_member(session, course_id, turn.learner.id, now=now)
        [first, _] = await lessons_of(session, course_id)
        skills = {one.names["en"]: one.id for one in await skills_of(session, course_id)}
        return await assign_homework(
            session,
            course_id,
            lesson_id=first.id if lesson else None,
            skill_id=None if lesson else skills[SLOPES],
            title="Homework",
            items=items,
            opens_at=now - timedelta(hours=1),
            due_at=now + timedelta(days=1),
            by=None,
            now=now,
        )


async def homework_id(desk: Desk, answer: Answer) -> str | None:
    async with desk.services.database.read() as session:
        practice = await latest_open_practice(session, answer.turn.learner.id)
    assert practice is not None
    return practice.homework_id


@pytest.mark.parametrize("name", ["learn", "practice"])
async def test_practising_what_was_assigned_is_homework(
    desk: Desk, course_id: str, name: str
) -> None:
    given = await give(desk, course_id)
    option = "what" if name == "learn" else "skill"
    assert await homework_id(desk, await desk.give(name, {option: SLOPES})) == given.id
    assert await homework_id(desk, await desk.give(name, {option: "Adding numbers"})) is None


async def test_a_skill_of_an_assigned_lesson_is_homework(desk: Desk, course_id: str) -> None:
    given = await give(desk, course_id, lesson=True)
    answer = await desk.give("practice", {"skill": "Adding numbers"})
    assert await homework_id(desk, answer) == given.id


async def test_practice_begins_with_homework_as_long_as_some_is_left(
    desk: Desk, course_id: str
) -> None:
    given = await give(desk, course_id, items=1)
    asked = await desk.give("practice")
    assert SLOPES in asked.text
    assert await homework_id(desk, asked) == given.id
    desk.wait(minutes=1)
    await desk.say("8")
    desk.wait(minutes=1)
    assert await homework_id(desk, await desk.give("practice")) is None


async def test_a_quiz_and_what_others_have_to_do_are_no_homework(
    desk: Desk, course_id: str
) -> None:
    await give(desk, course_id)
    assert await homework_id(desk, await desk.give("quiz", {"skill": SLOPES})) is None
    other = await desk.give("practice", {"skill": SLOPES}, author=BOB)
    assert await homework_id(desk, other) is None


async def test_homework_that_is_past_its_date_is_none(desk: Desk, course_id: str) -> None:
    await give(desk, course_id)
    desk.wait(days=2)
    assert await homework_id(desk, await desk.give("practice", {"skill": SLOPES})) is None
