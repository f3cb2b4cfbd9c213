"""Intervals of paired differences, by resampling groups of items that belong together.

Pure. The paired bootstrap with percentile intervals: B. Efron & R. Tibshirani, An Introduction to
the Bootstrap (1993), ch. 13; whole clusters are drawn, as in A. C. Davison & D. V. Hinkley (1997),
section 3.8. All arms of a draw see the same groups.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

RESAMPLES = 2_000
CONFIDENCE = 0.95
SEED = 20
Array = np.ndarray[Any, np.dtype[np.float64]]
Statistic = Callable[[Array], Array]


@dataclass(frozen=True, slots=True)
class Part:
    """What one item adds: a hit of one, so many nats of so many tokens. Zero `of` adds nothing."""

    amount: float
    of: float = 1.0


@dataclass(frozen=True, slots=True)
class Interval:
    value: float
    low: float
    high: float


def as_it_is(ratios: Array) -> Array:
    return ratios


def perplexity(ratios: Array) -> Array:
    return np.exp(ratios)


def estimate(parts: Sequence[Part], statistic: Statistic = as_it_is) -> float:
    """The statistic of the ratio of sums: a share, or a mean over tokens."""
    of = sum(part.of for part in parts)
    assert of > 0, "nothing was measured"
    return float(statistic(np.array(sum(part.amount for part in parts) / of)))


def difference(
    groups: Sequence[str],
    other: Sequence[Part],
    candidate: Sequence[Part],
    *,
    statistic: Statistic = as_it_is,
    seed: int = SEED,
    resamples: int = RESAMPLES,
) -> Interval:
    """Candidate minus other on the same items; the n-th of each belongs to the n-th group."""
    names, of_item = np.unique(np.asarray(groups, dtype=object).astype(str), return_inverse=True)
    draws = _draws(len(names), seed, resamples)
    estimates = []
    for parts in (other, candidate):
        amounts = _by_group(of_item, [part.amount for part in parts], len(names))
        ofs = _by_group(of_item, [part.of for part in parts], len(names))
        drawn = draws @ ofs
        kept = np.where(drawn > 0, drawn, 1.0)
        estimates.append(np.where(drawn > 0, statistic((draws @ amounts) / kept), np.nan))
    spread = estimates[1] - estimates[0]
    spread = spread[~np.isnan(spread)]
    low, high = np.quantile(spread, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    value = estimate(candidate, statistic) - estimate(other, statistic)
    return Interval(value, float(low), float(high))


def _draws(groups: int, seed: int, resamples: int) -> Array:
    """How often each group stands in each resample: (resamples, groups)."""
    chances = np.full(groups, 1.0 / groups)
    return np.random.default_rng(seed).multinomial(groups, chances, resamples).astype(np.float64)


def _by_group(of_item: Any, values: Sequence[float], groups: int) -> Array:
    weights = np.asarray(values, dtype=np.float64)
    return np.bincount(of_item, weights=weights, minlength=groups).astype(np.float64)


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of one share (E. B. Wilson, 1927), sound for none and all as well."""
    assert of > 0, "no trials"
    z = 1.959964
    share, scale = hits / of, 1 + z * z / of
    middle = (share + z * z / (2 * of)) / scale
    half = z * float(np.sqrt(share * (1 - share) / of + z * z / (4 * of * of))) / scale
    return max(0.0, middle - half), min(1.0, middle + half)
