"""Whether two expressions are the same function: compared at many points, exactly or to 30 digits.

Two different expressions of the size that a person types do not agree at eight random fractions.
Points are fixed by the names of the symbols, so that a verdict never depends on chance.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from tutor.grading.evaluation import Undefined, Value, close, evaluate, inexact, is_real, mp
from tutor.grading.expression import Node, symbols

ENOUGH = 6
MOST_SYMBOLS = 8
_WHOLE = frozenset(("n", "k", "m"))


def same_function(one: Node, other: Node) -> bool:
    """Whether both have the same value wherever both are real (or complex at positive points)."""
    names = symbols(one) | symbols(other)
    if len(names) > MOST_SYMBOLS:
        return False
    if not names:
        return _same_number(one, other)
    agreed = 0
    for at, positive in _points(names):
        try:
            left, right = evaluate(one, at), evaluate(other, at)
        except Undefined:
            continue
        if not positive and not (is_real(left) and is_real(right)):
            continue
        if not close(left, right):
            return False
        agreed += 1
    return agreed >= ENOUGH


def constant_ratio(one: Node, other: Node) -> Value | None:
    """The constant c with one = c · other everywhere; None if there is none but zero."""
    names = symbols(one) | symbols(other)
    if len(names) > MOST_SYMBOLS:
        return None
    ratio: Value | None = None
    agreed = 0
    for at, _ in _points(names):
        try:
            left, right = evaluate(one, at), evaluate(other, at)
            if left == 0 or right == 0:
                return None
            here = _ratio(left, right)
        except Undefined:
            continue
        if ratio is not None and not close(here, ratio):
            return None
        ratio = here
        agreed += 1
    return ratio if agreed >= ENOUGH else None


def vanishes(value_at: Callable[[Mapping[str, Fraction]], Value], names: frozenset[str]) -> bool:
    """Whether a function of a point is zero at every point where it is defined."""
    agreed = 0
    for at, _ in _points(names):
        try:
            value = value_at(at)
        except Undefined:
            continue
        if value != 0 and abs(inexact(value)) > mp.mpf(10) ** -25:
            return False
        agreed += 1
    return agreed >= ENOUGH


def _same_number(one: Node, other: Node) -> bool:
    try:
        return close(evaluate(one, {}), evaluate(other, {}))
    except Undefined:
        return False


def _ratio(left: Value, right: Value) -> Value:
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left / right
    return inexact(left) / inexact(right)


def _points(names: frozenset[str]) -> Iterator[tuple[dict[str, Fraction], bool]]:
    """Points and whether they are positive: above one, below one, negative; whole for n, k, m."""
    chance = random.Random("".join(sorted(names)))  # noqa: S311 - no secret
    for low, high, count in ((1, 4, 5), (0, 1, 4), (-4, -1, 4)):
        for step in range(count):
            at = {
                name: low + Fraction(chance.randrange(1, 997), 997) * (high - low)
                for name in sorted(names)
            }
            if names <= _WHOLE and low != 0:
                at = {name: Fraction(chance.randrange(1, 12) + step) for name in sorted(names)}
                yield at, True
                continue
            yield at, low >= 0
