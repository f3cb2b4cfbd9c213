"""Markdown in Slack's own dialect, where `markdown` blocks are not taken. Escapes &, < and >."""

import re
from dataclasses import replace

from bot.render.blocks import Block, BlockKind, fence, parse
from bot.render.characters import clean
from bot.render.inline import Span, SpanKind
from bot.render.inline_writing import Dialect, rewrite
from bot.render.latex_text import formula_text
from bot.render.mentions import without_slack_mentions
from bot.render.plain import bare
from bot.render.split import split_blocks
from bot.render.tables import monospaced, read

SECTION_LIMIT = 3_000
_BULLET = re.compile(r"^(?P<lead>\s*)[-*+](?=\s)")
_QUOTE = re.compile(r"^(?P<lead>(?:\s*&gt; ?)+)", re.MULTILINE)


def to_mrkdwn(markdown: str, limit: int = SECTION_LIMIT) -> list[str]:
    """The text in parts of at most `limit`, each fit for a section; `[""]` for an empty one."""
    blocks = [_block(block) for block in parse(without_slack_mentions(clean(markdown)))]
    return split_blocks(blocks, limit) or [""]


def escape(text: str) -> str:
    """Plain text as Slack wants it inside `mrkdwn`."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _block(block: Block) -> Block:
    if block.kind is BlockKind.FENCE:
        return replace(
            block, head=f"{block.prefix}```", info="", lines=tuple(map(_code, block.lines)) or ("",)
        )
    if block.kind is BlockKind.TABLE:
        return fence(_code(monospaced(read(block), bare)))
    if block.kind is BlockKind.FORMULA:
        text = escape(formula_text(block.latex).text + block.info)
        return Block(BlockKind.PARAGRAPH, tuple(f"> {line}" for line in text.split("\n")), "> ")
    if block.kind is BlockKind.RULE:
        return Block(BlockKind.PARAGRAPH, ("─" * 16,))
    if block.kind is BlockKind.BLANK:
        return block
    return _prose(block)


def _prose(block: Block) -> Block:
    if block.kind is BlockKind.HEADING:
        title = bare(block.text).lstrip("#> ").rstrip("# ")
        return replace(block, lines=(f"*{escape(title)}*",))
    text = rewrite(block.text, _MRKDWN)
    if block.prefix:  # the escape took the quote's sign, which Slack wants as it is
        text = _QUOTE.sub(lambda match: match["lead"].replace("&gt;", ">"), text)
    if block.kind is BlockKind.ITEM:
        text = _BULLET.sub(r"\g<lead>•", text)
    return replace(block, lines=tuple(text.split("\n")))


def _code(text: str) -> str:
    return escape(text.replace("```", "'''"))


def _span(span: Span) -> str:
    if span.kind is SpanKind.CODE:
        code = span.inner.strip().replace("`", "'")
        return f"`{escape(code)}`"
    if span.kind in (SpanKind.FORMULA, SpanKind.DISPLAY):
        return escape(formula_text(span.inner).text.replace("\n", "; "))
    if span.kind in (SpanKind.LINK, SpanKind.PICTURE):
        return _link(bare(span.inner).replace("`", "'").strip(), span.address)
    if span.kind is SpanKind.ADDRESS:
        return _link("", span.inner.strip("<>"))
    return escape(span.inner)


def _link(label: str, address: str) -> str:
    if not address.startswith(("http://", "https://", "mailto:")):
        return escape(label or address)
    target = escape(address).replace("|", "%7C")
    return f"<{target}|{escape(label).replace('|', '¦')}>" if label else f"<{target}>"


_MRKDWN = Dialect(
    {"**": "*", "__": "*", "*": "_", "_": "_", "~~": "~", "||": ""},
    plain=escape,
    span=_span,
    literal=escape,
)
