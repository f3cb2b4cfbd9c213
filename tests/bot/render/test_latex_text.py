"""LaTeX that reads well without being drawn."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.render.latex_text import formula_text


@pytest.mark.parametrize(
    ("latex", "text", "faithful"),
    [
        ("x^2+3x-4=0", "x² + 3x − 4 = 0", True),
        (r"\frac{1}{2}", "1/2", True),
        (r"x = \frac{-b \pm \sqrt{b^2-4ac}}{2a}", "x = (−b ± √(b² − 4ac))/(2a)", False),
        (r"\sum_{i=1}^{n} i", "∑ᵢ₌₁ⁿ i", True),
        (r"\text{面积} = \pi r^2", "面积 = πr²", True),
        (r"x \in \mathbb{R}", "x ∈ ℝ", True),
        (r"90^\circ", "90°", True),
        (r"f'(x) = 2x", "f′(x) = 2x", True),
        (r"\sin^2\theta + \cos^2 \theta = 1", "sin²θ + cos²θ = 1", True),
        (r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", "[1 2; 3 4]", False),
        (r"\begin{aligned}3x+5&=20\\3x&=15\end{aligned}", "3x + 5 = 20\n3x = 15", False),
        (r"\begin{cases}x & x \ge 0\\-x & x<0\end{cases}", "{ x, x ≥ 0; −x, x < 0", False),
        (r"\left|x\right| \le 5", "|x| ≤ 5", True),
        (r"x_{n+1}", "xₙ₊₁", True),
        ("-5 < x", "−5 < x", True),
    ],
)
def test_formula_is_readable(latex: str, text: str, faithful: bool) -> None:
    written = formula_text(latex)
    assert (written.text, written.faithful) == (text, faithful)


@pytest.mark.parametrize(
    "latex", [r"\frac{1", "}", "{", "\\", r"\foo{x}", "^", "_", r"\begin{", "&"]
)
def test_bad_latex_keeps_something_to_read(latex: str) -> None:
    assert formula_text(latex).text


@settings(max_examples=120, deadline=None)
@given(st.lists(st.sampled_from([*r"\{}^_&$ab2 ", r"\frac", r"\sqrt", r"\left", r"\begin{cases}",
       r"\end{cases}", r"\text{", "字", "\n"]), max_size=60).map("".join))  # fmt: skip
def test_no_latex_makes_it_fail(latex: str) -> None:
    assert isinstance(formula_text(latex).text, str)
