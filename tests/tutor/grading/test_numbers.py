"""Claims about finding numbers in text."""

from fractions import Fraction

import pytest

from tutor.grading.numbers import numbers_in
from tutor.grading.scoring import grade_steps, item_score
from tutor.grading.verdict import Outcome, Verdict


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        *(("1,234.5 dollars", Fraction(2469, 2), "dollar"), ("三分之二", Fraction(2, 3), "")),
        *(("百分之二十", Fraction(1, 5), "%"), ("一千二百元", Fraction(1200), "yuan")),
        *(("two and a half", Fraction(5, 2), ""), ("twenty-one hundred", Fraction(2100), "")),
        *(("3 1/2 hours", Fraction(7, 2), "hour"), ("3.5万", Fraction(35_000), "")),
        *(("60 km/h", Fraction(60), "km/hour"), ("１２％", Fraction(3, 25), "%")),
        *(("-5", Fraction(-5), ""), ("a dozen", Fraction(12), ""), ("2½", Fraction(5, 2), "")),
        *((r"\frac{3}{4}", Fraction(3, 4), ""), ("minus seven", Fraction(-7), "")),
        *(("25 °C", Fraction(25), "degC"), ("半", Fraction(1, 2), "")),
    ],
)
def test_number_is_found_whole(text: str, value: Fraction, unit: str) -> None:
    (found,) = numbers_in(text)
    assert (found.value, found.unit, text[found.start : found.end]) == (value, unit, text)


def test_positions_are_those_of_the_text() -> None:
    text = "他一共买了１２个苹果和三个梨"
    assert [text[one.start : one.end] for one in numbers_in(text)] == ["１２", "三"]


def test_item_score_leaves_out_what_does_not_count() -> None:
    verdicts = [Verdict(Outcome.RIGHT, 1.0), Verdict(Outcome.PARTLY, 0.5), Verdict(Outcome.OPINION)]
    assert item_score(verdicts) == 0.75
    assert grade_steps(verdicts, 4) == 0.375
