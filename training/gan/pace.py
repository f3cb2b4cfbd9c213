"""How fast a training is, and how long the rest will take. Knows phases and seconds, no networks.

Phases differ: a discriminator costs about ten times the regression, twice the size half as much
again. The present phase is timed; of those to come only what they cost beside it is supposed.
"""

import math
from collections.abc import Sequence

from training.gan.recipe import Kind, Phase

COST = {Kind.REGRESSION: 1.0, Kind.ADVERSARIAL: 10.0}
SIZE_EXPONENT = 0.6  # 1.5 at twice the size: most of the work is done at the small ones


class Pace:
    """`steps` are those of each phase."""

    def __init__(self, phases: Sequence[Phase], steps: Sequence[int]) -> None:
        self._phases, self._steps = phases, steps
        self._began: tuple[int, int, float] | None = None  # phase, step in it, seconds
        self._seconds_a_step = 0.0

    def note(self, phase: int, step: int, seconds: float) -> None:
        """That so many steps of a phase were done after so many seconds of training.

        The first steps that are noted of a phase only begin its timing.
        """
        if self._began is None or self._began[0] != phase:
            self._expect(phase)
            self._began = phase, step, seconds
        elif step > self._began[1]:
            self._seconds_a_step = (seconds - self._began[2]) / (step - self._began[1])

    def pictures_per_second(self, phase: int) -> float:
        """0 until something has been timed."""
        return self._phases[phase].batch / self._seconds_a_step if self._seconds_a_step else 0.0

    def seconds_left(self, phase: int, step: int) -> float | None:
        """For the rest of the present phase and all later ones; None until something is timed."""
        if not self._seconds_a_step:
            return None
        present = self._seconds_a_step * (self._steps[phase] - step)
        later = zip(self._phases[phase + 1 :], self._steps[phase + 1 :], strict=True)
        costs = sum(count * _cost(other) for other, count in later)
        return present + self._seconds_a_step * costs / _cost(self._phases[phase])

    def _expect(self, phase: int) -> None:
        """Until it is timed itself, a phase takes what follows from the one before."""
        if self._began is not None:
            self._seconds_a_step *= _cost(self._phases[phase]) / _cost(self._phases[self._began[0]])


def _cost(phase: Phase) -> float:
    """Of a step, in units that matter only beside each other."""
    return COST[phase.kind] * phase.batch * math.pow(phase.size, SIZE_EXPONENT)
