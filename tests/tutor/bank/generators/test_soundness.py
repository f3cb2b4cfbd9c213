"""When a text gives a key away."""

import pytest

from tutor.bank.generators.soundness import gives_away
from tutor.bank.problem import expression_key, number_key, text_key


@pytest.mark.parametrize(
    "text",
    ["It is 12.", "so x = −12", "12 元", "twelve of them", "24/2", "6 × 2 = 12"],
)
def test_a_number_is_found_however_it_is_written(text: str) -> None:
    assert gives_away(number_key(12), text)


@pytest.mark.parametrize("text", ["There are 120.", "1.2 m", "Divide by 4.", "x² + 1"])
def test_other_numbers_do_not_give_it_away(text: str) -> None:
    assert not gives_away(number_key(12), text)


def test_an_expression_is_found_in_any_spelling() -> None:
    key = expression_key("3x^2 - 5")
    assert gives_away(key, "so it is 3x² − 5.")
    assert not gives_away(key, "so it is 13x² − 5.")
    assert not gives_away(key, "so it is 3x² − 51.")


def test_a_word_is_found_as_a_word() -> None:
    assert gives_away(text_key("heart"), "It is the Heart.")
    assert not gives_away(text_key("heart"), "Hearts are trumps.")
