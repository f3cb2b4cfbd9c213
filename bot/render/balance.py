"""Closes what a draft has opened so far, so that an unfinished text can be shown at any moment."""

import re

from bot.render.blocks import Block, BlockKind, fence_marker, parse
from bot.render.inline import scan

_OPEN_FORMULA = re.compile(r"\$\$|\\\[|\\\(|\\begin\{")
_OPEN_LINK = re.compile(r"!?\[([^\[\]]*)(?:\](?:\([^()\s]*)?)?$")
_ELLIPSIS = " …"


def balanced(draft: str) -> str:
    """`draft` with open code, emphasis and links closed and an unfinished formula left out."""
    blocks = parse(draft)
    last = next((block for block in reversed(blocks) if block.kind is not BlockKind.BLANK), None)
    if last is None:
        return draft
    if last.kind is BlockKind.FENCE:
        return draft if fence_is_closed(draft, last) else f"{draft.rstrip()}\n{last.tail}"
    if last.kind in (BlockKind.FORMULA, BlockKind.TABLE, BlockKind.RULE):
        return draft
    text = last.text
    if blocks[-1] is not last:
        return draft  # an empty line ended the paragraph: what is open in it stays literal
    start = len(draft) - len(text) if draft.endswith(text) else draft.rfind(last.lines[-1])
    return draft[:start] + _closed(draft[start:])


def fence_is_closed(draft: str, block: Block) -> bool:
    """Whether the fence that ends a draft has its closing line already."""
    lines = draft.rstrip("\n").split("\n")
    last = lines[-1].strip("> \t")
    return (
        len(lines) - 1 > block.line
        and last.startswith(fence_marker(block.head))
        and (set(last) == {last[0]})
    )


def _closed(paragraph: str) -> str:
    inline = scan(paragraph)
    covered = [(span.start, span.end) for span in inline.spans]
    for opening in _OPEN_FORMULA.finditer(paragraph):
        start = opening.start()
        if not any(begin <= start < end and paragraph[begin:end] != opening.group()
                   for begin, end in covered):  # fmt: skip
            return _closed(paragraph[:start].rstrip()) + _ELLIPSIS
    if inline.stray_ticks:
        start, end = inline.stray_ticks[-1]
        if not paragraph[end:].strip():
            return _closed(paragraph[:start])
        return paragraph.rstrip() + paragraph[start:end]
    link = _OPEN_LINK.search(paragraph)
    if link and (not covered or covered[-1][1] <= link.start()):
        return _closed(paragraph[: link.start()] + link[1])
    text = paragraph.rstrip()
    closers = ""
    for start, end in reversed(inline.unmatched):
        if end >= len(text):
            text = text[:start].rstrip()
        else:
            closers += paragraph[start:end]
    return re.sub(r"(?<=\s)[*_~|]+$", "", text) + closers + paragraph[len(paragraph.rstrip()) :]
