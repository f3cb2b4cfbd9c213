"""Which formulas of a text need a picture, and how the text itself writes them.

A block formula always gets a picture; one within a line only where Unicode does not do it justice
(a tall fraction, a matrix), since `x² + 3x` reads better in the line than under it.
"""

import re
from collections.abc import Sequence

from bot.render.blocks import Block, BlockKind
from bot.render.inline import SpanKind, scan
from bot.render.latex_text import formula_text
from bot.render.rendered import Formula, Part

MAX_PICTURES = 40
_MARK_LENGTH = 30
_UNCERTAIN = re.compile(r"[\s\\>;\u200b]+|&gt;")


def formulas_of(block: Block) -> list[Formula]:
    """The formulas of one block that want a picture, in order."""
    if block.kind is BlockKind.FORMULA:
        return [Formula(block.latex, formula_text(block.latex).text)]
    if block.kind in (BlockKind.FENCE, BlockKind.TABLE):
        return []
    found = []
    for span in scan(block.text).spans:
        if span.kind in (SpanKind.FORMULA, SpanKind.DISPLAY):
            written = formula_text(span.inner)
            if span.kind is SpanKind.DISPLAY or not written.faithful:
                found.append(Formula(span.inner, written.text))
    return found


def placed(texts: Sequence[str], formulas: Sequence[Formula]) -> tuple[Part, ...]:
    """Gives each formula to the part that holds its text, searching forward from the last one."""
    by_part: list[list[Formula]] = [[] for _ in texts]
    packed = [_packed(text) for text in texts]
    index, at = 0, 0
    for formula in formulas[:MAX_PICTURES] if texts else ():
        mark = _packed(formula.text)[:_MARK_LENGTH]
        for number in range(index, len(texts)):
            place = packed[number].find(mark, at if number == index else 0)
            if place >= 0:
                index, at = number, place + len(mark)
                break
        by_part[index].append(formula)
    return tuple(Part(text, tuple(own)) for text, own in zip(texts, by_part, strict=True))


def _packed(text: str) -> str:
    """Without white space, quote signs and escapes, which differ between dialects."""
    return _UNCERTAIN.sub("", text)
