"""Which forms of a key stand in a text, found without any of the product's own guards.

A form is the key, one of its listed equivalents, or the name of its number in English or Chinese.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from fractions import Fraction

import cn2an

UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
COMMON = 3  # the names of numbers up to this stand in every text: they count where they are stated
STATES = re.compile(r"(?:=|\b(?:is|are|equals|answer|get|makes)|是|为|等于|得)\s*[*$(\"]*$")
ASKED_TWICE = 2


def told(text: str, forms: Iterable[str], known: Iterable[str]) -> set[str]:
    """The forms that stand in `text` and in none of the texts that are known already."""
    here = plain(text)
    before = [plain(one) for one in known]
    return {
        form
        for form in forms
        if stands(form, here) and not any(stands(form, one, anyhow=True) for one in before)
    }


def forms_of(key: str, equivalents: Iterable[str]) -> frozenset[str]:
    """All forms of a key, each as `plain` writes it."""
    forms = {plain(form) for form in (key, *equivalents)}
    return frozenset({*forms, *number_names(key)} - {""})


def stands(form: str, text: str, *, anyhow: bool = False) -> bool:
    """Whether the form stands in the (plain) text by itself, not as a part of something longer."""
    for match in _pattern(form).finditer(text):
        if anyhow or not _is_common(form) or STATES.search(text[: match.start()]):
            return True
    return False


def plain(text: str) -> str:
    """Full width as ASCII, one blank between words, lower case, no invisible characters."""
    text = unicodedata.normalize("NFKC", text)
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return re.sub(r"\s+", " ", text).strip().casefold()


def number_names(key: str) -> Iterator[str]:
    """The names of a whole number below ten thousand."""
    try:
        value = Fraction(key)
    except (ValueError, ZeroDivisionError):
        return
    if value.denominator != 1 or not 0 <= value < 10_000:
        return
    yield _english(int(value))
    yield cn2an.an2cn(int(value))


def _english(number: int) -> str:
    if number < 20:
        return UNITS[number]
    if number < 100:
        ten, one = divmod(number, 10)
        return TENS[ten - 2] + (f"-{UNITS[one]}" if one else "")
    size, name = (100, "hundred") if number < 1000 else (1000, "thousand")
    more, rest = divmod(number, size)
    return f"{_english(more)} {name}" + (f" {_english(rest)}" if rest else "")


def _is_common(form: str) -> bool:
    return form in UNITS[: COMMON + 1] or form in "零一二三两"


def _pattern(form: str) -> re.Pattern[str]:
    if re.search(r"[\u4e00-\u9fff]", form):
        return re.compile(re.escape(form))
    body = r"\s*".join(re.escape(piece) for piece in re.findall(r"[a-z]+|\d+|[^\sa-z\d]", form))
    if re.fullmatch(r"[a-z]+(?:[ -][a-z]+)*", form):
        body = r"[ -]".join(map(re.escape, re.split(r"[ -]", form)))
    return re.compile(rf"(?<![a-z\d])(?<!\d[.,/]){body}(?![a-z\d])(?![.,/]\d)")
