"""LaTeX as Unicode, where a terminal shows no picture; the rest of a Markdown text stays."""

import re

from bot.render.blocks import BlockKind, parse
from bot.render.inline import SpanKind, scan
from bot.render.latex_text import formula_text

_MARKERS = re.compile(r"([*_`\\])")


def readable_formulas(markdown: str) -> str:
    """The text with every formula outside code as a reader would write it: `x² + 3x`."""
    lines = markdown.split("\n")
    blocks = parse(markdown)
    ends = [block.line for block in blocks[1:]] + [len(lines)]
    shown = []
    for block, end in zip(blocks, ends, strict=True):
        source = "\n".join(lines[block.line : end])
        if block.kind is BlockKind.FORMULA:
            gap = source[len(source.rstrip("\n")) :]
            source = f"> {_plain(block.latex)}{gap}"
        elif block.kind is not BlockKind.FENCE:
            source = _inline(source)
        shown.append(source)
    return "\n".join(shown)


def _inline(text: str) -> str:
    pieces, at = [], 0
    for span in scan(text).spans:
        if span.kind in (SpanKind.FORMULA, SpanKind.DISPLAY):
            pieces += [text[at : span.start], _plain(span.inner)]
            at = span.end
    return "".join([*pieces, text[at:]])


def _plain(latex: str) -> str:
    return _MARKERS.sub(r"\\\1", formula_text(latex).text)
