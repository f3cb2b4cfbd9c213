"""Amounts in several units: 2 hours 30 minutes, 1 m 20 cm, 3 ft 4 in, 4元5角, 2小时半.

Knows how such amounts are written, close together and in short; the units are `units`' matter.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from tutor.grading.numbers import NumberFound, numbers_in
from tutor.grading.units import DifferentUnits, convert

_MOST_PARTS = 4
_AMOUNT = r"\d+(?:\.\d+)?"
_HOUR = r"(?:h(?:rs?|ours?)?|小时|个小时|个钟头)"
_WRITTEN: tuple[tuple[str, str], ...] = (
    (rf"(?<![\d\w'])({_AMOUNT})\s*(?:'|′)\s*({_AMOUNT})\s*(?:\"|″|'')", r"\1 ft \2 in"),
    (rf"({_AMOUNT}\s*{_HOUR})\s*({_AMOUNT})\s*m\b", r"\1 \2 min"),
    (r"(?<=\d)(h|hrs?|min|ft|km|kg|cm|lbs?|yd|m)(?=\d+(?:\.\d+)?\s*[a-z])", r" \1 "),
    (r"(\d)\s*个半\s*(?:小时|钟头)", r"\1.5 小时"),
    (r"(小时|时|钟头)\s*半", r"\1 30 分钟"),
    (r"(?<=[\d一二两三四五六七八九十])\s*个?时(?=\s*[\d一二两三四五六七八九十]+\s*分)", " 小时 "),
    (r"(?<=[\d一二两三四五六七八九十])\s*个(?:小时|钟头)", " 小时 "),
    (
        r"((?:小时|分)[\s又零]*[\d一二两三四五六七八九十]+\s*)分(?!钟|米|之)|分(?=\s*[\d一二两三四五六七八九十]+\s*秒)",
        r"\1分钟",
    ),
)
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), sign) for pattern, sign in _WRITTEN)


@dataclass(frozen=True, slots=True)
class Compound:
    """The whole amount in its first unit, and where it stands."""

    value: Fraction
    unit: str
    start: int
    end: int


def written_out(text: str) -> str:
    """Short forms such as 2h30m and 3'4" with their units in full, apart from the numbers."""
    if not any(character.isdigit() or character in "半时分" for character in text):
        return text
    for pattern, sign in _COMPILED:
        text = pattern.sub(sign, text)
    return text


def compound_in(text: str) -> Compound | None:
    """The amount, if all numbers of a text are its parts: of one dimension, ever smaller."""
    found = numbers_in(text)
    if not 2 <= len(found) <= _MOST_PARTS:
        return None
    gaps = [text[a.end : b.start] for a, b in pairwise(found)]
    if any(gap.strip(" ,") not in ("", "and", "又", "零") for gap in gaps):
        return None
    total = _total(found)
    if total is None:
        return None
    return Compound(total, found[0].unit, found[0].start, found[-1].end)


def _total(found: tuple[NumberFound, ...]) -> Fraction | None:
    """The sum in the first unit; None where the parts do not go together."""
    units = [one.unit for one in found]
    if not all(units) or "%" in units or any(one.value < 0 for one in found):
        return None
    try:
        sizes = [convert(Fraction(1), unit, units[0]) for unit in units]
    except DifferentUnits:
        return None
    if any(b >= a for a, b in pairwise(sizes)):
        return None
    return sum((one.value * size for one, size in zip(found, sizes, strict=True)), Fraction(0))
