"""Markdown tables as rows of cells, and as text that lines up in a monospaced font."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest

from bot.render.blocks import Block, BlockKind
from bot.render.characters import cells

_CELL_BORDER = re.compile(r"(?<!\\)\|")
_MAX_COLUMNS = 60


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
    """The table as lines of equal width; `plain` turns a cell's Markdown into bare text."""
    rows = [[plain(cell) for cell in row] for row in (table.head, *table.rows)]
    widths = [max(cells(cell) for cell in column) for column in zip_longest(*rows, fillvalue="")]
    lines = [_line(row, widths, table.aligns) for row in rows]
    rule = "─┼─".join("─" * width for width in widths)
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


def _line(row: Sequence[str], widths: Sequence[int], aligns: Sequence[Align]) -> str:
    padded = map(_padded, row, widths, aligns)
    return " │ ".join(padded).rstrip()


def _padded(cell: str, width: int, align: Align) -> str:
    space = width - cells(cell)
    left = {Align.LEFT: 0, Align.CENTER: space // 2, Align.RIGHT: space}[align]
    return " " * left + cell + " " * (space - left)
