"""What an expression comes to at a point: exact fractions as long as possible, else 40 digits.

Bounded in time and memory by construction: what would grow too large is Undefined.
"""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from mpmath import MPContext

from tutor.grading.expression import Kind, Node

DIGITS = 40
MOST_BITS = 4_000  # of an exact power
MOST_MAGNITUDE = 24  # bits of an exponent that is not exact

mp = MPContext()
mp.dps = DIGITS
Value = Any  # Fraction, or a real or complex number of `mp`, which has no types


class Undefined(Exception):
    """The expression has no value there, or one out of bounds."""


def evaluate(node: Node, at: Mapping[str, Fraction]) -> Value:
    """The value of a scalar expression; `at` gives every symbol a value."""
    try:
        return _value(node, at)
    except (ZeroDivisionError, ValueError, OverflowError, TypeError, mp.NoConvergence) as error:
        raise Undefined(str(error)) from error


def number_of(node: Node) -> Value | None:
    """The value of an expression without symbols; None if it has symbols or no value."""
    try:
        return evaluate(node, {})
    except Undefined:
        return None


def inexact(value: Value) -> Value:
    """The value as a number of `mp`."""
    if isinstance(value, Fraction):
        return mp.mpf(value.numerator) / value.denominator
    return value


def is_real(value: Value) -> bool:
    return not isinstance(value, mp.mpc) or abs(value.imag) <= abs(value) * mp.mpf(10) ** -30


def close(one: Value, other: Value) -> bool:
    """Whether two values are the same: exactly, or to 30 of their 40 digits."""
    if isinstance(one, Fraction) and isinstance(other, Fraction):
        return one == other
    one, other = inexact(one), inexact(other)
    if mp.isnan(one) or mp.isnan(other):
        return False
    if mp.isinf(one) or mp.isinf(other):
        return bool(one == other)
    return bool(abs(one - other) <= mp.mpf(10) ** -30 * max(abs(one), abs(other), mp.mpf(10) ** -8))


def _value(node: Node, at: Mapping[str, Fraction]) -> Value:
    match node.kind:
        case Kind.NUMBER:
            return node.value
        case Kind.SYMBOL:
            if node.name not in at:
                raise Undefined(node.name)
            return at[node.name]
        case Kind.CONSTANT:
            return _constant(node.name)
    parts = [_value(part, at) for part in node.parts]
    match node.kind:
        case Kind.ADD:
            return _folded(parts, lambda a, b: a + b)
        case Kind.MULTIPLY:
            return _folded(parts, lambda a, b: a * b)
        case Kind.NEGATE:
            return -parts[0]
        case Kind.PERCENT:
            return parts[0] / 100
        case Kind.DIVIDE:
            return _quotient(parts[0], parts[1])
        case Kind.POWER:
            return power(parts[0], parts[1])
        case Kind.FUNCTION:
            return _function(node.name, parts)
    raise Undefined(node.kind)


def _constant(name: str) -> Value:
    match name:
        case "pi":
            return +mp.pi
        case "e":
            return +mp.e
        case "i":
            return mp.mpc(0, 1)
        case "deg":
            return mp.pi / 180
        case "oo":
            return mp.inf
    raise Undefined(name)


def _folded(parts: list[Value], join: Callable[[Value, Value], Value]) -> Value:
    if not all(isinstance(part, Fraction) for part in parts):
        parts = [inexact(part) for part in parts]
    total = parts[0]
    for part in parts[1:]:
        total = join(total, part)
    return _bounded(total)


def _bounded(value: Value) -> Value:
    if isinstance(value, Fraction):
        if value.numerator.bit_length() + value.denominator.bit_length() > 2 * MOST_BITS:
            raise Undefined("too large")
    elif mp.isfinite(value) and value != 0 and abs(mp.mag(value)) > 1 << MOST_MAGNITUDE:
        raise Undefined("too large")
    return value


def _quotient(top: Value, bottom: Value) -> Value:
    if bottom == 0:
        raise Undefined("division by zero")
    if isinstance(top, Fraction) and isinstance(bottom, Fraction):
        return _bounded(top / bottom)
    return inexact(top) / inexact(bottom)


