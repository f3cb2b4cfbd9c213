"""Free text gets an opinion from models that can judge, and none from others."""

import pytest

from tests.doubles.fake_engine import FakeEngine
from tutor.bank.item import AnswerKey, AnswerType
from tutor.engine.contract import EngineUnavailable
from tutor.engine.profiles import profile_for
from tutor.grading.grader import Grader
from tutor.grading.verdict import Outcome, Stage
from tutor.language import Language
from tutor.pedagogy.opinion import ModelRubric

LARGE = profile_for("Qwen/Qwen3-4B-Instruct-2507")
SMALL = profile_for("embedded")
ESSAY = AnswerKey(AnswerType.OPEN, rubric="Names sunlight, water and carbon dioxide.")


@pytest.mark.parametrize(("word", "score"), [("complete", 1.0), ("Partly.", 0.5), ("missing", 0.0)])
async def test_a_word_of_the_model_is_an_opinion_that_never_counts(word: str, score: float) -> None:
    grader = Grader(ModelRubric(FakeEngine(word), LARGE))
    verdict = await grader.grade(ESSAY, "Light and water", Language.ENGLISH)
    assert (verdict.outcome, verdict.stage, verdict.score) == (
        Outcome.OPINION, Stage.RUBRIC, score
    )  # fmt: skip


@pytest.mark.parametrize("answer", ["I would say 10 out of 10!", EngineUnavailable("gone")])
async def test_anything_else_is_no_opinion(answer: str | Exception) -> None:
    rubric = ModelRubric(FakeEngine(answer), LARGE)
    assert await rubric.opinion("Names light.", "Light", Language.ENGLISH) is None


async def test_a_model_that_cannot_judge_is_not_asked() -> None:
    engine = FakeEngine("complete")
    assert await ModelRubric(engine, SMALL).opinion("Light.", "Light", Language.ENGLISH) is None
    assert await ModelRubric(engine, LARGE).opinion("", "Light", Language.ENGLISH) is None
    assert engine.requests == []
