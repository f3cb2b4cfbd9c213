"""Kinds of questions that quiz formats share, as steps with keys. Knows no format."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from tutor.bank.importing.answers import choice_key, plain_number
from tutor.bank.item import AnswerKey, AnswerType, Hint, Step
from tutor.language import Language, detect

TRUE_FALSE = {Language.ENGLISH: ("True", "False"), Language.CHINESE: ("对", "错")}
LARGEST_RELATIVE = 0.999


def true_false(question: str, *, right: bool, language: str) -> AnswerKey:
    """The key of a statement that is true or false, in the language of the question."""
    chinese = language == Language.CHINESE or (
        not language and detect(question) is Language.CHINESE
    )
    choices = TRUE_FALSE[Language.CHINESE if chinese else Language.ENGLISH]
    return choice_key(choices, (choices[0] if right else choices[1],))


def matching(pairs: Sequence[tuple[str, str]], extra: Sequence[str] = ()) -> tuple[Step, ...]:
    """One step for each thing that is to be matched; `extra` are answers that fit nothing."""
    choices = tuple(dict.fromkeys([*(right for _, right in pairs), *extra]))
    return tuple(
        Step(str(number), left, choice_key(choices, (right,)))
        for number, (left, right) in enumerate(pairs, start=1)
    )


def number_key(value: str, error: str, unit: str = "") -> AnswerKey | None:
    """The key of a number that may be off by `error`; None where these are no numbers.

    The accepted error is relative in a key; around 0 none can be kept, so there it is exact.
    """
    number = plain_number(value)
    try:
        exact = Fraction((number or "").replace(",", "").replace(" ", ""))
        off = abs(Fraction(error.strip() or "0"))
    except (ValueError, ZeroDivisionError):
        return None
    relative = min(float(off / abs(exact)), LARGEST_RELATIVE) if exact else 0.0
    return AnswerKey(AnswerType.NUMBER, (number or "",), unit=unit, tolerance=relative)


def range_key(low: str, high: str) -> AnswerKey | None:
    """The key of a number between two others, as their middle with the error to both."""
    try:
        bottom, top = Fraction(low.strip()), Fraction(high.strip())
    except (ValueError, ZeroDivisionError):
        return None
    middle = (bottom + top) / 2
    return number_key(f"{float(middle):.15g}", str(float(abs(top - bottom) / 2)))


def with_hints(steps: tuple[Step, ...], hints: Sequence[Hint]) -> tuple[Step, ...]:
    """The steps with these hints on the first: a quiz has its hints for the question as a whole."""
    return (replace(steps[0], hints=tuple(hints)), *steps[1:]) if steps else steps
