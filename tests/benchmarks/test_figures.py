"""The arithmetic behind the figures."""

import math

import pytest

from benchmarks.figures import percentile
from benchmarks.stage.serving import Lag
from benchmarks.stage.verdict import Verdict


@pytest.mark.parametrize(("percent", "value"), [(1, 1), (50, 50), (99, 99), (100, 100)])
def test_a_percentile_is_a_value_that_was_measured(percent: float, value: float) -> None:
    assert percentile([*range(100, 0, -1)], percent) == value


def test_the_percentile_of_few_values_is_the_worst_of_them() -> None:
    assert percentile([3.0, 9.0, 1.0], 99) == 9.0


def test_lag_is_that_of_the_time_between_two_looks() -> None:
    before = Lag({0.005: 900, 0.05: 900, 0.1: 1000, math.inf: 1000})
    after = Lag({0.005: 980, 0.05: 1000, 0.1: 1100, math.inf: 1100})
    assert before.p99_ms() == 100.0
    assert after.since(before).samples == 100
    assert after.since(before).p99_ms() == 50.0


def test_nothing_measured_is_no_small_lag() -> None:
    assert Lag({}).p99_ms() == math.inf


def test_a_verdict_holds_only_if_there_is_something_and_all_of_it_holds() -> None:
    verdict = Verdict("something")
    assert not verdict.holds
    verdict.check("one", "1", True)
    assert verdict.holds
    verdict.check("two", "broken", False)
    assert not verdict.holds
    assert verdict.summary() == "two: broken"
