"""Sets Markdown on a page in a platform's look: paragraphs, lists, quotes, code, headings."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.render.blocks import Block, BlockKind, parse
from bot.render.inline import Inline, Span, SpanKind, scan
from bot.render.preview.page import Page
from bot.render.preview.typesetting import Run, Style

_ITEM = re.compile(r"^(?P<space>\s*)(?P<marker>[-*+•]|\d{1,9}[.)])\s+")
_QUOTE = re.compile(r"^(?:\s*>\s?)+", re.MULTILINE)
_HEADING = re.compile(r"^\s*(#{1,6})\s+")
_SUBTEXT = re.compile(r"^-#\s+")


@dataclass(frozen=True, slots=True)
class Look:
    """Colours and sizes of a platform. `emphases` says what each marker does to a style."""

    body: Style
    code: Style
    link: str
    muted: str
    code_ground: str
    code_line: str
    quote_bar: str
    headings: tuple[float, ...]
    emphases: Mapping[str, Callable[[Style], Style]]
    paragraph_gap: float = 8


def bold(style: Style) -> Style:
    return replace(style, bold=True)


def italic(style: Style) -> Style:
    return replace(style, italic=True)


def struck(style: Style) -> Style:
    return replace(style, strike=True)


STANDARD = {"**": bold, "__": bold, "*": italic, "_": italic, "~~": struck}
MRKDWN = {"*": bold, "_": italic, "~": struck}


def set_markdown(page: Page, markdown: str, look: Look, x: float, width: float) -> None:
    """Sets the whole text; the page's `y` moves below it."""
    gap = 0.0
    for block in parse(markdown):
        if block.kind is BlockKind.BLANK:
            gap = look.paragraph_gap
            continue
        page.y += gap
        gap = 0
        _set_block(page, block, look, x, width)


def _set_block(page: Page, block: Block, look: Look, x: float, width: float) -> None:
    if block.kind is BlockKind.FENCE:
        indent = len(block.prefix.replace(">", "")) * 6
        set_code(page, block.text, look, x + indent, width - indent)
    elif block.kind is BlockKind.HEADING:
        _set_heading(page, block, look, x, width)
    elif block.kind is BlockKind.RULE:
        page.box(x, page.y + 8, width, 1, look.quote_bar)
        page.y += 17
    elif ">" in block.prefix:
        _set_quote(page, block, look, x, width)
    elif block.kind is BlockKind.ITEM:
        _set_item(page, block, look, x, width)
    else:
        _set_prose(page, block.text, look, x, width)


def set_code(page: Page, code: str, look: Look, x: float, width: float) -> None:
    """A block of code in its box."""
    page.y += 4
    top, under = page.y, page.mark()
    page.y += 8
    page.text(
        [Run(code or " ", replace(look.code, color=look.body.color, fill="", outline=""))],
        x + 9,
        width - 18,
        1.3,
    )
    page.y += 8
    page.box(x, top, width, page.y - top, look.code_ground, 5, look.code_line, under)
    page.y += 4


def _set_prose(page: Page, text: str, look: Look, x: float, width: float) -> None:
    for line in text.split("\n") if _SUBTEXT.search(text) else [text]:
        if subtext := _SUBTEXT.match(line):
            small = replace(look.body, size=look.body.size * 0.8, color=look.muted)
            page.text(runs_of(line[subtext.end() :], look, small), x, width)
        elif line:
            page.text(runs_of(line, look, look.body), x, width)


def _set_heading(page: Page, block: Block, look: Look, x: float, width: float) -> None:
    match = _HEADING.match(_QUOTE.sub("", block.text))
    level = len(match[1]) if match else 1
    size = look.headings[min(level, len(look.headings)) - 1]
    text = _HEADING.sub("", _QUOTE.sub("", block.text))
    page.y += 6
    page.text(runs_of(text, look, replace(look.body, size=size, bold=True)), x, width)
    page.y += 4


def _set_quote(page: Page, block: Block, look: Look, x: float, width: float) -> None:
    top = page.y
    page.y += 1
    inner = replace(block, lines=tuple(_QUOTE.sub("", block.text).split("\n")), prefix="")
    _set_block(page, inner, look, x + 14, width - 14)
    page.y += 1
    page.box(x, top, 4, page.y - top, look.quote_bar, 2)


def _set_item(page: Page, block: Block, look: Look, x: float, width: float) -> None:
    match = _ITEM.match(block.text)
    marker = match["marker"] if match else "•"
    indent = (len(match["space"]) // 2 * 18 if match else 0) + 6
    sign = "•" if marker in "-*+•" and not indent > 20 else "◦" if marker in "-*+•" else marker
    top = page.y
    page.text([Run(sign, look.body)], x + indent, 40)
    page.y = top
    text = re.sub(r"\n\s+", "\n", block.text[match.end() if match else 0 :])
    hang = 18 if len(sign) == 1 else 24
    page.text(runs_of(text, look, look.body), x + indent + hang, width - indent - hang)
    page.y += 2


def runs_of(text: str, look: Look, style: Style) -> list[Run]:
    """One paragraph as styled runs, without its markers."""
    inline = scan(text)
    edits = [*_marker_edits(inline, look), *((s.start, s.end, s) for s in inline.spans)]
    runs: list[Run] = []
    at = 0
    for start, end, span in sorted(edits, key=lambda edit: edit[0]):
        runs.append(Run(text[at:start], _style_at(inline, look, style, at)))
        if span is not None:
            runs.append(_span_run(span, look, _style_at(inline, look, style, start)))
        at = end
    runs.append(Run(text[at:], _style_at(inline, look, style, at)))
    return [run for run in runs if run.text]


def _marker_edits(inline: Inline, look: Look) -> Sequence[tuple[int, int, Span | None]]:
    edits: list[tuple[int, int, Span | None]] = []
    for emphasis in inline.emphases:
        if emphasis.marker in look.emphases:
            length = len(emphasis.marker)
            edits.append((emphasis.start, emphasis.start + length, None))
            edits.append((emphasis.end - length, emphasis.end, None))
    return edits


def _style_at(inline: Inline, look: Look, style: Style, position: int) -> Style:
    for emphasis in inline.emphases:
        if emphasis.start < position < emphasis.end and emphasis.marker in look.emphases:
            style = look.emphases[emphasis.marker](style)
    return style


def _span_run(span: Span, look: Look, style: Style) -> Run:
    if span.kind is SpanKind.CODE:
        return Run(f"\u2009{span.inner}\u2009", replace(look.code, size=style.size * 0.86))
    if span.kind in (SpanKind.LINK, SpanKind.PICTURE):
        return Run(span.inner or span.address, replace(style, color=look.link))
    if span.kind is SpanKind.ADDRESS:
        address, _, label = span.inner.strip("<>").partition("|")
        return Run(label or address, replace(style, color=look.link))
    return Run(span.inner, style)
