"""What is said at the end: everything that was tried, and nothing better than it was."""

import pytest

from tests.bot.commands.lessons.test_lessons import solution
from tests.doubles.desk import Desk
from tutor.engine.contract import EngineUnavailable


@pytest.fixture(autouse=True)
def without_model(desk: Desk) -> None:
    desk.engine.default = EngineUnavailable("off")


async def test_an_open_question_with_wrong_answers_is_counted(desk: Desk, course_id: str) -> None:
    asked = await desk.give("learn")
    await desk.say(solution(asked))
    await desk.say("12")
    end = await desk.say("stop")
    assert "You worked on 2 questions and solved 1 at once" in end.text
    assert "Excellent" not in end.text


async def test_an_open_question_that_nobody_answered_is_not_counted(
    desk: Desk, course_id: str
) -> None:
    asked = await desk.give("learn")
    await desk.say(solution(asked))
    end = await desk.say("stop")
    assert "You worked on 1 question" in end.text


async def test_a_problem_left_after_its_first_part_was_shown_is_counted(
    desk: Desk, course_id: str
) -> None:
    await desk.give("practice", {"skill": "Slopes"})
    await desk.give("reveal")
    shown = await desk.give("reveal")
    assert "What is its slope?" in shown.text
    await desk.say("skip")
    end = await desk.say("stop")
    assert "You worked on 1 question and solved 0 at once" in end.text
    assert "Excellent" not in end.text


async def test_skipped_questions_are_named_and_a_quiz_with_them_is_not_excellent(
    desk: Desk, course_id: str
) -> None:
    asked = await desk.give("quiz", {"skill": "Adding numbers", "n": "3"})
    await desk.say(solution(asked))
    await desk.say("skip")
    end = await desk.say("skip")
    assert "1 of 3 (33 %)" in end.text
    assert "2 questions were skipped" in end.text
    assert "Excellent" not in end.text
