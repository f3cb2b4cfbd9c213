"""Every number in a text, however it is written: digits, fractions, percents, LaTeX, words.

Finds and values; decides nothing. Positions are those of the text as it was given.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from tutor.grading.folding import fold
from tutor.grading.number_words import spelled_in
from tutor.grading.units import CURRENCY_SIGNS, unit_at

_VULGAR = {
    "½": Fraction(1, 2),
    "⅓": Fraction(1, 3),
    "⅔": Fraction(2, 3),
    "¼": Fraction(1, 4),
    "¾": Fraction(3, 4),
    "⅕": Fraction(1, 5),
    "⅖": Fraction(2, 5),
    "⅗": Fraction(3, 5),
    "⅘": Fraction(4, 5),
    "⅙": Fraction(1, 6),
    "⅚": Fraction(5, 6),
    "⅛": Fraction(1, 8),
    "⅜": Fraction(3, 8),
    "⅝": Fraction(5, 8),
    "⅞": Fraction(7, 8),
    "⅐": Fraction(1, 7),
    "⅑": Fraction(1, 9),
    "⅒": Fraction(1, 10),
}
_SUPER = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_PLAIN = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?: \d{3})+(?![\d])(?:\.\d+)?|\d+\.\d+|\d+|\.\d+"
_NUMBER = re.compile(
    rf"(?P<sign>(?<![\w)\]}}.%])-\s?)?(?:(?P<money>[$€£¥]\s?)(?P<sign2>-)?)?"
    rf"(?:\\[dtc]?frac\s*\{{\s*(?P<ltop>-?\d+)\s*\}}\s*\{{\s*(?P<lbottom>\d+)\s*\}}"
    rf"|(?:(?P<mixed>\d+)\s*)?(?P<vulgar>[{''.join(_VULGAR)}])"
    rf"|(?P<whole>\d+)\s+(?P<mtop>\d+)\s?/\s?(?P<mbottom>\d+)(?![\d.])"
    rf"|(?P<top>{_PLAIN})\s?/\s?(?P<bottom>\d+(?:\.\d+)?)(?![\d.]*/)"
    rf"|(?P<plain>{_PLAIN}))"
    rf"(?:(?:[eE](?P<exp>[+-]?\d{{1,3}})(?![\w.]))|(?:\s?(?:\*|×|x|\\times)\s?10\s?(?:\^|\*\*)\s?"
    rf"[{{(]?(?P<ten>[+-]?\d{{1,3}})[)}}]?)|(?:\s?(?:\*|×|x|\\times)\s?10(?P<sup>[⁻⁺]?[⁰¹²³⁴-⁹]{{1,3}})))?"
    rf"(?P<scale>\s?(?:(?:thousand|million|billion|trillion)\b|[万亿千百](?![克米升瓦分帕焦卡])))?"
)
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SCALES |= {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_PERCENT = re.compile(r"\s?(?:\\?%|percent\b|per cent\b|(?P<permille>‰))")
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class NumberFound:
    """A number, where it stands (with its unit or currency sign), and the unit as written.

    A percentage has its value over a hundred and the unit "%".
    """

    value: Fraction
    start: int
    end: int
    unit: str = ""
    shown: str = ""  # the digits as written, "" for words


def numbers_in(text: str) -> tuple[NumberFound, ...]:
    """All numbers of the first 20,000 characters, in order, none inside another."""
    folded = fold(text[:LONGEST])
    found = [one for match in _NUMBER.finditer(folded) if (one := _read(match, folded))]
    for spelled in spelled_in(folded):
        unit, end = ("%", spelled.end) if spelled.percent else unit_at(folded, spelled.end)
        found.append(NumberFound(spelled.value, spelled.start, end, unit))
    return _longest(found)


def _longest(found: list[NumberFound]) -> tuple[NumberFound, ...]:
    """Of numbers that overlap the longer one stays."""
    kept: list[NumberFound] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if kept and one.start < kept[-1].end:
            if one.end - one.start > kept[-1].end - kept[-1].start:
                kept[-1] = one
            continue
        kept.append(one)
    return tuple(kept)


def _read(match: re.Match[str], text: str) -> NumberFound | None:
    value = _value(match)
    if value is None:
        return None
    start, end = match.span()
    if percent := _PERCENT.match(text, end):
        parts = 1000 if percent["permille"] else 100
        return NumberFound(value / parts, start, percent.end(), "%", match[0].strip())
    if match["money"]:
        return NumberFound(
            value, start, end, CURRENCY_SIGNS[match["money"].strip()], match["plain"] or ""
        )
    unit, after = unit_at(text, end)
    return NumberFound(value, start, after, unit, match["plain"] or "")


def _value(match: re.Match[str]) -> Fraction | None:
    value = _amount(match)
    if value is None:
        return None
    exponent = match["exp"] or match["ten"] or (match["sup"] or "").translate(_SUPER)
    if exponent:
        value *= Fraction(10) ** int(exponent)
    if match["scale"]:
        value *= _SCALES[match["scale"].strip()]
    return -value if match["sign"] or match["sign2"] else value


def _amount(match: re.Match[str]) -> Fraction | None:
    if match["vulgar"]:
        return Fraction(match["mixed"] or 0) + _VULGAR[match["vulgar"]]
    for whole, top, bottom in (
        ("", "ltop", "lbottom"),
        ("whole", "mtop", "mbottom"),
        ("", "top", "bottom"),
    ):
        if match[bottom]:
            if not Fraction(match[bottom]):
                return None
            return Fraction(match[whole] if whole else 0) + plain(match[top]) / plain(match[bottom])
    return plain(match["plain"])


def plain(digits: str) -> Fraction:
    """The value of digits with or without thousands separators."""
    return Fraction(re.sub(r"[, ]", "", digits))
