"""Mastery and ratings as formulas: published values, and what one answer may and may not change."""

from dataclasses import replace
from itertools import product

import pytest

from tests.doubles.practising import NOW
from tutor.bank.item import AnswerKey, AnswerType, Item, Step
from tutor.learner import bkt, elo
from tutor.learner.evidence import Evidence, guess_chance, is_fact
from tutor.learner.mastery import advance, fresh_state

RIGHT = Evidence(True, True, True, True, 1.0, 0.5, 0.0, NOW)
WRONG = replace(RIGHT, right=False, score=0.0, surprise=-0.5)


def test_knowledge_is_traced_as_corbett_and_anderson_write() -> None:
    assert bkt.observe(0.3, True) == pytest.approx(0.27 / (0.27 + 0.175))
    assert bkt.observe(0.3, False) == pytest.approx(0.03 / (0.03 + 0.525))
    assert bkt.trace(0.3, True) == pytest.approx(0.6067 + 0.3933 * 0.1, abs=1e-4)


def test_a_right_guess_among_two_proves_less_than_one_among_many() -> None:
    assert bkt.trace(0.3, True, 0.5) < bkt.trace(0.3, True, 0.25)


def false_mastery(guess: float, items: int = 10) -> float:
    """The exact chance that who only guesses is taken for a master within so many items."""
    total = 0.0
    for answers in product((True, False), repeat=items):
        state = fresh_state("L", "S", NOW)
        for right in answers:
            state = advance(state, replace(RIGHT if right else WRONG, guess=guess))
            if state.mastered_at is not None:
                total += guess ** sum(answers) * (1 - guess) ** (items - sum(answers))
                break
    return total


@pytest.mark.parametrize("guess", [0.25, 1 / 3, 0.5])
def test_who_guesses_is_hardly_ever_taken_for_a_master_within_ten_items(guess: float) -> None:
    assert 0 < false_mastery(guess) <= 0.03


def test_one_slip_does_not_undo_mastery_but_two_do() -> None:
    state = fresh_state("L", "S", NOW)
    for _ in range(4):
        state = advance(state, RIGHT)
    assert state.mastered_at is not None
    once = advance(state, WRONG)
    assert once.mastered_at is not None
    thrice = advance(advance(once, WRONG), WRONG)
    assert thrice.mastered_at is None


def test_ratings_move_less_the_more_is_known_and_never_stand_still() -> None:
    moved = [elo.move(elo.IN_SKILL, answers, 1.0) for answers in range(200)]
    assert moved == sorted(moved, reverse=True)
    assert moved[0] > 2 * moved[-1] > 0


def test_nobody_is_expected_below_chance() -> None:
    assert elo.expect(-50.0, 0.25) == pytest.approx(0.25)
    assert elo.expect(0.0) == 0.5
    assert elo.expect(800.0) == 1.0


def test_what_is_a_fact_and_how_likely_a_guess_is() -> None:
    word = AnswerKey(AnswerType.TEXT, ("dog",))
    colours = AnswerKey(AnswerType.CHOICE, ("red",), choices=("red", "green", "blue", "grey"))
    one = Item("k", "狗?", (Step("1", "", word),), "en")
    assert is_fact(one)
    assert not is_fact(replace(one, steps=(Step("1", "", colours),)))
    assert not is_fact(replace(one, steps=one.steps * 2))
    assert (guess_chance(colours), guess_chance(word)) == (0.25, 0.0)
