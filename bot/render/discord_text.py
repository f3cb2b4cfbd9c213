"""Markdown as Discord shows it: no tables, no formulas, no pictures in the text, no pings.

Imports no Discord library. Lengths are counted in UTF-16 units, which is never too few.
"""

import re
from dataclasses import replace

from bot.render.balance import balanced
from bot.render.blocks import Block, BlockKind, fence, parse
from bot.render.characters import ZERO_WIDTH_SPACE, clean
from bot.render.formulas import formulas_of, placed
from bot.render.inline import Span, SpanKind
from bot.render.inline_writing import Dialect, rewrite
from bot.render.latex_text import formula_text
from bot.render.mentions import without_discord_mentions
from bot.render.plain import bare
from bot.render.rendered import Formula, Rendered
from bot.render.split import split_blocks
from bot.render.tables import monospaced, read, records, width

MESSAGE_LIMIT = 2000
TABLE_CELLS = 76  # wider ones wrap in a desktop window
_HEADING = re.compile(r"^(?P<quote>[>\s]*)(?P<level>#{1,6})\s+(?P<title>.*?)\s*#*$", re.DOTALL)
_ITEM = re.compile(r"^(?P<lead>[>\s]*)[+•](?=\s)|^(?P<box>[>\s]*[-*+]\s+)\[(?P<tick>[ xX])\](?=\s)")
_TICKS = re.compile(r"`{3,}")


def render_discord(text: str, *, final: bool, limit: int = MESSAGE_LIMIT) -> Rendered:
    """The messages of a reply. While it is not `final`, what is still open is closed for show."""
    source = without_discord_mentions(clean(text))
    blocks, formulas = [], list[Formula]()
    for block in parse(source if final else balanced(source)):
        formulas += formulas_of(block)
        blocks += _block(block)
    return Rendered(placed(split_blocks(blocks, limit), formulas))


def _block(block: Block) -> list[Block]:
    if block.kind is BlockKind.FENCE:
        return [_fence(block)]
    if block.kind is BlockKind.TABLE:
        return _table(block)
    if block.kind is BlockKind.FORMULA:
        return [_formula(block)]
    if block.kind is BlockKind.RULE:
        return [Block(BlockKind.PARAGRAPH, ("─" * 16,))]
    if block.kind is BlockKind.HEADING:
        return [_heading(block)]
    if block.kind is BlockKind.ITEM:
        block = replace(block, lines=(_item(block.lines[0]), *block.lines[1:]))
    return [_rewritten(block)]


def _rewritten(block: Block) -> Block:
    return replace(block, lines=tuple(rewrite(block.text, _DISCORD).split("\n")))


def _fence(block: Block) -> Block:
    """With backticks alone, and no three of them in the code: Discord ends the fence there."""
    head = re.sub(r"`{3,}|~{3,}", "```", block.head, count=1)
    lines = tuple(_TICKS.sub(_apart, line) for line in block.lines)
    return replace(block, head=head, lines=lines or ("",))


def _apart(ticks: re.Match[str]) -> str:
    return ZERO_WIDTH_SPACE.join(ticks.group())


def _table(block: Block) -> list[Block]:
    table = read(block)
    drawn = monospaced(table, bare)
    if width(drawn) <= TABLE_CELLS:
        return [fence(_TICKS.sub(_apart, drawn))]
    rows = [Block(BlockKind.ITEM, (rewrite(row, _DISCORD),)) for row in records(table)]
    return rows or [Block(BlockKind.PARAGRAPH, (rewrite(" · ".join(table.head), _DISCORD),))]


def _formula(block: Block) -> Block:
    lines = (formula_text(block.latex).text + block.info).split("\n")
    return Block(BlockKind.PARAGRAPH, tuple(f"> {_plain(line)}" for line in lines), prefix="> ")


def _heading(block: Block) -> Block:
    match = _HEADING.match(block.lines[0])
    assert match, block
    title = rewrite(match["title"], _DISCORD)
    if len(match["level"]) > 3:
        line = f"{match['quote']}**{title.replace('**', '')}**"
    else:
        line = f"{match['quote']}{match['level']} {title}"
    return replace(block, lines=tuple(line.split("\n")))


def _item(line: str) -> str:
    match = _ITEM.match(line)
    if not match:
        return line
    if match["tick"]:
        return f"{match['box']}{'☐' if match['tick'] == ' ' else '☑'}{line[match.end() :]}"
    return f"{match['lead']}-{line[match.end() :]}"


def _span(span: Span) -> str:
    if span.kind is SpanKind.CODE:
        return span.opener + span.inner.replace("```", _apart_ticks(span)) + span.closer
    if span.kind in (SpanKind.FORMULA, SpanKind.DISPLAY):
        return _plain(formula_text(span.inner).text.replace("\n", "; "))
    if span.kind in (SpanKind.LINK, SpanKind.PICTURE):
        return _link(span)
    if span.kind is SpanKind.ESCAPE:
        return "\\" + span.inner
    return span.inner


def _apart_ticks(span: Span) -> str:
    return "```" if len(span.opener) >= 3 else ZERO_WIDTH_SPACE.join("```")


def _link(span: Span) -> str:
    label = bare(span.inner).replace("`", "'").strip() or span.address
    if not span.address.startswith(("http://", "https://")):
        return f"{label} ({span.address})" if span.address else label
    if label == span.address:
        return f"<{span.address}>"
    if "://" in label:  # Discord refuses a label that looks like another address
        return f"{label} (<{span.address}>)"
    return f"[{label}](<{span.address}>)"


def _plain(text: str) -> str:
    """Unicode mathematics with what Discord would read as markup escaped."""
    return re.sub(r"([*_~`\\|])", r"\\\1", text)


_DISCORD = Dialect(
    {"__": "**", "_": "*"},
    plain=lambda text: text,
    span=_span,
    literal=lambda text: "".join(f"\\{character}" for character in text),
)
