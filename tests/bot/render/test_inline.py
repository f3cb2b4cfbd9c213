"""What counts as a formula, and what only looks like one."""

import pytest

from bot.render.inline import SpanKind, scan


def formulas(text: str) -> list[str]:
    kinds = (SpanKind.FORMULA, SpanKind.DISPLAY)
    return [span.inner for span in scan(text).spans if span.kind in kinds]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Solve $x^2 = 4$ now", ["x^2 = 4"]),
        (r"Solve \(x + 1\) and \[y\]", ["x + 1", "y"]),
        ("Inside $$a^2$$ a line", ["a^2"]),
        ("面积是$\\pi r^2$。", ["\\pi r^2"]),
        ("two: $x$, $y$", ["x", "y"]),
        (r"$\text{if } x$", [r"\text{if } x"]),
    ],
)
def test_formula_is_found(text: str, expected: list[str]) -> None:
    assert formulas(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 and $10.", "from $5 to $10", "US$5 or HK$7", "`$x$`", "a \\$5 note\\$",
        "$5, or 10$ then", "价格$5和6$", "$ x $", "echo $HOME and $PATH", "($5)-($10)",
    ],
)  # fmt: skip
def test_price_code_and_variable_are_no_formula(text: str) -> None:
    assert formulas(text) == []


def test_markers_without_partner_are_reported() -> None:
    inline = scan("**open and *it* done")
    assert [e.marker for e in inline.emphases] == ["*"]
    assert inline.unmatched == ((0, 2),)


def test_snake_case_and_products_are_no_emphasis() -> None:
    assert scan("snake_case_name and 2 * 3 * 4").emphases == ()
