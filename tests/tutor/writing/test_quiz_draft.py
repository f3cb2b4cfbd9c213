"""Quiz questions of a model as drafts."""

import pytest

from tutor.bank.item import AnswerType, ItemState, Origin
from tutor.language import Language
from tutor.pedagogy.solving import Solver
from tutor.writing.quiz_draft import checked, drafts_in

QUIZ = """Here are your questions.

1. **Q:** What is 12 * 12?
A: 142.
H: Multiply ten times twelve first; it is not 142.
2. Q2: Solve 2x + 4 = 10
A: x = 3
H: Take 4 away on both sides.
Q: Which planet is the largest?
A: Jupiter
Q: A question without an answer
"""


def test_questions_become_unverified_items_of_the_model() -> None:
    drafts = drafts_in(QUIZ, Language.ENGLISH, "t1")
    assert [draft.stem for draft in drafts] == [
        "What is 12 * 12?",
        "Solve 2x + 4 = 10",
        "Which planet is the largest?",
    ]
    assert {draft.state for draft in drafts} == {ItemState.UNVERIFIED}
    assert {draft.origin for draft in drafts} == {Origin.MODEL}
    assert len({draft.key for draft in drafts}) == 3
    assert drafts[0].steps[0].answer.type is AnswerType.NUMBER


def test_hint_that_gives_the_answer_away_is_left_out() -> None:
    first, second, _ = drafts_in(QUIZ, Language.ENGLISH, "t1")
    assert first.steps[0].hints == ()
    assert [hint.text for hint in second.steps[0].hints] == ["Take 4 away on both sides."]


async def test_wrong_key_of_the_model_is_replaced_by_the_computed_one() -> None:
    first, second, third = drafts_in(QUIZ, Language.ENGLISH, "t1")
    solver = Solver(limit_seconds=60.0)
    wrong, right, unknown = [await checked(one, solver) for one in (first, second, third)]
    await solver.close()
    assert (wrong.computed, wrong.corrected) == (True, True)
    assert "144" in wrong.item.steps[0].answer.answers
    assert (right.computed, right.corrected) == (True, False)
    assert right.item.steps[0].hints
    assert (unknown.computed, unknown.corrected) == (False, False)
    assert unknown.item.steps[0].answer.answers == ("Jupiter",)
    assert {one.item.state for one in (wrong, right, unknown)} == {ItemState.UNVERIFIED}
    assert wrong.item.source.endswith("key computed")


@pytest.mark.parametrize("colon", [":", "："])
def test_chinese_questions_are_read(colon: str) -> None:
    [draft] = drafts_in(f"Q{colon}中国的首都是哪里？\nA{colon}北京。", Language.CHINESE, "t")
    assert draft.steps[0].answer.answers == ("北京",)
    assert draft.language == "zh-CN"
