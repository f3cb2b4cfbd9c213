"""Amounts in several units, and number words with a slip in them."""

import pytest

from tutor.bank.item import AnswerKey, AnswerType
from tutor.grading.grader import grade_quickly
from tutor.grading.numbers import numbers_in
from tutor.grading.verdict import Outcome
from tutor.language import Language

RIGHT = [
    ("2.5", "h", "2 hours 30 minutes"),
    ("2.5", "h", "2h30min"),
    ("2.5", "h", "2h 30m"),
    ("2.5", "h", "It takes 2 hours and 30 minutes."),
    ("2.5", "h", "2小时半"),
    ("2.5", "h", "2个半小时"),
    ("2.5", "h", "两小时三十分钟"),
    ("2.5", "h", "2个小时30分"),
    ("4/3", "h", "1小时20分钟"),
    ("4/3", "h", "1时20分"),
    ("1.2", "m", "1 m 20 cm"),
    ("1.2", "m", "1m20cm"),
    ("1.2", "m", "1米20厘米"),
    ("40", "in", "3 ft 4 in"),
    ("40", "in", "3'4\""),
    ("90", "s", "1分30秒"),
    ("3661", "s", "1 hour, 1 minute and 1 second"),
    ("5.25", "kg", "5千克250克"),
    ("4.5", "元", "4元5角"),
]
WRONG = [
    ("2.5", "h", "2 hours 20 minutes"),
    ("2.5", "h", "2 hours or 30 minutes"),
    ("2.5", "h", "2 minutes 30 hours"),
    ("2.5", "h", "2 m 50 cm"),
    ("2.5", "h", "less than 2 hours 30 minutes"),
    ("1.2", "m", "1 m 2 cm"),
    ("1.2", "m", "1 m - 20 cm"),
]


def outcome(key: str, unit: str, answer: str) -> Outcome | None:
    verdict = grade_quickly(
        AnswerKey(AnswerType.NUMBER, (key,), unit=unit), answer, Language.ENGLISH
    )
    return verdict and verdict.outcome


@pytest.mark.parametrize(("key", "unit", "answer"), RIGHT)
def test_amount_in_several_units_is_its_sum(key: str, unit: str, answer: str) -> None:
    assert outcome(key, unit, answer) is Outcome.RIGHT


@pytest.mark.parametrize(("key", "unit", "answer"), WRONG)
def test_another_amount_is_not_right(key: str, unit: str, answer: str) -> None:
    assert outcome(key, unit, answer) is not Outcome.RIGHT


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("tweleve", 12),
        ("twleve", 12),
        ("fourty", 40),
        ("seventen", 17),
        ("elevan", 11),
        ("nintey", 90),
        ("tweny five", 25),
        ("one thousnd", 1000),
    ],
)
def test_long_number_word_with_one_slip_is_read(word: str, value: int) -> None:
    assert [found.value for found in numbers_in(word)] == [value]


@pytest.mark.parametrize(
    "word", ["thirsty", "weight", "night", "event", "server", "nicety", "mighty", "zillion"]
)
def test_other_words_are_no_numbers(word: str) -> None:
    assert numbers_in(word) == ()
