"""The time that is left, where phases take differently long."""

import pytest

from training.gan.pace import COST, Pace
from training.gan.recipe import Kind, Phase

REGRESSION = Phase(Kind.REGRESSION, 32, 1, batch=32)
ADVERSARIAL = Phase(Kind.ADVERSARIAL, 32, 1, batch=32)


def test_nothing_is_said_before_anything_was_timed() -> None:
    pace = Pace((REGRESSION,), (10,))
    pace.note(0, 4, 100.0)  # a training that goes on: these seconds may be another machine's
    assert pace.seconds_left(0, 4) is None
    assert pace.pictures_per_second(0) == 0


def test_present_phase_is_timed_and_later_ones_are_reckoned_by_what_they_cost() -> None:
    pace = Pace((REGRESSION, ADVERSARIAL), (10, 5))
    pace.note(0, 4, 100.0)
    pace.note(0, 6, 104.0)
    assert pace.pictures_per_second(0) == 16
    assert pace.seconds_left(0, 6) == 4 * 2 + 5 * 2 * COST[Kind.ADVERSARIAL]


def test_phase_that_has_begun_counts_by_its_own_steps_alone() -> None:
    pace = Pace((REGRESSION, ADVERSARIAL), (10, 5))
    for phase, step, seconds in ((0, 0, 0.0), (0, 10, 20.0), (1, 0, 20.0)):
        pace.note(phase, step, seconds)
    assert pace.seconds_left(1, 0) == pytest.approx(5 * 2 * COST[Kind.ADVERSARIAL])
    pace.note(1, 1, 23.0)
    assert pace.seconds_left(1, 1) == pytest.approx(4 * 3)
    assert pace.seconds_left(1, 5) == 0
