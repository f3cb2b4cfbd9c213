"""How sure one can be that one share of thumbs up is lower than another. Pure.

Beta-binomial with a uniform prior: after `up` of `up + down` the share is Beta(1 + up, 1 + down)
distributed. Differences are integrated on a fixed grid, so that the same counts give the same
figure everywhere.
"""

from dataclasses import dataclass

import numpy as np

GRID = 4001
INTERVAL = 0.95


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its 95 % credible interval."""

    up: int
    down: int
    mean: float
    low: float
    high: float

    @property
    def ratings(self) -> int:
        return self.up + self.down


def rate(up: int, down: int) -> Rate:
    """What is known of a share after so many thumbs; the mean is the plain share, .5 for none."""
    from scipy.stats import beta

    tail = (1 - INTERVAL) / 2
    low, high = beta.ppf((tail, 1 - tail), 1 + up, 1 + down)
    mean = up / (up + down) if up + down else 0.5
    return Rate(up, down, mean, float(low), float(high))


def probability_of_drop(control: Rate, candidate: Rate, points: float) -> float:
    """P(control's share − candidate's share > points), with points as a share such as .05."""
    from scipy.stats import beta

    shares = np.linspace(0.0, 1.0, GRID)
    density = beta.pdf(shares, 1 + control.up, 1 + control.down)
    below = beta.cdf(shares - points, 1 + candidate.up, 1 + candidate.down)
    return float(min(1.0, np.trapezoid(density * below, shares)))
