"""A slip that comes again is named with its count: once a question, and never to tell a key."""

from dataclasses import replace

import pytest

from tests.doubles.desk import Answer, Desk
from tests.doubles.small_course import number
from tutor.bank.item import StoredItem
from tutor.grading.verdict import Outcome, Pattern, Verdict
from tutor.language import Language
from tutor.learner.answer_facts import AttemptFacts
from tutor.pedagogy.dialogue import Event, Intent, Policy
from tutor.pedagogy.meaning import meaning
from tutor.pedagogy.plan import PracticeKind
from tutor.pedagogy.policy import Decision
from tutor.pedagogy.running import Running
from tutor.pedagogy.session import Decided

SOLUTIONS = {"17 + 25": "42", "38 + 45": "83", "29 + 64": "93", "56 + 15": "71"}


def solution(answer: Answer) -> str:
    return next(key for sum_, key in SOLUTIONS.items() if sum_ in answer.text)


async def test_the_second_slip_of_a_kind_is_named(desk: Desk, course_id: str) -> None:
    asked = await desk.give("practice", {"skill": "sums"})
    first = await desk.say(f"-{solution(asked)}")
    assert "🔁" not in first.text
    asked = await desk.press(first.button("Skip"))
    second = await desk.say(f"-{solution(asked)}")
    assert "🔁 Sign slip: 2 times in 7 days." in second.text
    assert second.text.count("🔁") == 1
    again = await desk.say(f"-{solution(asked)}")
    assert "🔁" not in again.text


async def test_a_goal_is_celebrated_with_the_answer_that_reaches_it(
    desk: Desk, course_id: str
) -> None:
    await desk.give("goals", {"change": "set sums"})
    answer = await desk.give("practice", {"skill": "sums"})
    texts = []
    for _ in range(4):
        answer = await desk.say(solution(answer))
        texts.append(answer.text)
        if answer.labels and "Next" in answer.labels:
            answer = await desk.press(answer.button("Next"))
    assert "🎯 Goal reached" in "".join(texts)


@pytest.fixture
async def running(desk: Desk, course_id: str) -> Running:
    asked = await desk.give("practice", {"skill": "sums"})
    running = await desk.services.lessons.here(asked.turn)
    assert running is not None
    return running


def said(
    running: Running, policy: Policy = Policy.GUIDED, *, times: int = 3, tries: int = 1
) -> str:
    wrong = Event(Intent.ATTEMPT, "-1", Verdict(Outcome.WRONG, pattern=Pattern.SIGN))
    decision = Decision(replace(running.state, tries=tries), ())
    facts = AttemptFacts(Pattern.SIGN, times)
    return meaning(running, Decided(wrong, decision), facts, policy, Language.ENGLISH)


async def test_it_is_silent_where_it_would_tell_or_disturb(running: Running) -> None:
    assert "3 times in 7 days" in said(running)
    assert said(running, times=1) == ""
    assert said(running, tries=2) == ""
    assert said(running, Policy.EXAM) == ""
    quiz = replace(running, plan=replace(running.plan, kind=PracticeKind.QUIZ))
    assert said(quiz) == ""


async def test_a_count_that_is_the_key_is_not_said(running: Running) -> None:
    stored: StoredItem = running.item
    telling = replace(running, stored=replace(stored, item=number("k", "1 + 2?", "3")))
    assert said(telling) == ""
    assert said(telling, times=4) != ""
