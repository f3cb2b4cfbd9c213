"""Quizzes, reviews, and finding what is to be practised."""

from storage.attempts import latest_attempts
from storage.database import Database
from tests.bot.commands.lessons.test_lessons import solution
from tests.doubles.desk import Desk
from tests.doubles.small_course import bring_in, small_course
from tutor.messages import Choice


def menu_of(choices: list[Choice]) -> set[str]:
    return {choice.menu for choice in choices}


async def test_a_quiz_takes_one_answer_each_and_counts_them(desk: Desk, course_id: str) -> None:
    asked = await desk.give("quiz", {"skill": "Adding numbers", "n": "3"})
    assert "3 questions" in asked.text
    first = await desk.say(solution(asked))
    assert first.move == "confirm"
    missed = solution(first)
    wrong = await desk.say("12")
    assert wrong.move == "correct"
    assert missed not in wrong.text, "the key is not said"
    assert "Question 3 of 3" in wrong.text
    end = await desk.say(solution(wrong))
    assert "2 of 3 (67 %)" in end.text
    assert "To look at again: Adding numbers (2 of 3 at once)" in end.text
    async with desk.services.database.read() as session:
        attempts = await latest_attempts(session, end.turn.learner.id)
    assert [attempt.outcome for attempt in reversed(attempts)] == ["right", "wrong", "right"]


async def test_a_hint_in_a_quiz_costs_half(desk: Desk, course_id: str) -> None:
    asked = await desk.give("quiz", {"skill": "Adding numbers", "n": "1"})
    await desk.give("hint")
    end = await desk.say(solution(asked))
    assert "0.5 of 1 (50 %)" in end.text


async def test_a_quiz_offers_no_help_beside_its_one_answer(desk: Desk, course_id: str) -> None:
    asked = await desk.give("quiz", {"skill": "Adding numbers", "n": "1"})
    assert "Skip" in asked.labels
    assert not {"Hint", "Show the answer"} & set(asked.labels)


async def test_a_quiz_keeps_its_length_when_an_answer_is_shown(desk: Desk, course_id: str) -> None:
    await desk.give("quiz", {"skill": "Adding numbers", "n": "2"})
    await desk.give("reveal")
    shown = await desk.give("reveal")
    assert "Question 2 of 2" in shown.text
    end = await desk.say(solution(shown))
    assert "1 of 2 (50 %)" in end.text


async def test_mistakes_of_a_quiz_are_gone_through_afterwards(desk: Desk, course_id: str) -> None:
    asked = await desk.give("quiz", {"skill": "Adding numbers", "n": "1"})
    end = await desk.say("12")
    again = await desk.press(end.button("Go through the mistakes"))
    assert solution(again) == solution(asked)
    assert (await desk.say(solution(asked))).move == "confirm"


async def test_the_number_of_questions_may_stand_behind_the_subject(
    desk: Desk, course_id: str
) -> None:
    asked = await desk.give("quiz", {"skill": "colours 2"})
    assert "Quiz: Colours" in asked.text
    assert "2 questions" in asked.text


async def test_a_review_is_empty_until_something_is_due(desk: Desk, course_id: str) -> None:
    asked = await desk.give("learn")
    await desk.say(solution(asked))
    assert "Nothing is due" in (await desk.give("review")).text
    desk.wait(days=30)
    due = await desk.give("review")
    assert "1 thing is due" in due.text
    end = await desk.say(solution(due))
    assert end.move == "confirm"
    assert "Nothing is due" in (await desk.give("review")).text


async def test_practice_never_ends_by_itself(desk: Desk, course_id: str) -> None:
    asked = await desk.give("practice", {"skill": "Adding numbers"})
    for _ in range(9):
        asked = await desk.say(solution(asked))
        assert asked.move == "confirm"


async def test_a_lesson_ends_once_its_skill_is_mastered(desk: Desk, course_id: str) -> None:
    asked = await desk.give("learn", {"what": "Adding numbers"})
    for _ in range(4):
        asked = await desk.say(solution(asked))
        if "mastered" in asked.text:
            break
    assert "⭐ Adding numbers: mastered!" in asked.text
    assert "Go on learning" in asked.labels


async def test_a_name_with_a_mistake_is_understood_and_a_wrong_one_gets_suggestions(
    desk: Desk, course_id: str
) -> None:
    assert "Colours" in (await desk.give("learn", {"what": "colors"})).text
    lost = await desk.give("learn", {"what": "photosynthesis"})
    assert "nothing called" in lost.text
    assert lost.labels == ["First steps", "Lines"]
    found = await desk.press(lost.button("Lines"))
    assert "Slopes" in found.text


async def test_who_has_several_courses_is_asked_which(desk: Desk, database: Database) -> None:
    for key in ("one", "two"):
        await bring_in(database, desk.clock[0], small_course(key=key))
    asked = await desk.give("learn")
    assert "Which course?" in asked.text
    begun = await desk.press(asked.choices[1])
    assert "Question 1" in begun.text
    assert "Which course?" not in (await desk.give("practice")).text, "the running lesson's"


async def test_a_hint_without_a_question_says_how_to_begin(desk: Desk, course_id: str) -> None:
    assert "/learn" in (await desk.give("hint")).text


async def test_learn_in_the_middle_of_a_lesson_goes_on_with_it(desk: Desk, course_id: str) -> None:
    asked = await desk.give("learn")
    again = await desk.give("learn")
    assert solution(again) == solution(asked)
    assert "in the middle" in again.text
