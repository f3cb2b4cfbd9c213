"""What an answer tells about a learner, and what it does not.

Only a first answer to a step counts, since the second comes after a verdict. A right answer after
a hint says nothing about mastery: neither that the skill is known nor that it was learnt. A wrong
one after a hint counts like any wrong one. An answer that is right in part is not right. A model's
opinion counts for nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tutor.bank.item import AnswerKey, AnswerType, Item
from tutor.grading.verdict import Outcome

COUNTED = frozenset({Outcome.RIGHT, Outcome.PARTLY, Outcome.WRONG})


class Graded(Protocol):
    """What evidence is read from: a new attempt or a stored one."""

    @property
    def outcome(self) -> str: ...
    @property
    def score(self) -> float: ...
    @property
    def first_try(self) -> bool: ...
    @property
    def aided(self) -> bool: ...
    @property
    def guess(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Evidence:
    """`counts`: it was graded. `tells`: it says something about mastery. `rates`: it moves ratings.

    `surprise` is the score less what was expected before the answer.
    """

    counts: bool
    tells: bool
    rates: bool
    right: bool
    score: float
    surprise: float
    guess: float
    at: datetime


def evidence_of(attempt: Graded, *, expected: float, at: datetime) -> Evidence:
    """Reads an attempt by the rules of this module."""
    counts = attempt.outcome in COUNTED
    right = attempt.outcome == Outcome.RIGHT
    score = 1.0 if right else min(max(attempt.score, 0.0), 1.0)
    first = counts and attempt.first_try
    return Evidence(
        counts=counts,
        tells=first and not (right and attempt.aided),
        rates=first and not attempt.aided,
        right=right,
        score=score,
        surprise=score - expected,
        guess=attempt.guess,
        at=at,
    )


def guess_chance(key: AnswerKey) -> float:
    """How likely a guess is right: among choices one in so many, else none to speak of."""
    if key.type is AnswerType.CHOICE and key.choices:
        return 1.0 / len(key.choices)
    return 0.0


def is_fact(item: Item) -> bool:
    """Whether an item is to be remembered by itself: its one question asks for a word or phrase."""
    return len(item.steps) == 1 and item.steps[0].answer.type is AnswerType.TEXT
