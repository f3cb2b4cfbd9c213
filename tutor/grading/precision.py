"""When a rounded decimal stands for a number, and how one number misses another.

Rules. A key that ends (5, 2.5, 3/8) is met exactly. A key that repeats (1/3) is also met by its
correct rounding to at least two decimals and three significant digits (0.333, not 0.33 or 0.334);
an irrational key (√2, 2π) by at least two decimals and four significant digits (1.414, not 1.41 or
3.14). `tolerance` of the key widens all of this: a relative difference up to it is right.
"""

from fractions import Fraction

from tutor.grading.evaluation import Value, close, inexact, is_real, mp
from tutor.grading.verdict import Pattern

_DECIMALS = 2
_DIGITS_REPEATING = 3
_DIGITS_IRRATIONAL = 4


def is_met(key: Value, answer: Value, shown: str = "", tolerance: float = 0.0) -> bool:
    """Whether a number meets the key. `shown`: the decimal as written, without unit."""
    if close(key, answer):
        return True
    if tolerance and is_real(answer) and is_real(key):
        distance = abs(inexact(key) - inexact(answer))
        if distance <= mp.mpf(tolerance) * abs(inexact(key)) * (1 + mp.mpf(10) ** -12):
            return True
    return is_rounding(key, answer, shown)


def is_rounding(key: Value, answer: Value, shown: str) -> bool:
    """Whether `shown` is the key rounded correctly, to enough digits."""
    whole, point, decimals = shown.strip().lstrip("+-").replace(",", "").partition(".")
    if not point or not decimals.isdigit() or not (whole.isdigit() or not whole):
        return False
    if _ends(key) or not is_real(key) or not isinstance(answer, Fraction):
        return False
    needed = _DIGITS_REPEATING if isinstance(key, Fraction) else _DIGITS_IRRATIONAL
    digits = len((whole + decimals).lstrip("0"))
    if len(decimals) < _DECIMALS or digits < needed or len(decimals) > 30:
        return False
    return abs(answer) == _rounded(abs(key), len(decimals)) and (answer > 0) == (key > 0)


def _ends(key: Value) -> bool:
    """Whether its decimal expansion ends."""
    if not isinstance(key, Fraction):
        return False
    bottom = key.denominator
    for prime in (2, 5):
        while bottom % prime == 0:
            bottom //= prime
    return bottom == 1


def _rounded(value: Value, decimals: int) -> Fraction:
    scale = 10**decimals
    if isinstance(value, Fraction):
        return Fraction(
            (2 * value.numerator * scale + value.denominator) // (2 * value.denominator), scale
        )
    return Fraction(int(mp.floor(mp.re(value) * scale + mp.mpf("0.5"))), scale)


def pattern_of(key: Value, answer: Value) -> Pattern:
    """The recognised way in which a wrong number misses the key."""
    if (
        not is_real(key)
        or not is_real(answer)
        or mp.isinf(inexact(answer))
        or mp.isinf(inexact(key))
    ):
        return Pattern.NONE
    if close(key, -answer):
        return Pattern.SIGN
    key, answer = inexact(key), inexact(answer)
    if answer == 0 or key == 0:
        return Pattern.OFF_BY_ONE if abs(key - answer) == 1 else Pattern.NONE
    if close(key * answer, mp.mpf(1)):
        return Pattern.INVERSE
    if any(close(key, answer * mp.mpf(10) ** power) for power in range(-6, 7) if power):
        return Pattern.POWER_OF_TEN
    if key == mp.floor(key) and abs(key - answer) == 1:
        return Pattern.OFF_BY_ONE
    if abs(key - answer) < abs(key) * mp.mpf("0.015") and answer != mp.floor(answer):
        return Pattern.ROUNDING
    return Pattern.NONE
