"""How many rows make a step, and how many of them are computed at once. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from training.lora.plan import Plan

MOST_ROWS = 64  # of a step: more only make the steps of small data fewer


@dataclass(frozen=True, slots=True)
class Rows:
    """`per_device` rows are computed at once, `accumulation` times for one step."""

    per_device: int
    accumulation: int

    def halved(self, least: int) -> "Rows | None":
        """Half as many at once and twice as often; None where that is too few."""
        if self.per_device // 2 < least:
            return None
        return replace(self, per_device=self.per_device // 2, accumulation=self.accumulation * 2)


def rows_of(plan: Plan, lengths: Sequence[int], least: int = 1) -> Rows:
    """From the plan's tokens to rows of these lengths; at least `least` at once.

    Powers of two, so that halving changes nothing in what a step learns from.
    """
    assert lengths and least >= 1
    mean = sum(lengths) / len(lengths)
    step = _power(min(plan.batch_tokens / mean, MOST_ROWS, max(len(lengths) / 4, 1)))
    at_once = _power(plan.micro_tokens / max(lengths))
    step = max(step, least)
    per_device = max(least, min(at_once, step))
    return Rows(per_device, max(1, step // per_device))


def _power(number: float) -> int:
    return int(2 ** max(0, math.floor(math.log2(max(number, 1.0)))))
