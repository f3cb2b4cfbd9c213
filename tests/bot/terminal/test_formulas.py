"""Formulas in a terminal: readable, and nothing but formulas touched."""

import io

import pytest
from rich.console import Console
from rich.markdown import Markdown

from bot.render.latex_text import formula_text
from bot.terminal.formulas import readable_formulas


def test_formulas_become_unicode_and_markup_stays() -> None:
    shown = readable_formulas("**So** $x^2 + 3x$ is:\n\n$$\nx = \\frac{1}{2}\n$$\n\nRight?")
    assert "**So** x² + 3x is:" in shown
    assert "> x = 1/2" in shown or "> x = ½" in shown
    assert "$" not in shown
    assert shown.endswith("Right?")


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 and $6.",
        "```sh\necho $HOME $PATH\n```",
        "The code `$x$` stays.",
        "",
        "- a\n- b\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
    ],
)
def test_what_is_no_formula_stays_as_it_was(text: str) -> None:
    assert readable_formulas(text) == text


def test_signs_of_a_formula_are_not_taken_for_markup() -> None:
    latex = "x_{max} + y_{max}"
    output = io.StringIO()
    Console(file=output, width=60).print(Markdown(readable_formulas(f"${latex}$")))
    assert output.getvalue().strip() == formula_text(latex).text
