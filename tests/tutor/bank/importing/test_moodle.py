"""Moodle XML: each kind of question that can be asked is taken, every other one is named."""

from pathlib import Path

import pytest

from tutor.bank.importing import moodle
from tutor.bank.importing.report import ImportRefused, Options, Reading
from tutor.bank.item import AnswerType, HintKind, Item

QUIZ = (Path(__file__).parent / "moodle_quiz.xml").read_text(encoding="utf-8")


def read(tmp_path: Path, text: str | bytes) -> Reading:
    file = tmp_path / "quiz.xml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return moodle.read(file, Options())


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    return read(tmp_path, QUIZ)


def of(reading: Reading, words: str) -> Item:
    [found] = [
        item
        for item in reading.courses[0].items
        if words in item.stem + "".join(step.prompt for step in item.steps)
    ]
    return found


def test_choices_are_one_or_several(reading: Reading) -> None:
    prime, even = of(reading, "prime"), of(reading, "even")
    assert prime.steps[0].prompt == "Which is prime?\nOne only."
    assert prime.steps[0].answer.type is AnswerType.CHOICE
    assert prime.steps[0].answer.answers == ("7",)
    assert even.steps[0].answer.type is AnswerType.CHOICES
    assert even.steps[0].answer.answers == ("2", "4")


def test_hints_come_before_the_explanation_that_gives_it_away(reading: Reading) -> None:
    hints = of(reading, "prime").steps[0].hints
    assert [hint.kind for hint in hints] == [HintKind.HINT, HintKind.BOTTOM_OUT]


def test_a_statement_is_judged_in_its_language(reading: Reading) -> None:
    key = of(reading, "地球").steps[0].answer
    assert (key.choices, key.answers) == (("对", "错"), ("对",))


def test_partial_answers_and_patterns_do_not_become_keys(reading: Reading) -> None:
    assert of(reading, "France?").steps[0].answer.answers == ("Paris",)


def test_a_number_keeps_its_unit_and_tolerance(reading: Reading) -> None:
    key = of(reading, "How high").steps[0].answer
    assert (key.type, key.unit, key.tolerance) == (AnswerType.NUMBER, "m", 0.01)


def test_matching_becomes_a_step_for_each_pair(reading: Reading) -> None:
    item = of(reading, "Match")
    assert item.stem == "Match the capitals."
    assert [(step.prompt, step.answer.answers) for step in item.steps] == [
        ("France", ("Paris",)),
        ("Italy", ("Rome",)),
    ]
    assert item.steps[0].answer.choices == ("Paris", "Rome", "Berlin")


def test_an_essay_is_open_with_its_rubric(reading: Reading) -> None:
    key = of(reading, "Why?").steps[0].answer
    assert (key.type, key.rubric) == (AnswerType.OPEN, "Names a cause.")


def test_categories_become_lessons(reading: Reading) -> None:
    [lesson] = reading.courses[0].lessons
    assert lesson.names["en"] == "Algebra"


def test_what_is_not_taken_and_which_media_are_left_out_is_said(reading: Reading) -> None:
    assert [remark.place for remark in reading.not_taken] == ["9 (Gaps)", "10", "11", "12"]
    assert any("pictures" in remark.reason.message for remark in reading.remarks)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (QUIZ[:400], "no complete XML"),
        ("<html></html>", "none of Moodle"),
        (b'<?xml version="1.0" encoding="utf-8"?><quiz>\xff</quiz>', "no complete XML"),
        ('<!DOCTYPE q [<!ENTITY a "b">]><quiz>&a;</quiz>', "entities"),
    ],
)
def test_a_broken_or_foreign_file_is_refused(tmp_path: Path, text: str | bytes, says: str) -> None:
    with pytest.raises(ImportRefused, match=says):
        read(tmp_path, text)
