"""What a practice counts, and that it survives being stored."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tutor.pedagogy.dialogue import DialogueState
from tutor.pedagogy.plan import Plan, PracticeKind, plan_from, plan_json, step_score

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SOLVED = DialogueState(tries=1, solved=True)


def begun(kind: PracticeKind = PracticeKind.QUIZ, length: int | None = 2) -> Plan:
    return Plan(kind, ("skill",), length=length).with_item("item", 1, NOON)


@pytest.mark.parametrize(
    ("state", "first", "score"),
    [
        (SOLVED, 1.0, 1.0),
        (DialogueState(tries=2, solved=True), 0.0, 0.5),
        (DialogueState(tries=1, hints=1, solved=True), 1.0, 0.5),
        (DialogueState(tries=1), 0.4, 0.4),
        (DialogueState(tries=2, solved=True), 0.7, 0.7),
        (DialogueState(tries=1, revealed=True), 0.7, 0.0),
        (DialogueState(), None, 0.0),
    ],
)
def test_all_for_right_at_once_half_after_help_or_another_try(
    state: DialogueState, first: float | None, score: float
) -> None:
    assert step_score(state, first) == score


def test_a_plan_comes_back_as_it_was_stored() -> None:
    plan = begun().with_first_score(1.0)
    assert plan_from(plan_json(plan)) == plan


def test_the_steps_of_an_item_share_its_score() -> None:
    plan = begun().with_first_score(1.0).with_step_closed(SOLVED, NOON)
    plan = plan.with_step_closed(DialogueState(tries=1), NOON)
    plan = plan.with_item_closed("item", "skill", 4)
    assert plan.results[0].score == 0.25
    assert not plan.results[0].right


def test_only_the_first_try_counts() -> None:
    plan = begun().with_first_score(0.0).with_first_score(1.0)
    assert plan.present is not None
    assert plan.present.first_score == 0.0


def test_a_similar_question_is_an_extra_one() -> None:
    plan = begun(PracticeKind.LESSON).with_step_closed(SOLVED, NOON)
    plan = replace(plan.with_item_closed("item", "skill", 1), twin_of=("item", 0))
    twin = plan.with_item("twin", 1, NOON)
    assert twin.length == 3
    assert not plan.complete
