"""Wrong answers that learners give: other choices, slips of arithmetic and sign, numbers at hand.

Each is held against the key by `tutor.grading`: none of them is right, or could be read so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from tutor.bank.item import AnswerKey, AnswerType
from tutor.grading.grader import grade_quickly
from tutor.grading.numbers import numbers_in
from tutor.grading.verdict import Outcome
from tutor.language import Language

LABELS = "ABCDEFGHIJ"
LONGEST = 40
DECIMALS = 4
TEN, LARGEST_DENOMINATOR = 10, 50
MINUS = re.compile(r"[-−]")
AS_LABEL = 0.6
TYPED = (
    "{a}", "{a}", "{a}", "is it {a}?", "I think it's {a}", "i got {a}", "maybe {a}", "{a}?",
    "my answer is {a}", "its {a}", "I wrote {a}", "so {a}",
)  # fmt: skip
TYPED_CHINESE = ("{a}", "{a}", "是{a}吗？", "我觉得是{a}", "我算出来是{a}", "{a}？")
FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
SIGN = re.compile(r"(?<=[\w)}])\s*([+-])\s*(?=[\w({\\])")
DIGIT = re.compile(r"(?<![\d.])[2-9](?![\d.])")


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, and the words in which it was typed."""

    bare: str
    typed: str


def wrong_answers(key: AnswerKey, question: str, language: Language, rng: Random) -> list[Answer]:
    """Some wrong answers in random order; none where no sure one is known."""
    found = dict.fromkeys(filter(None, map(typeable, _candidates(key, question, rng))))
    wrong = [bare for bare in found if _is_wrong(key, bare, question, language)]
    rng.shuffle(wrong)
    ways = TYPED_CHINESE if language is Language.CHINESE else TYPED
    return [Answer(bare, rng.choice(ways).format(a=bare)) for bare in wrong]


def right_answer(key: AnswerKey) -> str:
    """The key as somebody would type it; "" where nobody would."""
    return typeable(key.answers[0]) if key.answers else ""


def typeable(text: str) -> str:
    """Without the marks of formulas; "" for what is long or stays a formula."""
    text = FRACTION.sub(_as_quotient, text.replace("$$", "").replace("\\left", ""))
    text = text.replace("\\right", "").replace("\\cdot", "*").replace("{", "").replace("}", "")
    text = " ".join(text.split()).rstrip(".")
    return "" if "\\" in text or len(text) > LONGEST else text


def _as_quotient(found: re.Match[str]) -> str:
    parts = (part if part.isalnum() else f"({part})" for part in found.groups())
    return "/".join(parts)


def _is_wrong(key: AnswerKey, bare: str, question: str, language: Language) -> bool:
    verdict = grade_quickly(key, bare, language, question)
    return verdict is not None and verdict.outcome is Outcome.WRONG


def _candidates(key: AnswerKey, question: str, rng: Random) -> Iterator[str]:
    if key.choices:
        for label, choice in zip(LABELS, key.choices, strict=False):
            yield label if rng.random() < AS_LABEL or not typeable(choice) else choice
    elif key.type is AnswerType.NUMBER:
        yield from _numbers(key, question)
    elif key.answers:
        yield from _expressions(key.answers[0])


def _numbers(key: AnswerKey, question: str) -> Iterator[str]:
    """The key's number after a slip, and numbers of the question."""
    found = numbers_in(key.answers[0])
    if len(found) != 1:
        return
    value, percent = found[0].value, "%" in key.answers[0]
    signed, as_fraction = bool(MINUS.search(question)), "/" in typeable(key.answers[0])
    for slip in _slips(value * 100 if percent else value):
        if signed or slip > 0:
            yield _written(slip, as_fraction) + "%" * percent
    yield from (_written(one.value, as_fraction) for one in numbers_in(question)[:6])


def _slips(value: Fraction) -> Iterator[Fraction]:
    step = Fraction(1, 10) if value.denominator > 1 else Fraction(1)
    yield from (value + step, value - step, value + 2 * step, value * 2, value / 2, -value)
    yield value * 10
    if abs(value) >= TEN:
        yield value / TEN
    digits = str(abs(value.numerator))
    if value.denominator == 1 and len(digits) == 2 and digits[1] != "0":
        yield Fraction(int(digits[::-1]))
    if value.denominator > 1 and value:
        yield 1 / value


def _written(value: Fraction, as_fraction: bool) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    if as_fraction and value.denominator < LARGEST_DENOMINATOR:
        return f"{value.numerator}/{value.denominator}"
    return f"{float(value):.{DECIMALS}f}".rstrip("0").rstrip(".")


def _expressions(answer: str) -> Iterator[str]:
    """One sign or one digit slips."""
    for found in SIGN.finditer(answer):
        other = "-" if found[1] == "+" else "+"
        yield f"{answer[: found.start(1)]}{other}{answer[found.end(1) :]}"
    for found in DIGIT.finditer(answer):
        for slip in (int(found[0]) - 1, int(found[0]) + 1):
            yield f"{answer[: found.start()]}{slip}{answer[found.end() :]}"