def power(base: Value, exponent: Value) -> Value:
    """Base to the exponent, exact where that is short; real roots of exact powers are exact."""
    if isinstance(exponent, Fraction) and isinstance(base, Fraction):
        if exponent.denominator == 1:
            return _exact_power(base, exponent.numerator)
        rooted = _exact_root(base, exponent.denominator)
        if rooted is not None:
            return _exact_power(rooted, exponent.numerator)
    base, exponent = inexact(base), inexact(exponent)
    if base == 0:
        if mp.re(exponent) <= 0:
            raise Undefined("a power of zero")
        return Fraction(0)
    if not (mp.isfinite(base) and mp.isfinite(exponent)):
        raise Undefined("infinite")
    if exponent != 0 and mp.mag(exponent) + max(0, abs(mp.mag(base))).bit_length() > MOST_MAGNITUDE:
        raise Undefined("too large")
    return _bounded(base**exponent)


def _exact_power(base: Fraction, exponent: int) -> Value:
    if base == 0 and exponent <= 0:
        raise Undefined("a power of zero")
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if bits * abs(exponent) > MOST_BITS and abs(base) != 1:
        if abs(exponent).bit_length() > MOST_MAGNITUDE - 8:
            raise Undefined("too large")
        return _bounded(inexact(base) ** exponent)
    return base**exponent


def _exact_root(base: Fraction, degree: int) -> Fraction | None:
    """The exact root of a non-negative fraction, None if it is irrational."""
    if base < 0 or degree > 64:
        return None
    top, bottom = _whole_root(base.numerator, degree), _whole_root(base.denominator, degree)
    return None if top is None or bottom is None else Fraction(top, bottom)


def _whole_root(value: int, degree: int) -> int | None:
    if value.bit_length() > 256:
        return None
    near = round(float(value) ** (1 / degree))
    return next((n for n in (near - 1, near, near + 1) if n >= 0 and n**degree == value), None)


def _function(name: str, parts: list[Value]) -> Value:
    if name in _EXACT:
        return _EXACT[name](*parts)
    if len(parts) != 1 and name not in ("log",):
        raise Undefined(name)
    inside = [inexact(part) for part in parts]
    if any(not mp.isfinite(part) or mp.mag(part) > 400 for part in inside if part != 0):
        raise Undefined("out of bounds")
    if name in ("exp", "sinh", "cosh") and inside[0] != 0 and mp.mag(inside[0]) > 16:
        raise Undefined("too large")
    found = _CURVES[name](*inside)
    if mp.isinf(found) or mp.isnan(found):
        raise Undefined(name)
    return found


def _root(degree: Value, inside: Value) -> Value:
    is_odd = isinstance(degree, Fraction) and degree.denominator == 1 and degree.numerator % 2
    if is_odd and is_real(inside) and mp.re(inexact(inside)) < 0:
        return -power(-inside, 1 / degree)
    return power(inside, 1 / degree)


def _factorial(inside: Value) -> Value:
    if not isinstance(inside, Fraction) or inside.denominator != 1 or not 0 <= inside <= 200:
        raise Undefined("factorial")
    return Fraction(math.factorial(inside.numerator))


def _absolute(inside: Value) -> Value:
    return abs(inside)


def _rounded_down(inside: Value) -> Value:
    if not is_real(inside):
        raise Undefined("floor")
    return Fraction(int(mp.floor(mp.re(inexact(inside)))))


_EXACT: dict[str, Callable[..., Value]] = {
    "sqrt": lambda inside: power(inside, Fraction(1, 2)),
    "cbrt": lambda inside: _root(Fraction(3), inside),
    "root": _root,
    "abs": _absolute,
    "factorial": _factorial,
    "floor": _rounded_down,
    "ceil": lambda inside: -_rounded_down(-inside),
    "max": lambda *parts: max(parts, key=inexact),
    "min": lambda *parts: min(parts, key=inexact),
    "sign": lambda inside: Fraction((inside > 0) - (inside < 0)),
}
_CURVES: dict[str, Callable[..., Value]] = {
    **{
        name: getattr(mp, name)
        for name in ["sin", "cos", "tan", "sec", "csc", "cot", "sinh", "cosh", "tanh", "ln", "exp"]
    },
    "arcsin": mp.asin,
    "arccos": mp.acos,
    "arctan": mp.atan,
    "lg": lambda x: mp.log(x, 10),
    "lb": lambda x: mp.log(x, 2),
    "log": lambda x, base=None: mp.log(x, 10 if base is None else base),
}
