"""The digest of a question: the same for spellings, never for another problem."""

import pytest

from tutor.bank.digest import normalised, text_digest


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What is 2+3?", "what is 2 + 3"),
        ("Simplify $$x^{2}$$.", "simplify x^2"),
        ("５加３等于几？", "5加3等于几?"),
        ("Solve 3×4", r"Solve $$3 \times 4$$"),
        ("x² = 4", "x^2=4"),
        ("6 ÷ 2 =", "6/2="),
        ("Fill in: ____ is red.", "fill in __ is red"),
        (r"\left(x+1\right)", "(x+1)"),
    ],
)
def test_spellings_of_a_question_are_one(one: str, other: str) -> None:
    assert text_digest(one) == text_digest(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What is 2.5+1", "What is 25+1"),
        (r"\frac{1}{12}", r"\frac{11}{2}"),
        ("2(3+4)", "23+4"),
        ("5! =", "5 ="),
        ("x-2", "x+2"),
        ("the numbers 1 2", "the numbers 12"),
        ("(1,2)", "(12)"),
        ("f'(x)", "f(x)"),
        ("x²", "x2"),
        ("ratio 3:4", "ratio 34"),
        ("|x|", "x"),
    ],
)
def test_another_problem_is_never_the_same(one: str, other: str) -> None:
    assert text_digest(one) != text_digest(other)


def test_a_text_with_nothing_in_it_has_no_digest() -> None:
    assert text_digest(" ?。 ") == normalised("。") == ""
