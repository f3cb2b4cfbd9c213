"""Online Elo ratings of learners, skills and items: good from the first answer on.

R. Pelánek, "Applications of the Elo rating system in adaptive educational systems", Computers &
Education 98 (2016): an answer is a match of a learner against an item, and K falls with the number
of answers, as the uncertainty U(n) = a / (1 + b·n) does. A learner's ability has a part in general
and one in the skill; what is asked has the difficulty of its skill and that of the item beside it.
Pure; knows no database.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """K after `answers`: `start / (1 + decay·answers)`, never below `least`."""

    start: float
    decay: float
    least: float

    def after(self, answers: int) -> float:
        return max(self.least, self.start / (1.0 + self.decay * answers))


GENERAL = Uncertainty(start=0.3, decay=0.05, least=0.05)
IN_SKILL = Uncertainty(start=0.35, decay=0.1, least=0.15)
OF_SKILL = Uncertainty(start=0.6, decay=0.1, least=0.01)
OF_ITEM = Uncertainty(start=0.6, decay=0.1, least=0.02)
RECENT_WEIGHT = 0.3
RECENT_AT_FIRST = 0.6


def expect(strength: float, guess: float = 0.0) -> float:
    """The probability of a right answer.

    `strength` is ability less difficulty; `guess` is how likely a right answer is without any.
    """
    return guess + (1.0 - guess) * logistic(strength)


def move(uncertainty: Uncertainty, answers: int, surprise: float) -> float:
    """How far a rating moves that comes from so many answers.

    `surprise` is the score from 0 to 1 less what was expected; difficulties move against it.
    """
    return uncertainty.after(answers) * surprise


def follow(recent: float, score: float) -> float:
    """The share of right answers in which the latest count most (exponential smoothing)."""
    return recent + RECENT_WEIGHT * (score - recent)


def logistic(logit: float) -> float:
    """1 / (1 + e^-x), without overflow."""
    if logit >= 0:
        return 1.0 / (1.0 + math.exp(-logit))
    small = math.exp(logit)
    return small / (1.0 + small)
