"""Paraphrases: shown only when every number, name and command stayed, and in time."""

import asyncio

import pytest

from tests.doubles.fake_engine import FakeEngine
from tutor.engine.contract import EngineBusy
from tutor.engine.profiles import ModelProfile, Quality
from tutor.language import Language
from tutor.learner.paraphrase import Paraphraser, Unfaithful, unfaithful

GOOD = ModelProfile("good", frozenset({"en", "zh"}), 2048, Quality.GOOD)
SMALL = ModelProfile("small", frozenset({"en", "zh"}), 2048, Quality.BASIC)
NAMES = ("Slopes", "Adding fractions", "Fractions")
TEXT = (
    "You answered 12 questions, 9 of them right at once (75 %). Strongest: Slopes (4 of 4). "
    "Needs practice: Adding fractions (1 of 4). Next: `/review`"
)
SAID = (
    "Nice work: of 12 questions you got 9 right at once, which is 75%. Slopes went best with "
    "4 of 4, and Adding fractions needs you most with 1 of 4. Try `/review`!"
)
BROKEN = (
    ("", Unfaithful.EMPTY),
    ("你答了 12 道题，做对了 9 道，做得很好，请继续努力学习，保持下去！", Unfaithful.LANGUAGE),
    (SAID + " Very good." * 20, Unfaithful.LENGTH),
    (SAID.replace("75%", "80%"), Unfaithful.NUMBERS),
    (SAID.replace("75%", "75"), Unfaithful.NUMBERS),
    (SAID + " Ten more!", Unfaithful.NUMBERS),
    (SAID.replace("Adding fractions", "that topic"), Unfaithful.NAMES),
    (SAID.replace("Adding fractions", "Fractions"), Unfaithful.NAMES),
    (SAID + " Sign slip!", Unfaithful.NAMES),
    (SAID.replace("`/review`", "`/quiz`"), Unfaithful.COMMANDS),
    (SAID.replace("12 questions you got 9", "9 questions you got 12"), Unfaithful.ORDER),
)


def test_other_words_for_the_same_facts_may_be_shown() -> None:
    assert unfaithful(TEXT, SAID, Language.ENGLISH, NAMES) is None


@pytest.mark.parametrize(("said", "why"), BROKEN)
def test_whatever_changes_a_fact_is_dropped(said: str, why: Unfaithful) -> None:
    assert unfaithful(TEXT, said, Language.ENGLISH, NAMES) is why


def test_a_turned_trend_is_dropped() -> None:
    up = "📈 The week before it was 50 %: you are moving up."
    down = "📉 The week before it was 50 %: you are going down."
    assert unfaithful(up, down, Language.ENGLISH, ()) is Unfaithful.TREND


async def paraphrased(engine: FakeEngine | None, profile: ModelProfile = GOOD) -> str:
    paraphraser = Paraphraser(engine, profile, first_token_seconds=0.05)
    return await paraphraser.paraphrase(TEXT, Language.ENGLISH, NAMES)


async def test_faithful_words_replace_the_template_and_others_do_not() -> None:
    assert await paraphrased(FakeEngine(SAID)) == SAID
    assert await paraphrased(FakeEngine(SAID.replace("9", "10"))) == TEXT


async def test_the_template_stands_without_a_model_that_can() -> None:
    assert await paraphrased(None) == TEXT
    small = FakeEngine(SAID)
    assert await paraphrased(small, SMALL) == TEXT
    assert small.requests == []
    assert await paraphrased(FakeEngine(EngineBusy("full"))) == TEXT


async def test_nobody_waits_for_a_model_that_does_not_begin() -> None:
    late = FakeEngine(SAID, delay_seconds=30.0)
    async with asyncio.timeout(10):
        assert await paraphrased(late) == TEXT


async def test_half_a_paraphrase_is_none() -> None:
    assert await paraphrased(FakeEngine(SAID, context_tokens=60)) == TEXT
