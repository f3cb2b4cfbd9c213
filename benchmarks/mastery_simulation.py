"""Simulated learners against the product's own rule of mastery.

A hidden Markov model: a learner knows the skill or not, guesses or slips, and may learn after each
answer. All answers are first ones without help.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from random import Random
from statistics import median

from storage.skill_states import SkillState
from tutor.learner.evidence import Evidence
from tutor.learner.mastery import advance, fresh_state

LEARNERS = 20_000
WITHIN = 10
MOST_ITEMS = 60
SOME_TIME = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Kind:
    """How somebody answers; `choices_guess` is what the product knows of the item's choices."""

    p_init: float
    p_learn: float
    p_slip: float = 0.1
    p_guess: float = 0.25
    choices_guess: float = 0.0


@dataclass(frozen=True, slots=True)
class Judged:
    """See `benchmarks.learner`."""

    false_mastery: float
    false_mastery_of_two_choices: float
    items_to_mastery: float
    mastered_of_learning: float
    false_among_mastered: float


def judge_mastery(learners: int = LEARNERS, seed: int = 11) -> Judged:
    """Every figure, each from so many learners."""
    rng = Random(seed)

    def ends(kind: Kind, within: int) -> list[tuple[int, bool] | None]:
        return [_mastered_after(kind, within, rng) for _ in range(learners)]

    ignorant = ends(Kind(0.0, 0.0), WITHIN)
    tossing = ends(Kind(0.0, 0.0, p_guess=0.5, choices_guess=0.5), WITHIN)
    knowing = [end for end in ends(Kind(1.0, 0.0), MOST_ITEMS) if end]
    learning = ends(Kind(0.3, 0.1), MOST_ITEMS)
    mastered = [end for end in learning if end]
    return Judged(
        false_mastery=_share(ignorant),
        false_mastery_of_two_choices=_share(tossing),
        items_to_mastery=float(median(items for items, _ in knowing)),
        mastered_of_learning=_share(learning),
        false_among_mastered=sum(not knew for _, knew in mastered) / len(mastered),
    )


def _share(ends: list[tuple[int, bool] | None]) -> float:
    return sum(end is not None for end in ends) / len(ends)


def _mastered_after(kind: Kind, within: int, rng: Random) -> tuple[int, bool] | None:
    """After how many items the skill was taken for mastered, and whether it was known by then."""
    for number, (state, known) in enumerate(islice(_answers(kind, rng), within), start=1):
        if state.mastered_at is not None:
            return number, known
    return None


def _answers(kind: Kind, rng: Random) -> Iterator[tuple[SkillState, bool]]:
    state, known = fresh_state("L", "S", SOME_TIME), rng.random() < kind.p_init
    while True:
        right = rng.random() < (1.0 - kind.p_slip if known else kind.p_guess)
        evidence = Evidence(
            True, True, True, right, float(right), 0.0, kind.choices_guess, SOME_TIME
        )
        state = advance(state, evidence)
        yield state, known
        known = known or rng.random() < kind.p_learn
