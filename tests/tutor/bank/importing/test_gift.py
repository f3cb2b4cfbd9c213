"""GIFT: each kind of question that can be asked is taken, every other one is named."""

from pathlib import Path

import pytest

from tutor.bank.importing import gift
from tutor.bank.importing.report import ImportRefused, Options, Reading
from tutor.bank.item import AnswerType, Item

QUIZ = r"""// a comment
$CATEGORY: $course$/Geography

::Q1:: Who's buried in Grant's tomb?{~Grant ~Jefferson =no one #right!}

Grant is {~buried =entombed ~living} in Grant's tomb.

Who's there?{=Grant =Ulysses S. Grant =%50%Somebody}

The sun rises in the east.{T}

Match.{=Canada -> Ottawa =Italy -> Rome}

When was Ulysses born?{#1822:5}

What is pi to 2 digits?{#3.13..3.15}

Say why.{}

Which are even?{~%50%2 ~%50%4 ~%-100%5}

Is 1 \= 2\: \{really\}?{F#Never.}

What comes after one?{=two ####It is two.}

This is just a text without answers.

This one is not closed {=a
"""


def read(tmp_path: Path, text: str | bytes) -> Reading:
    file = tmp_path / "quiz.gift"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return gift.read(file, Options())


def of(reading: Reading, words: str) -> Item:
    [found] = [
        item
        for item in reading.courses[0].items
        if words in item.stem + "".join(step.prompt for step in item.steps)
    ]
    return found


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    return read(tmp_path, QUIZ)


@pytest.mark.parametrize(
    ("words", "type_", "answers"),
    [
        ("Who's buried", AnswerType.CHOICE, ("no one",)),
        ("Grant is ____ in Grant's tomb.", AnswerType.CHOICE, ("entombed",)),
        ("Who's there", AnswerType.TEXT, ("Grant", "Ulysses S. Grant")),
        ("The sun", AnswerType.CHOICE, ("True",)),
        ("When was", AnswerType.NUMBER, ("1822",)),
        ("What is pi", AnswerType.NUMBER, ("3.14",)),
        ("Say why", AnswerType.OPEN, ()),
        ("Which are even", AnswerType.CHOICES, ("2", "4")),
        ("Is 1 = 2: {really}?", AnswerType.CHOICE, ("False",)),
        ("after one", AnswerType.TEXT, ("two",)),
    ],
)
def test_each_kind_gets_its_key(
    reading: Reading, words: str, type_: AnswerType, answers: tuple[str, ...]
) -> None:
    key = of(reading, words).steps[0].answer
    assert (key.type, key.answers) == (type_, answers)


def test_ranges_and_errors_become_tolerances(reading: Reading) -> None:
    assert of(reading, "When was").steps[0].answer.tolerance == pytest.approx(5 / 1822)
    assert of(reading, "What is pi").steps[0].answer.tolerance == pytest.approx(0.01 / 3.14)


def test_matching_becomes_a_step_for_each_pair(reading: Reading) -> None:
    item = of(reading, "Match")
    assert [(step.prompt, step.answer.answers) for step in item.steps] == [
        ("Canada", ("Ottawa",)),
        ("Italy", ("Rome",)),
    ]


def test_title_category_and_feedback_are_kept(reading: Reading) -> None:
    assert of(reading, "Who's buried").title == "Q1"
    assert [lesson.names["en"] for lesson in reading.courses[0].lessons] == ["Geography"]
    assert of(reading, "after one").steps[0].hints[0].text == "It is two."


def test_what_is_not_taken_is_named_by_its_line(reading: Reading) -> None:
    assert [(remark.place, remark.reason.message) for remark in reading.not_taken] == [
        ("26", "There are no answers in { }, so this is no question."),
        ("28", "The answers have no closing brace."),
    ]


def test_another_encoding_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="UTF-8"):
        read(tmp_path, "谁？{=我}".encode("gb18030"))
