"""Markdown as bare text: for the cells of tables, notifications, alt texts and terminals."""

from bot.render.blocks import Block, BlockKind, parse
from bot.render.characters import clean
from bot.render.inline import Span, SpanKind
from bot.render.inline_writing import Dialect, rewrite
from bot.render.latex_text import formula_text
from bot.render.tables import monospaced, read

_MARKERS = {"**": "", "__": "", "*": "", "_": "", "~~": "", "||": ""}


def bare(text: str) -> str:
    """One paragraph or cell without any markup; formulas in Unicode, links by their label."""
    return rewrite(text, _BARE)


def plain_text(markdown: str) -> str:
    """A whole text without markup; its layout in lines stays."""
    return "\n".join(_block(block) for block in parse(clean(markdown))).strip()


def _block(block: Block) -> str:
    if block.kind is BlockKind.FENCE:
        return block.text
    if block.kind is BlockKind.TABLE:
        return monospaced(read(block), bare)
    if block.kind is BlockKind.FORMULA:
        return formula_text(block.latex).text + block.info
    text = bare(block.text)
    return text.lstrip("# ") if block.kind is BlockKind.HEADING else text


def _span(span: Span) -> str:
    if span.kind in (SpanKind.FORMULA, SpanKind.DISPLAY):
        return formula_text(span.inner).text
    if span.kind is SpanKind.ADDRESS:
        return span.inner.strip("<>")
    return span.inner


_BARE = Dialect(_MARKERS, plain=lambda text: text, span=_span, literal=lambda text: text)
