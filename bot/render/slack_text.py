"""Markdown as Slack shows it: `markdown` blocks and streams, native tables, and `mrkdwn`.

Imports no Slack library. A `markdown` block takes standard Markdown; `mrkdwn` is Slack's own
dialect, needed in sections, ephemeral texts and the fallback `text` of a message.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from bot.render.balance import balanced
from bot.render.blocks import Block, BlockKind, fence, parse
from bot.render.characters import clean, utf16_length
from bot.render.formulas import formulas_of, placed
from bot.render.inline import Span, SpanKind
from bot.render.inline_writing import Dialect, rewrite
from bot.render.latex_text import formula_text
from bot.render.mentions import without_slack_mentions
from bot.render.mrkdwn import to_mrkdwn
from bot.render.plain import bare
from bot.render.rendered import Formula
from bot.render.split import split_blocks
from bot.render.tables import Table, monospaced, read

MARKDOWN_LIMIT = 12_000
FALLBACK_LIMIT = 3_000
TABLE_ROWS, TABLE_COLUMNS, TABLE_CHARACTERS = 100, 20, 10_000

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SlackPart:
    """One message. `text` is its Markdown, with tables in monospaced letters, as a stream takes it.

    `blocks` show the same natively, and `fallback` is the `text` of the payload, in `mrkdwn`.
    Pictures of `formulas` follow the blocks, in order; the text reads well without them.
    """

    text: str
    fallback: str
    blocks: tuple[Payload, ...]
    formulas: tuple[Formula, ...] = ()


@dataclass(frozen=True, slots=True)
class SlackRendered:
    parts: tuple[SlackPart, ...]

    @property
    def texts(self) -> list[str]:
        return [part.text for part in self.parts]


def render_slack(text: str, *, final: bool, limit: int = MARKDOWN_LIMIT) -> SlackRendered:
    """The messages of a reply. While it is not `final`, what is still open is closed for show."""
    source = without_slack_mentions(clean(text))
    blocks, formulas, tables = [], list[Formula](), dict[str, Table]()
    for block in parse(source if final else balanced(source)):
        formulas += formulas_of(block)
        if block.kind is BlockKind.TABLE:
            table = read(block)
            drawn = drawn_table(table)
            tables[drawn] = table
            blocks.append(fence(drawn))
        else:
            blocks.append(slack_block(block))
    parts = placed(split_blocks(blocks, limit), formulas)
    return SlackRendered(
        tuple(
            SlackPart(
                part.text, _fallback(part.text), tuple(_native(part.text, tables)), part.formulas
            )
            for part in parts
        )
    )


def slack_block(block: Block) -> Block:
    """A block, no table, in the Markdown that Slack takes."""
    if block.kind is BlockKind.FENCE:
        head = re.sub(r"~{3,}", "```", block.head, count=1)
        return replace(block, head=head, lines=block.lines or ("",))
    if block.kind is BlockKind.FORMULA:
        lines = (formula_text(block.latex).text + block.info).split("\n")
        written = tuple(f"> {_escaped(line)}" for line in lines)
        return Block(BlockKind.PARAGRAPH, written, prefix="> ")
    if block.kind in (BlockKind.BLANK, BlockKind.RULE):
        return block
    return replace(block, lines=tuple(rewrite(block.text, _MARKDOWN).split("\n")))


def drawn_table(table: Table) -> str:
    """The table in monospaced letters; nothing in it can end the fence around it."""
    return monospaced(table, bare).replace("```", "'''")


def table_block(table: Table) -> Payload | None:
    """Slack's own table; None where it is too large for one."""
    rows = [[bare(cell) for cell in row] for row in (table.head, *table.rows)]
    characters = sum(utf16_length(cell) for row in rows for cell in row)
    if len(rows) > TABLE_ROWS or len(table.head) > TABLE_COLUMNS or characters > TABLE_CHARACTERS:
        return None
    return {
        "type": "table",
        "column_settings": [{"align": str(align), "is_wrapped": True} for align in table.aligns],
        "rows": [[{"type": "raw_text", "text": cell or " "} for cell in row] for row in rows],
    }


def _native(text: str, tables: dict[str, Table]) -> Iterator[Payload]:
    """`markdown` blocks, and the first table of the message as a table: Slack allows one."""
    for drawn, table in tables.items():
        before, found, after = text.partition(f"```\n{drawn}\n```")
        if found and (native := table_block(table)):
            yield from _markdown(before)
            yield native
            yield from _markdown(after)
            return
    yield from _markdown(text)


def _markdown(text: str) -> Iterator[Payload]:
    if text.strip():
        yield {"type": "markdown", "text": text.strip("\n")}


def _fallback(text: str) -> str:
    return to_mrkdwn(text[: 2 * FALLBACK_LIMIT], FALLBACK_LIMIT)[0] if text.strip() else ""


def _span(span: Span) -> str:
    if span.kind is SpanKind.CODE:
        return span.opener + span.inner + span.closer
    if span.kind in (SpanKind.FORMULA, SpanKind.DISPLAY):
        return _escaped(formula_text(span.inner).text.replace("\n", "; "))
    if span.kind in (SpanKind.LINK, SpanKind.PICTURE):
        label = bare(span.inner).replace("`", "'").strip() or span.address
        if span.address.startswith(("http://", "https://", "mailto:")):
            return f"[{label}]({span.address})"
        return f"{label} ({span.address})" if span.address else label
    if span.kind is SpanKind.ESCAPE:
        return "\\" + span.inner
    return span.inner


def _escaped(text: str) -> str:
    return re.sub(r"([*_~`\\])", r"\\\1", text)


_MARKDOWN = Dialect(
    {"__": "**", "_": "*", "||": ""},
    plain=lambda text: text,
    span=_span,
    literal=lambda text: "".join(f"\\{character}" for character in text),
)
