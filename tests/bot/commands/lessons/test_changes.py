"""What happens to a running lesson meanwhile: other presses, corrected items, broken replies."""

from dataclasses import replace

import pytest

from bot.commands import lesson
from storage.attempts import latest_attempts
from tests.bot.commands.lessons.test_lessons import solution
from tests.doubles import questions
from tests.doubles.desk import ANN, Answer, Desk, shared
from tests.doubles.small_course import ITEMS, SLOPE, bring_in, small_course
from tutor.bank.item import Course
from tutor.messages import Text, Visibility
from tutor.pedagogy.dialogue import Intent
from tutor.pedagogy.lessons import Parts


async def texts(parts: Parts) -> str:
    return "".join([part.text async for part in parts if isinstance(part, Text)])


def without_second_step() -> Course:
    """The small course after its teacher has cut the question of two steps."""
    whole = small_course()
    short = replace(SLOPE, steps=SLOPE.steps[:1])
    return replace(whole, items=(*ITEMS[:-1], short))


async def at_second_step(desk: Desk) -> Answer:
    await desk.give("practice", {"skill": "slopes"})
    return await desk.say("8")


async def test_two_presses_of_next_at_once_are_no_failure(desk: Desk, course_id: str) -> None:
    """Whoever comes second is told so kindly; nothing is counted twice."""
    asked = await desk.give("learn")
    turn = asked.turn
    running = await desk.services.lessons.here(turn)
    assert running is not None
    lessons, beside = desk.services.lessons, desk.services.tutor.beside
    first = await texts(lessons.act(turn, running, Intent.SKIP, beside))
    second = await texts(lessons.act(turn, running, Intent.SKIP, beside))
    assert solution(Answer(turn, [Text(first)])) != solution(asked)
    assert "came at once" in second


async def test_stopping_twice_at_once_is_no_failure(desk: Desk, course_id: str) -> None:
    turn = (await desk.give("learn")).turn
    running = await desk.services.lessons.here(turn)
    assert running is not None
    lessons, beside = desk.services.lessons, desk.services.tutor.beside
    await texts(lessons.act(turn, running, Intent.STOP, beside))
    assert "came at once" in await texts(lessons.act(turn, running, Intent.STOP, beside))


@pytest.mark.parametrize("name", ["hint", "reveal", "learn"])
async def test_help_with_a_question_that_was_shortened_meanwhile_asks_it_anew(
    desk: Desk, course_id: str, name: str
) -> None:
    asked = await at_second_step(desk)
    assert "slope?" in asked.text
    await bring_in(desk.services.database, desk.clock[0], without_second_step())
    assert "How far does it rise?" in (await desk.give(name)).text
    assert "✅" in (await desk.say("8")).text


async def test_a_message_and_a_stop_after_a_question_was_shortened_find_their_way(
    desk: Desk, course_id: str
) -> None:
    asked = await at_second_step(desk)
    await bring_in(desk.services.database, desk.clock[0], without_second_step())
    assert "corrected a moment ago" in (await desk.say("4")).text
    await bring_in(desk.services.database, desk.clock[0])
    await desk.press(asked.button("Stop here"))
    async with desk.services.database.read() as session:
        found = await latest_attempts(session, asked.turn.learner.id)
    assert [one.answer for one in found] == ["8"]


async def test_a_choice_that_is_no_longer_there_counts_for_nothing(
    desk: Desk, course_id: str
) -> None:
    asked = await desk.give("practice", {"skill": "colours"})
    whole = small_course()
    cut = tuple(
        replace(
            item,
            steps=(
                replace(
                    item.steps[0],
                    answer=replace(item.steps[0].answer, choices=("Green", "Blue")),
                ),
            ),
        )
        if item.key in ("sky", "grass")
        else item
        for item in whole.items
    )
    await bring_in(desk.services.database, desk.clock[0], replace(whole, items=cut))
    pressed = await desk.press(asked.button("C) Red"))
    assert "corrected a moment ago" in pressed.text


async def test_a_press_whose_reply_broke_off_goes_on_where_it_led(
    desk: Desk, course_id: str
) -> None:
    """After a crash the press comes again: its answer is counted, and stays counted once."""
    asked = await desk.give("practice", {"skill": "colours"})
    choice = asked.button("A) Green")
    press = questions.press(choice.id)
    turn = await desk.turn(press)
    running = await desk.services.lessons.here(turn)
    assert running is not None
    await texts(desk.services.lessons.answer(turn, running, "Green"))
    payload = {"practice": running.id, "place": running.place, "choice": 0}
    again = await texts(lesson.choose(desk.services, turn, payload))
    assert "your answer is counted" in again
    async with desk.services.database.read() as session:
        assert len(await latest_attempts(session, turn.learner.id)) == 1


async def test_nobody_is_met_with_silence_in_a_thread_whose_question_was_withdrawn(
    desk: Desk, course_id: str
) -> None:
    place = {"visibility": Visibility.SHARED, "author": ANN, **shared(thread="t1")}
    await desk.say("What is 17 + 25?", **place)
    whole = small_course()
    rest = tuple(item for item in whole.items if item.key != "sum-1")
    await bring_in(desk.services.database, desk.clock[0], replace(whole, items=rest))
    assert (await desk.say("42", **place)).text
