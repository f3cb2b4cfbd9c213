"""What every generated problem must be: hints that keep the key, choices that differ.

Reads texts only; whether the key itself is right is checked by `Generator.holds`.
"""

import re
from fractions import Fraction

from tutor.bank.item import AnswerKey, AnswerType
from tutor.bank.problem import CHOICES, Problem, Text, number, value_of

NUMBER = re.compile(r"\d+ \d+/\d+|\d+/\d+|\d+(?:\.\d+)?")
FROM_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹−", "0123456789-")
ENGLISH_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen", "twenty"),
)
CHINESE_WORDS = "零一二三四五六七八九十"
MORE_WORDS: dict[str, int | Fraction] = {
    "两": 2,
    "twice": 2,
    "half": Fraction(1, 2),
    "一半": Fraction(1, 2),
}
WORDS: dict[str, Fraction] = {
    **{word: Fraction(value) for value, word in enumerate(ENGLISH_WORDS)},
    **{word: Fraction(value) for value, word in enumerate(CHINESE_WORDS)},
    **{word: Fraction(value) for word, value in MORE_WORDS.items()},
}


def is_sound(problem: Problem) -> bool:
    """Whether it can be set: no early hint holds the key, and there are enough choices."""
    key = problem.key
    if key.type is AnswerType.CHOICE and not has_distinct_choices(key):
        return False
    if any(_equals(answer, Fraction(problem.scaffold_answer)) for answer in key.answers):
        return False
    return not any(_tells(key, early) for early in (problem.hint, problem.scaffold))


def has_distinct_choices(key: AnswerKey) -> bool:
    values = {value_of(choice) for choice in key.choices}
    return len(values) == len(key.choices) == CHOICES and set(key.answers) <= set(key.choices)


def gives_away(key: AnswerKey, text: str) -> bool:
    """Whether a form of the key stands in the text; for numbers, whatever the sign or words."""
    return any(_stands_in(answer, text) for answer in key.answers)


def _tells(key: AnswerKey, text: Text) -> bool:
    return gives_away(key, text.english) or gives_away(key, text.chinese)


def _equals(answer: str, value: Fraction) -> bool:
    read = _number(answer)
    return read is not None and abs(read) == abs(value)


def _stands_in(answer: str, text: str) -> bool:
    value = _number(answer)
    if value is not None:
        return abs(value) in numbers_in(text)
    short, long = _squeezed(answer), _squeezed(text)
    pattern = rf"(?<![a-z0-9.]){re.escape(short)}(?![a-z0-9])"
    return re.search(pattern, long) is not None or re.search(pattern, text.casefold()) is not None


def _number(answer: str) -> Fraction | None:
    try:
        return number(answer)
    except (ValueError, ZeroDivisionError):
        return None


def numbers_in(text: str) -> set[Fraction]:
    """The sizes of all numbers in a text, in digits and in short words."""
    plain = text.translate(FROM_SUPERSCRIPTS).casefold()
    found = {number(one) for one in NUMBER.findall(plain) if not one.endswith("/0")}
    found |= {Fraction(one) for one in re.findall(r"\d+", plain)}
    latin = set(re.findall(r"[a-z]+", plain))
    found |= {value for word, value in WORDS.items() if word in latin}
    return found | {value for word, value in WORDS.items() if not word.isascii() and word in plain}


def _squeezed(text: str) -> str:
    """Without spaces around signs, and with powers written plainly: x² + 3 is x2+3."""
    plain = text.translate(FROM_SUPERSCRIPTS).casefold()
    return re.sub(r"[\^*·]", "", re.sub(r"\s*([-+*/=<>(){},^·])\s*", r"\1", plain))
