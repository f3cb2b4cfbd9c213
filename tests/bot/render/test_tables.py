"""Tables line up in any monospaced font, whatever a Chinese character's width in it."""

import pytest
from wcwidth import wcwidth

from bot.render.blocks import parse
from bot.render.plain import bare
from bot.render.tables import Align, monospaced, read


def drawn(markdown: str) -> list[str]:
    (block,) = parse(markdown)
    return monospaced(read(block), bare).split("\n")


def position(line: str, narrow: float, wide: float) -> list[float]:
    """Where the column borders stand when letters have these widths."""
    at, borders = 0.0, []
    for character in line:
        if character == "│":
            borders.append(at)
        at += wide if wcwidth(character) == 2 else narrow
    return borders


@pytest.mark.parametrize("wide", [1.0, 5 / 3, 2.0])
def test_columns_line_up_for_any_width_of_chinese(wide: float) -> None:
    body = "| Bob | 3 | 好 |\n| 小明 | 12 | ok |"
    head, _, *rows = drawn(f"| 名字 | score | 备注x |\n|:--|--:|:-:|\n{body}")
    expected = position(head, 1.0, wide)
    assert len(expected) == 2
    for row in rows:
        assert position(row, 1.0, wide) == pytest.approx(expected)


def test_cells_are_bare_text_and_aligned() -> None:
    assert drawn("| a | b |\n|:-:|--:|\n| **bold** | $x^2$ |\n| `y` | 12345 |") == [
        " a   │     b",
        "─────┼──────",
        "bold │    x²",
        " y   │ 12345",
    ]


def test_ragged_rows_and_escaped_bars_are_taken() -> None:
    (block,) = parse("| a | b |\n|---|:-:|\n| x \\| y |\n| 1 | 2 | 3 |")
    table = read(block)
    assert table.head == ("a", "b", "")
    assert table.rows == (("x | y", "", ""), ("1", "2", "3"))
    assert table.aligns == (Align.LEFT, Align.CENTER, Align.LEFT)
