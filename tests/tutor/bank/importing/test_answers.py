"""Answers get the type that they are, so that a near miss of an interval is no spelling mistake."""

import pytest

from tutor.bank.importing.answers import bare, key_of, plain_number
from tutor.bank.importing.bottom_out import mark_bottom_out
from tutor.bank.item import AnswerKey, AnswerType, Hint, HintKind

NUMBER, EXPRESSION, TEXT = AnswerType.NUMBER, AnswerType.EXPRESSION, AnswerType.TEXT


@pytest.mark.parametrize(
    ("answer", "type_"),
    [
        ("$$42$$", NUMBER),
        ("-3.5", NUMBER),
        ("1,234,567", NUMBER),
        (r"$$\frac{-3}{4}$$", NUMBER),
        ("12%", NUMBER),
        ("1.99E-07", NUMBER),
        ("E99", EXPRESSION),
        ("$$x=5$$", EXPRESSION),
        ("(3,-3/2)", EXPRESSION),
        ("(-inf,-4)U(-3,inf)", EXPRESSION),
        ("sqrt(6)/2, -sqrt(6)/2", EXPRESSION),
        ("b**5", EXPRESSION),
        ("np.mean", TEXT),
        ("make_array(1/2,1/2)", TEXT),
        ('"satisfaction"', TEXT),
        ("No solution", TEXT),
        ("Zn(s)→Zn2+(aq)+2e-", TEXT),
        ("水", TEXT),
    ],
)
def test_an_answer_gets_its_type(answer: str, type_: AnswerType) -> None:
    assert key_of((answer,)).type is type_


@pytest.mark.parametrize(
    ("answer", "type_"),
    [("-2a-5", EXPRESSION), ("w", EXPRESSION), ("No solution", TEXT), ("ln2", EXPRESSION)],
)
def test_an_answer_that_should_be_a_formula_is_one_unless_it_is_words(
    answer: str, type_: AnswerType
) -> None:
    assert key_of((answer,), formula=True).type is type_


@pytest.mark.parametrize(
    ("answer", "plain"),
    [
        (r"$$\frac{1}{2}$$", "1/2"),
        (r"3\frac{1}{2}", "3 1/2"),
        ("1 / 2", "1/2"),
        ("x", None),
        ("", None),
    ],
)
def test_numbers_are_written_plainly(answer: str, plain: str | None) -> None:
    assert plain_number(answer) == plain


def test_only_marks_around_the_whole_are_taken_off() -> None:
    assert bare("$$a$$, $$b$$") == "$$a$$, $$b$$"
    assert bare(" $x$ ") == "x"


def marked(answer: str, question: str, *texts: str) -> list[bool]:
    key = key_of((answer,))
    hints = mark_bottom_out([Hint(HintKind.HINT, text) for text in texts], key, question)
    return [hint.kind is HintKind.BOTTOM_OUT for hint in hints]


def test_every_hint_that_contains_the_answer_gives_it_away() -> None:
    texts = ("It is 25, not 5.1.", "So $$x = 5$$.", "Write 5!", "5^2 and -5")
    assert marked("5", "What is x?", *texts) == [False, True, True, False]


def test_where_the_question_names_the_answer_only_the_last_hint_does() -> None:
    assert marked("2", "Is it 2 or 3?", "Not 3, so 2?", "It is 2.", "Well done") == [
        False,
        True,
        False,
    ]


def test_a_fraction_is_found_however_it_is_written() -> None:
    assert marked("3/4", "?", r"$$\frac{3}{4}$$", "3 / 4", "3/42") == [True, True, False]


def test_a_scaffold_that_gives_the_answer_away_keeps_its_key() -> None:
    own = AnswerKey(NUMBER, ("1",))
    [hint] = mark_bottom_out(
        [Hint(HintKind.SCAFFOLD, "Half of 10 is 5", "", own)], key_of(("5",)), "?"
    )
    assert (hint.kind, hint.key) == (HintKind.BOTTOM_OUT, own)
