"""Dialogues made out of a bank: what may be shown, about answers that are wrong."""

from collections import Counter
from random import Random

import pytest

from training.datasets.building.dialogues import dialogues, distinct
from training.datasets.building.moments import moments
from training.datasets.building.tutor_turns import turn_for
from training.datasets.building.wrong_answers import right_answer, wrong_answers
from training.datasets.example import Example
from tutor.bank.generators import GENERATORS, generate
from tutor.bank.item import AnswerKey, AnswerType, Hint, HintKind, Item, ItemState, Step
from tutor.bank.starter import starter_course
from tutor.grading.grader import grade_quickly
from tutor.grading.verdict import Outcome
from tutor.language import Language
from tutor.moves import Move
from tutor.pedagogy.brief import brief_from_json
from tutor.pedagogy.instructions import Style, instructions
from tutor.pedagogy.release import Release

HINTS = ("Subtract 5 from both sides.", "What is 15 divided by 3?")
STEP = Step(
    "a",
    "Solve 3x + 5 = 20 for x.",
    AnswerKey(AnswerType.NUMBER, ("5",)),
    tuple(Hint(HintKind.HINT, text) for text in HINTS),
)
ITEM = Item("equation", "", (STEP,), "en", lesson="equations")


@pytest.fixture(scope="module")
def made() -> list[Example]:
    """Some of every generator's and of the starter course's problems, in both languages."""
    items = [generate(name, 3, language) for name in sorted(GENERATORS) for language in Language]
    items += starter_course().items[::20]
    rng = Random(7)
    return [one for item in items for one in dialogues(item, rng, source="bank")]


def test_every_turn_may_be_shown(made: list[Example]) -> None:
    assert len(made) > 100
    for example in made:
        assert example.brief is not None
        refused = Release(brief_from_json(example.brief)).check(example.messages[-1].content)
        assert refused is None, (example.messages, refused)


def test_prompt_is_the_one_that_lessons_send(made: list[Example]) -> None:
    for example in made:
        assert example.brief is not None
        sent = instructions(brief_from_json(example.brief), style=Style.TUTORING_1)
        asked = [(one.role, one.content) for one in example.messages[:-1]]
        assert asked == [(one.role, one.content) for one in sent]


def test_every_turn_asks_something(made: list[Example]) -> None:
    asks = [example.messages[-1].content.rstrip(" ?？") for example in made]
    endings = Counter(example.messages[-1].content[-1] for example in made)
    assert endings["?"] + endings["？"] >= 0.8 * len(asks)


def test_both_languages_are_made_in_their_own_words(made: list[Example]) -> None:
    languages = Counter(str((example.brief or {})["language"]) for example in made)
    assert languages["en"] > 30 and languages["zh-CN"] > 30


def test_wrong_answers_are_wrong_by_the_grader() -> None:
    rng = Random(1)
    count = 0
    for item in starter_course().items[::16]:
        step, language = item.steps[0], Language(item.language)
        for answer in wrong_answers(step.answer, item.question(0), language, rng):
            verdict = grade_quickly(step.answer, answer.bare, language, item.question(0))
            assert verdict is not None and verdict.outcome is Outcome.WRONG, (item.key, answer)
            assert answer.bare in answer.typed
            count += 1
    assert count > 50


def test_right_answer_is_typed_without_marks_of_formulas() -> None:
    key = AnswerKey(AnswerType.EXPRESSION, ("$$\\frac{27}{x}$$",))
    assert right_answer(key) == "27/x"


def test_moments_are_those_of_a_lesson() -> None:
    briefs = moments(ITEM, 0, ["4", "6"], "5")
    moves = [Move.HINT, Move.HINT, Move.WORKED_STEP, Move.REFLECT]
    assert [brief.move for brief in briefs] == moves
    assert [brief.facts for brief in briefs[:3]] == [HINTS[:1], HINTS[1:], HINTS]
    assert briefs[0].attempt == "6" and briefs[0].secret == STEP.answer
    assert briefs[-1].secret is None and briefs[-1].attempt == "5"


def test_somebody_without_an_attempt_is_asked_for_a_start_first() -> None:
    assert moments(ITEM, 0, [], "")[0].move is Move.DIAGNOSE


def test_turn_takes_up_attempt_and_hint() -> None:
    brief = moments(ITEM, 0, ["4", "6"], "5")[0]
    turns = {turn_for(brief, "6", Random(seed)) for seed in range(20)}
    assert len(turns) > 3
    assert all("6" in turn for turn in turns)
    assert sum("both sides" in turn for turn in turns) > 0.8 * len(turns)


def test_hint_is_not_taught_twice() -> None:
    twice = [*dialogues(ITEM, Random(1), source="bank"), *dialogues(ITEM, Random(2), source="bank")]
    kept = [(one.brief or {}).get("facts") for one in distinct(twice)]
    hints = [facts[-1] for facts in kept if facts]
    assert len(twice) > len(kept)
    assert all(count <= 2 for count in Counter(hints).values())  # as a hint and as the last step


def test_unverified_items_teach_nothing() -> None:
    doubtful = Item("x", "", (STEP,), "en", state=ItemState.UNVERIFIED)
    assert dialogues(doubtful, Random(1), source="bank") == []


def test_same_seed_makes_the_same_examples() -> None:
    first, second = (dialogues(ITEM, Random(4), source="bank") for _ in range(2))
    assert first == second and first
