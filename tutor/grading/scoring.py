"""Scores of items with several steps."""

from collections.abc import Sequence

from tutor.grading.verdict import Outcome, Verdict

_COUNTED = frozenset((Outcome.RIGHT, Outcome.PARTLY, Outcome.WRONG))


def item_score(verdicts: Sequence[Verdict]) -> float:
    """The mean score of the steps that count, from 0 to 1; 0 where none does.

    A step that was not readable, or only has an opinion, changes nothing.
    """
    counted = [verdict.score for verdict in verdicts if verdict.outcome in _COUNTED]
    return sum(counted) / len(counted) if counted else 0.0


def grade_steps(verdicts: Sequence[Verdict], steps: int) -> float:
    """The score of an item of `steps` steps, of which those not yet answered count nothing."""
    assert len(verdicts) <= steps > 0, (len(verdicts), steps)
    return sum(v.score for v in verdicts if v.outcome in _COUNTED) / steps
