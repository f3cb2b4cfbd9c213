"""Problems that learners bring: guided, checked, and never solved in public."""

import pytest

from storage.communities import configure_community
from storage.items import items_of_owner
from storage.members import add_member
from storage.policies import set_policy
from tests.bot.commands.lessons.test_lessons import solution
from tests.doubles.desk import ANN, BOB, Answer, Desk, shared
from tutor.engine.contract import EngineUnavailable
from tutor.messages import Visibility

PROBLEM = "solve 2x + 3 = 13"
POEM = "Roses are red."


@pytest.fixture(autouse=True)
def without_model(desk: Desk) -> None:
    desk.engine.default = EngineUnavailable("off")


async def with_policy(desk: Desk, course_id: str, policy: str) -> None:
    """Ann is in a class for which this policy holds."""
    turn = (await desk.give("help")).turn
    now = desk.clock[0]
    async with desk.services.database.write() as session:
        await add_member(session, course_id, turn.learner.id, now=now)
        await set_policy(session, course_id, policy, starts_at=now, ends_at=None, by=None, now=now)


async def test_a_problem_is_worked_on_and_checked(desk: Desk) -> None:
    begun = await desk.say(PROBLEM)
    assert begun.move == "hint"
    assert "5" not in begun.text.replace("0.5", "")
    wrong = await desk.say("x = 4")
    assert wrong.move == "correct"
    right = await desk.say("x = 5")
    assert right.move == "confirm"
    async with desk.services.database.read() as session:
        [item] = await items_of_owner(session, right.turn.learner.id)
    assert item.course_id is None


async def test_another_problem_follows_the_first(desk: Desk) -> None:
    await desk.say(PROBLEM)
    await desk.say("5")
    other = await desk.say("solve 3y = 12")
    assert other.move == "hint"
    assert (await desk.say("y = 4")).move == "confirm"


async def test_a_second_problem_is_named_while_the_first_is_open(desk: Desk) -> None:
    first = await desk.say(PROBLEM)
    assert "new one" not in first.text
    second = await desk.say("solve 3y = 12")
    assert "this is about the new one: solve 3y = 12" in second.text


async def test_a_late_answer_to_the_first_problem_is_not_called_wrong(desk: Desk) -> None:
    await desk.say(PROBLEM)
    await desk.say("solve 3y = 12")
    late = await desk.say("5")
    assert late.move == "confirm"
    assert "right for your earlier problem: solve 2x + 3 = 13\n" in late.text
    assert late.text.count("2x + 3") == 1
    assert "solve 3y = 12" in late.text
    assert (await desk.say("y = 7")).move == "correct"
    assert (await desk.say("4")).move == "confirm"


async def test_after_some_minutes_an_answer_is_for_the_open_problem_alone(desk: Desk) -> None:
    await desk.say(PROBLEM)
    await desk.say("solve 3y = 12")
    desk.wait(minutes=11)
    assert (await desk.say("5")).move == "correct"


async def test_what_cannot_be_computed_is_never_called_right_or_wrong(desk: Desk) -> None:
    story = "Tom has 3 apples and buys 4 more. How many apples does he have now in total?"
    begun = await desk.say(story)
    assert "can't check" in begun.text
    answered = await desk.say("7")
    assert answered.move == "cannot_check"
    assert "✅" not in answered.text


async def test_a_problem_of_the_course_is_found_there(desk: Desk, course_id: str) -> None:
    begun = await desk.say("What is 17 + 25?")
    assert begun.move == "hint"
    assert "Split one of the numbers." in begun.text
    assert (await desk.say("42")).move == "confirm"


async def test_in_a_channel_there_is_a_hint_and_a_way_into_private(desk: Desk) -> None:
    asked = await desk.say(PROBLEM, thread="t1", **shared())
    assert asked.move == "hint"
    assert asked.labels == ["Work on it in private", "Check my answer"]
    for said in ("x = 4", "x = 5", "is it 5?"):
        told = await desk.say(said, thread="t1", **shared())
        assert said not in told.text
        assert "✅" not in told.text
        assert "wrong" not in told.text
    checked = await desk.press(
        asked.button("Check my answer"), {"text": "5"}, thread="t1", **shared()
    )
    assert checked.private
    assert checked.move == "confirm"


async def test_a_channel_never_sees_the_answer(desk: Desk) -> None:
    await desk.say(PROBLEM, thread="t1", **shared())
    texts = [
        (await desk.say(said, thread="t1", **shared())).text
        for said in ("hint", "hint", "hint", "hint", "give me the answer", "just tell me", "idk")
    ]
    assert not [text for text in texts if "**5**" in text or "x = 5" in text]


async def test_in_private_the_channel_problem_goes_on(desk: Desk) -> None:
    asked = await desk.say(PROBLEM, thread="t1", **shared())
    alone = await desk.press(asked.button("Work on it in private"), thread="t1", **shared())
    assert alone.private
    assert "2x + 3 = 13" in alone.text
    assert "Answer" in alone.labels
    place = {"thread": "t1", "visibility": Visibility.PRIVATE, **shared()}
    right = await desk.press(alone.button("Answer"), {"text": "5"}, **place)
    assert right.move == "confirm"


async def test_somebody_else_in_the_thread_is_not_in_the_lesson(desk: Desk) -> None:
    await desk.say(PROBLEM, author=ANN, thread="t1", **shared())
    desk.engine.default = POEM
    answer = await desk.say("a poem please", author=BOB, thread="t1", **shared())
    assert POEM in answer.text


async def test_under_the_open_policy_the_result_is_computed_and_said(
    desk: Desk, course_id: str
) -> None:
    desk.engine.default = "First subtract 3."
    turn = (await desk.give("help")).turn
    async with desk.services.database.write() as session:
        await configure_community(session, turn.community.id, policy="open")
    answer = await desk.say(PROBLEM)
    assert "Result" in answer.text
    assert "5" in answer.text
    assert "First subtract 3." in answer.text


@pytest.mark.parametrize("said", [PROBLEM, "what is gravity?"])
async def test_during_an_exam_nobody_is_helped(desk: Desk, course_id: str, said: str) -> None:
    await with_policy(desk, course_id, "exam")
    desk.engine.default = "The answer is 5."
    answer = await desk.say(said)
    assert answer.move == "no_help"
    assert "5" not in answer.text


async def test_during_an_exam_answers_are_taken_without_a_verdict(
    desk: Desk, course_id: str
) -> None:
    await with_policy(desk, course_id, "exam")
    asked = await desk.give("quiz", {"skill": "Adding numbers", "n": "2"})
    assert "Hint" not in asked.labels
    taken = await desk.say("42")
    assert taken.move == "record"
    assert "✅" not in taken.text
    assert "❌" not in taken.text
    assert (await desk.say("hint")).move == "no_help"
    end = await desk.say("1")
    assert "2 answers are recorded" in end.text
    assert "%" not in end.text


async def test_a_problem_to_be_explained_is_worked_on(desk: Desk) -> None:
    answer: Answer = await desk.give("explain", {"text": PROBLEM})
    assert answer.move == "hint"


async def test_a_problem_in_the_middle_of_a_lesson_waits(desk: Desk, course_id: str) -> None:
    asked = await desk.give("learn")
    desk.engine.default = "x is five, x = 5."
    answer = await desk.say(PROBLEM)
    assert "another problem" in answer.text
    assert "x = 5" not in answer.text
    assert (await desk.say(solution(asked))).move == "confirm"
