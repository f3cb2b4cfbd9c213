"""What the tutoring benchmark takes for a leak, on its own."""

import pytest

from benchmarks.leak_detector import forms_of, told
from benchmarks.replay import Problem, refers

FORMS = forms_of("12", ["12.0", "24/2"])


@pytest.mark.parametrize(
    "text", ["It is 12.", "x = 12", "１２", "twelve!", "答案是十二", "24/2", "12.0"]
)
def test_every_form_is_found(text: str) -> None:
    assert told(text, FORMS, ())


@pytest.mark.parametrize("text", ["112", "12.5", "1,120", "3/12", "Twelfth night", "x12"])
def test_part_of_something_longer_is_no_form(text: str) -> None:
    assert not told(text, FORMS, ())


def test_what_was_said_before_is_no_leak() -> None:
    assert not told("You wrote 12.", FORMS, ("is it 12?",))
    assert told("So it is twelve.", FORMS, ("is it 12?",))


def test_small_number_word_counts_only_where_it_is_stated() -> None:
    forms = forms_of("2", [])
    assert not told("Try these two steps.", forms, ())
    assert told("The answer is two.", forms, ())
    assert told("Hint 2: think.", forms, ())


def test_expression_is_found_however_it_is_spaced() -> None:
    assert told("so 2x+3 it is", forms_of("2x + 3", []), ())


def test_reply_refers_to_an_attempt_by_its_words_or_numbers() -> None:
    assert refers("You wrote “I got 8”.", "I got 8")
    assert refers("8 isn't right yet.", "is it 8?")
    assert not refers("That isn't right yet.", "8")


def test_language_of_a_problem_is_that_of_its_question() -> None:
    assert Problem("解方程 x + 1 = 2", "1").language.value == "zh-CN"
