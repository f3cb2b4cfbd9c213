"""Claims about finding a key in a text that must not give it away."""

import pytest

from tutor.bank.item import AnswerKey, AnswerType
from tutor.grading.equivalence import says_key
from tutor.grading.keys import key_for


@pytest.mark.parametrize(
    ("key", "text"),
    [
        *(
            ("5", said)
            for said in ("It is five.", "答案是五个", "3+2", "10/2", "５", r"\frac{10}{2}")
        ),
        *(("42", said) for said in ("forty-two", "6 × 7", "四十二", "42.0")),
        *(("2x+3", said) for said in ("so 3+2x works", "$y = 2x+3$", "2*x + 3")),
        *(("25%", said) for said in ("a quarter", "0.25", "百分之二十五")),
        *(("5 km", said) for said in ("5000 m away", "5公里")),
        *(("photosynthesis", said) for said in ("plants photosynthesise", "Photosynthesis")),
        *(("x=2 or x=3", said) for said in ("the roots are 3 and 2", "x=2, x=3")),
        *(("太阳", said) for said in ("它是太阳", "太陽")),
    ],
)
def test_equivalent_of_the_key_is_found(key: str, text: str) -> None:
    assert says_key(key_for(key), text)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        *(("5", "There are 15 apples in 2 bags."), ("5", "Think about 4 and 6.")),
        *(("2x+3", "Collect the terms in x first."), ("photosynthesis", "How do plants eat?")),
        *(("x=2 or x=3", "Two numbers add to 5."), ("yes", "Yes, go on!")),
    ],
)
def test_other_text_is_left_alone(key: str, text: str) -> None:
    assert says_key(key_for(key), text) == ()


def test_choice_is_found_by_letter_and_by_text() -> None:
    key = AnswerKey(AnswerType.CHOICE, ("neon",), ("iron", "neon", "oxygen"))
    assert says_key(key, "Take option B.")
    assert says_key(key, "A gas like neon.")
    assert not says_key(key, "Is it iron? A good guess.")


def test_open_question_has_no_key_to_find() -> None:
    assert says_key(AnswerKey(AnswerType.OPEN, rubric="x"), "anything 5") == ()
