"""Intervals cover what they should, on data whose truth is known."""

import math

import numpy as np
import pytest

from training.gate.bootstrap import Part, difference, estimate, perplexity, wilson


def test_intervals_cover_the_true_difference_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(3)
    covered, tries, items = 0, 200, 60
    for _ in range(tries):
        easy = rng.random(items)  # what both arms share makes the pairing worth it
        base = [Part(float(rng.random() < 0.3 + 0.2 * one)) for one in easy]
        candidate = [Part(float(rng.random() < 0.5 + 0.2 * one)) for one in easy]
        found = difference([str(n) for n in range(items)], base, candidate, resamples=400)
        covered += found.low <= 0.2 <= found.high
    assert 0.90 <= covered / tries <= 0.99


def test_items_of_one_group_count_as_what_they_are_together() -> None:
    rng = np.random.default_rng(5)
    groups = [str(n // 10) for n in range(100)]
    shift = np.repeat(rng.normal(0, 1, 10), 10)
    base = [Part(0.0)] * 100
    candidate = [Part(float(one)) for one in shift]
    apart = difference([str(n) for n in range(100)], base, candidate)
    together = difference(groups, base, candidate)
    assert together.high - together.low > 2 * (apart.high - apart.low)


def test_the_same_on_both_sides_is_no_difference() -> None:
    parts = [Part(float(n % 3)) for n in range(30)]
    found = difference([str(n) for n in range(30)], parts, parts)
    assert (found.value, found.low, found.high) == (0, 0, 0)


def test_the_same_question_gets_the_same_interval() -> None:
    base, candidate = [Part(float(n % 2)) for n in range(20)], [Part(1.0)] * 20
    groups = [str(n) for n in range(20)]
    assert difference(groups, base, candidate) == difference(groups, base, candidate)


def test_long_items_weigh_by_their_tokens() -> None:
    parts = [Part(20.0, 10), Part(10.0, 90)]
    assert estimate(parts) == pytest.approx(0.3)
    assert estimate(parts, perplexity) == pytest.approx(math.exp(0.3))


def test_items_that_tell_nothing_change_nothing() -> None:
    base, candidate = [Part(0.0)] * 20, [Part(float(n % 2)) for n in range(20)]
    silent = [Part(0.0, 0.0)] * 5
    groups = [str(n) for n in range(20)]
    alone = difference(groups, base, candidate)
    beside = difference([*groups, *("x",) * 5], [*base, *silent], [*candidate, *silent])
    assert beside.value == alone.value
    assert abs(beside.low - alone.low) < 0.05


def test_a_share_of_none_may_still_be_more_than_none() -> None:
    low, high = wilson(0, 60)
    assert low == 0
    assert high == pytest.approx(0.0602, abs=1e-3)
