"""What of an unfinished reply can already be streamed to Slack, where nothing is taken back.

Pure: the caller keeps what it has shown. Everything returned continues what was shown before.
"""

import re

from bot.render.atoms import NOWHERE, Context
from bot.render.balance import fence_is_closed
from bot.render.blocks import Block, BlockKind, fence, opens_formula, parse
from bot.render.characters import clean
from bot.render.inline import scan
from bot.render.mentions import without_slack_mentions
from bot.render.slack_text import drawn_table, slack_block
from bot.render.tables import read

_OPENING = re.compile(r"[$\[<`|]|\\[(\[]|https?:")
_FORMULA_LINES = 80


def stream_text(draft: str, shown: str = "") -> str:
    """The Markdown to show for an unfinished `draft`; starts with `shown`, or is `shown`."""
    text = whole_text(_settled(without_slack_mentions(clean(draft))))
    return text if text.startswith(shown) else shown


def whole_text(draft: str) -> str:
    """All of `draft` in Slack's Markdown, unsplit; a fence that is open stays open."""
    draft = without_slack_mentions(clean(draft))
    blocks = parse(draft)
    written = [_written(block) for block in blocks]
    if blocks and blocks[-1].kind is BlockKind.FENCE and not fence_is_closed(draft, blocks[-1]):
        written[-1] = written[-1].rpartition("\n")[0]
    return "\n".join(written).strip("\n").rstrip()


def rollover(shown: str) -> Context:
    """What ends a message that shows `shown` so far, and what the next message starts with."""
    blocks = parse(shown)
    if blocks and blocks[-1].kind is BlockKind.FENCE and not fence_is_closed(shown, blocks[-1]):
        return Context(blocks[-1].reopening + "\n", "\n" + blocks[-1].tail)
    return NOWHERE


def _written(block: Block) -> str:
    table = block.kind is BlockKind.TABLE
    block = fence(drawn_table(read(block))) if table else slack_block(block)
    if block.kind is BlockKind.FENCE:
        return "\n".join([block.head, *(block.prefix + line for line in block.lines), block.tail])
    return block.text


def _settled(draft: str) -> str:
    """The longest beginning of `draft` whose meaning no continuation changes."""
    lines = draft.split("\n")
    blocks = parse(draft)
    for block in blocks:
        open_formula = block.kind is BlockKind.PARAGRAPH and opens_formula(block.lines[0])
        if open_formula and block.line >= len(lines) - _FORMULA_LINES:
            return "\n".join(lines[: block.line])
    while blocks and blocks[-1].kind is BlockKind.BLANK:
        blocks.pop()
    if not blocks:
        return ""
    last = blocks[-1]
    if last.kind is BlockKind.FENCE:
        return draft if fence_is_closed(draft, last) else "\n".join(lines[:-1])
    if len(lines) - last.line - len(last.lines) >= 2:
        return draft  # an empty line stands behind it
    before = "\n".join(lines[: last.line])
    if last.kind in (BlockKind.TABLE, BlockKind.RULE, BlockKind.FORMULA):
        return before
    settled = _settled_prose("\n".join(lines[last.line :]))
    return f"{before}\n{settled}" if before or last.line else settled


def _settled_prose(text: str) -> str:
    """Up to the last white space or Chinese mark outside of everything open."""
    inline = scan(text)
    spans = [(span.start, span.end) for span in inline.spans]
    ranges = spans + [(emphasis.start, emphasis.end) for emphasis in inline.emphases]
    opened = [start for start, _ in (*inline.unmatched, *inline.stray_ticks, *inline.literals)]
    for match in _OPENING.finditer(text):
        if not any(start <= match.start() < end < len(text) for start, end in spans):
            opened.append(match.start())
            break
    end = _boundary(text, min(opened, default=len(text)))
    while around := [start for start, stop in ranges if start < end < stop]:
        end = _boundary(text, min(around))
    return text[:end]


def _boundary(text: str, end: int) -> int:
    marks = (text.rfind(mark, 0, end) + 1 for mark in "。，；！？：")
    return max(text.rfind(" ", 0, end), text.rfind("\n", 0, end), *marks, 0)
