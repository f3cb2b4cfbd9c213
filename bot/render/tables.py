"""Markdown tables as rows of cells, and as text that lines up in a monospaced font."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.render.blocks import Block, BlockKind
from bot.render.characters import cells, clusters

_CELL_BORDER = re.compile(r"(?<!\\)\|")
_MAX_COLUMNS = 60
WIDE_SPACE = "\u3000"


class Align(StrEnum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Table:
    """Every row has as many cells as the head."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    aligns: tuple[Align, ...]


def read(block: Block) -> Table:
    """The cells of a table block, still in Markdown."""
    assert block.kind is BlockKind.TABLE, block.kind
    head, aligns, *rows = [_cells(line) for line in block.lines]
    width = min(max(len(head), *(len(row) for row in rows), 1), _MAX_COLUMNS)
    return Table(
        _filled(head, width),
        tuple(_filled(row, width) for row in rows),
        tuple(_align(cell) for cell in _filled(aligns, width)),
    )


def monospaced(table: Table, plain: Callable[[str], str]) -> str:
    """The table as lines that line up; `plain` turns a cell's Markdown into bare text.

    Chat fonts do not make a Chinese character exactly two letters wide. So every cell of a column
    gets as many wide and as many narrow characters as the others, counting wide and narrow blanks.
    """
    rows = [[plain(cell) for cell in row] for row in (table.head, *table.rows)]
    columns = list(zip(*rows, strict=True))
    wide = [max(map(_wide, column)) for column in columns]
    narrow = [max(map(_narrow, column)) for column in columns]
    lines = [
        " │ ".join(map(_padded, row, wide, narrow, table.aligns)).rstrip(" " + WIDE_SPACE)
        for row in rows
    ]
    if any(wide):
        rule = "─" * max(map(cells, lines))
    else:
        rule = "─┼─".join("─" * width for width in narrow)
    return "\n".join([lines[0], rule, *lines[1:]])


def records(table: Table) -> list[str]:
    """The table as one line of Markdown a row, for tables too wide to line up."""
    return [
        "- " + " · ".join(f"**{head}**: {cell}" if head else cell for head, cell in named if cell)
        for row in table.rows
        if (named := list(zip(table.head, row, strict=True))) and any(row)
    ]


def width(text: str) -> int:
    """The widest line in cells."""
    return max((cells(line) for line in text.split("\n")), default=0)


def _cells(line: str) -> list[str]:
    bare = line.lstrip("> \t").rstrip()
    bare = bare.removeprefix("|")
    if bare.endswith("|") and not bare.endswith("\\|"):
        bare = bare[:-1]
    return [cell.strip().replace("\\|", "|") for cell in _CELL_BORDER.split(bare)]


def _filled(row: Sequence[str], width: int) -> tuple[str, ...]:
    return tuple([*row, *[""] * width][:width])


def _align(cell: str) -> Align:
    if cell.endswith(":"):
        return Align.CENTER if cell.startswith(":") else Align.RIGHT
    return Align.LEFT


def _wide(text: str) -> int:
    return sum(cells(cluster) == 2 for cluster in clusters(text))


def _narrow(text: str) -> int:
    return cells(text) - 2 * _wide(text)


def _padded(cell: str, wide: int, narrow: int, align: Align) -> str:
    wide_blanks, narrow_blanks = wide - _wide(cell), narrow - _narrow(cell)
    share = {Align.LEFT: 0.0, Align.CENTER: 0.5, Align.RIGHT: 1.0}[align]
    left_wide, left_narrow = int(wide_blanks * share), int(narrow_blanks * share)
    left = WIDE_SPACE * left_wide + " " * left_narrow
    right = " " * (narrow_blanks - left_narrow) + WIDE_SPACE * (wide_blanks - left_wide)
    return left + cell + right
