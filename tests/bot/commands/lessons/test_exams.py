"""In an examination nothing tells whether an answer was right: no words, figures or early end."""

from datetime import timedelta

import pytest

from storage import members, policies
from tests.bot.commands.lessons.test_lessons import solution
from tests.doubles.desk import Answer, Desk
from tests.doubles.small_course import bring_in, number, small_course


async def begin_exam(desk: Desk, course_id: str, learner_id: str) -> None:
    now = desk.clock[0]
    async with desk.services.database.write() as session:
        await members.add_member(session, course_id, learner_id, now=now)
        await policies.set_policy(
            session,
            course_id,
            "exam",
            starts_at=now,
            ends_at=now + timedelta(hours=1),
            by=None,
            now=now,
        )


async def in_exam(desk: Desk, course_id: str) -> Answer:
    """After one right answer that was given before the exam."""
    asked = await desk.give("learn")
    answered = await desk.say(solution(asked))
    await begin_exam(desk, course_id, asked.turn.learner.id)
    return answered


async def test_a_lesson_begun_in_an_exam_says_nothing_of_mastery(
    desk: Desk, course_id: str
) -> None:
    answered = await in_exam(desk, course_id)
    await desk.press(answered.button("Stop here"))
    begun = await desk.give("learn")
    assert "Adding numbers" in begun.text
    assert "%" not in begun.text


@pytest.mark.parametrize("exam", [True, False])
async def test_only_outside_of_an_exam_a_lesson_ends_because_all_was_right(
    desk: Desk, course_id: str, exam: bool
) -> None:
    more = (number("sum-5", "What is 11 + 12?", "23"), number("sum-6", "What is 13 + 14?", "27"))
    await bring_in(desk.services.database, desk.clock[0], small_course(*more))
    answered = await in_exam(desk, course_id) if exam else await desk.give("learn")
    for _ in range(3 if exam else 4):
        answered = await desk.say(solution(answered))
    running = await desk.services.lessons.here(answered.turn)
    assert (running is not None) is exam


async def test_a_quiz_in_an_exam_promises_no_verdict(desk: Desk, course_id: str) -> None:
    await in_exam(desk, course_id)
    asked = await desk.give("quiz", {"skill": "adding numbers", "n": "2"})
    assert "when the exam is over" in asked.text
    assert "at once" not in asked.text


async def test_an_exam_is_over_at_its_last_moment(desk: Desk, course_id: str) -> None:
    await in_exam(desk, course_id)
    desk.wait(minutes=59, seconds=59)
    assert "exam" in (await desk.say("Who was Napoleon?", thread="t9")).text
    desk.wait(seconds=1)
    assert "exam" not in (await desk.say("Who was Napoleon?", thread="t9")).text


async def test_the_end_of_a_quiz_in_an_exam_says_where_the_results_will_be(
    desk: Desk, course_id: str
) -> None:
    await in_exam(desk, course_id)
    await desk.give("quiz", {"skill": "adding numbers", "n": "1"})
    end = await desk.say("1")
    assert "`/progress` and `/feedback`" in end.text
    assert "results come" not in end.text
