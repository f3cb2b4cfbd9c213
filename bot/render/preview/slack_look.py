"""Slack's light theme: the message as its desktop client shows it."""

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.render.preview.article import MRKDWN, STANDARD, Look, runs_of, set_markdown
from bot.render.preview.page import Page
from bot.render.preview.shown import Shown
from bot.render.preview.typesetting import Run, Style, text_width

WIDTH = 720.0
_GROUND, _INK, _MUTED, _LINE = "#ffffff", "#1d1c1d", "#616061", "#dddddd"
_LEFT, _RIGHT = 64.0, 20.0
_INNER = WIDTH - _LEFT - _RIGHT
_BODY = Style(15, _INK)
_LOOK = Look(
    body=_BODY,
    code=Style(12.5, "#c01343", mono=True, fill="#f6f6f6", outline="#dddddd"),
    link="#1264a3",
    muted=_MUTED,
    code_ground="#f8f8f8",
    code_line=_LINE,
    quote_bar=_LINE,
    headings=(18, 18, 18),
    emphases=STANDARD,
)
_MRKDWN = replace(_LOOK, emphases=MRKDWN)
_BUTTON_INKS = {"primary": ("#007a5a", "#ffffff"), "danger": ("#e01e5a", "#ffffff")}

Payload = Mapping[str, Any]


def draw_slack(messages: Sequence[Shown]) -> bytes:
    """A PNG of the messages; those of one author in a row share a head."""
    page = Page(WIDTH, _GROUND)
    page.y = 16
    previous: Shown | None = None
    for message in messages:
        if previous is None or previous.author != message.author:
            page.y += 12 if previous else 0
            _head(page, message)
        _message(page, message)
        previous = message
    page.y += 18
    return page.png()


def _head(page: Page, message: Shown) -> None:
    page.box(20, page.y + 2, 36, 36, "#4a154b" if message.is_bot else "#2c6e8f", 8)
    sign = Style(18, "#ffffff", bold=True)
    top = page.y
    page.y = top + 7
    page.text([Run(message.avatar, sign)], 38 - text_width(message.avatar, sign) / 2, 40)
    page.y = top
    x = _LEFT
    name = Style(15, _INK, bold=True)
    page.text([Run(message.author, name)], x, 400)
    x += text_width(message.author, name) + 6
    if message.is_bot:
        badge = Style(10, _MUTED, bold=True)
        page.box(x, top + 4, text_width("APP", badge) + 7, 14, "#e8e8e8", 3)
        page.y = top + 4
        page.text([Run("APP", badge)], x + 3.5, 60)
        x += text_width("APP", badge) + 14
    page.y = top + 3
    page.text([Run(message.time, Style(12, _MUTED))], x, 200)
    page.y = top + 22


def _message(page: Page, message: Shown) -> None:
    blocks = message.payload.get("blocks") or ()
    streamed = message.payload.get("markdown_text") or ""
    if streamed:
        set_markdown(page, streamed, _LOOK, _LEFT, _INNER)
    elif not blocks and (text := message.payload.get("text")):
        _mrkdwn(page, text)
    for block in blocks:
        _block(page, block, message.files)


def _block(page: Page, block: Payload, files: Mapping[str, bytes]) -> None:
    kind = block["type"]
    setters: Mapping[str, Callable[[Page, Payload], None]] = {
        "markdown": lambda page, block: set_markdown(page, block["text"], _LOOK, _LEFT, _INNER),
        "section": lambda page, block: _text_object(page, block.get("text") or {"text": ""}),
        "header": _header,
        "context": _context,
        "divider": _divider,
        "table": _table,
        "actions": _actions,
        "context_actions": _feedback,
    }
    page.y += 4
    if kind == "image":
        _image(page, block, files)
    elif kind in setters:
        setters[kind](page, block)
    page.y += 4


def _mrkdwn(page: Page, text: str) -> None:
    set_markdown(page, html.unescape(text), _MRKDWN, _LEFT, _INNER)


def _text_object(page: Page, text: Payload) -> None:
    if text.get("type") == "plain_text":
        page.text([Run(text["text"], _BODY)], _LEFT, _INNER)
    else:
        _mrkdwn(page, text["text"])


def _header(page: Page, block: Payload) -> None:
    page.text([Run(block["text"]["text"], Style(18, _INK, bold=True))], _LEFT, _INNER)


def _context(page: Page, block: Payload) -> None:
    small = Style(13, _MUTED)
    runs: list[Run] = []
    for element in block["elements"]:
        if "text" in element:
            runs += [*runs_of(html.unescape(element["text"]), _MRKDWN, small), Run("  ", small)]
    page.text(runs, _LEFT, _INNER)


def _divider(page: Page, block: Payload) -> None:
    page.box(_LEFT, page.y + 4, _INNER, 1, _LINE)
    page.y += 9


def _image(page: Page, block: Payload, files: Mapping[str, bytes]) -> None:
    name = (block.get("slack_file") or {}).get("id") or block.get("image_url") or ""
    if name in files:
        page.picture(files[name], _LEFT, 360, 360, 8)
    else:
        page.text([Run(block["alt_text"], Style(13, _MUTED, italic=True))], _LEFT, _INNER)


def _table(page: Page, block: Payload) -> None:
    rows = [[_cell_text(cell) for cell in row] for row in block["rows"]]
    aligns = [
        (setting or {}).get("align", "left") for setting in block.get("column_settings") or ()
    ]
    columns = max(map(len, rows))
    widths = _column_widths(rows, columns)
    for number, row in enumerate(rows):
        top, under = page.y, page.mark()
        style = replace(_BODY, bold=number == 0)
        x, bottom = _LEFT, top
        for column, text in enumerate(row):
            page.y = top + 6
            room = widths[column] - 20
            spare = max(room - text_width(text, style), 0)
            align = aligns[column] if column < len(aligns) else "left"
            shift = {"right": spare, "center": spare / 2}.get(align, 0)
            page.text([Run(text, style)], x + 10 + shift, room + 1)
            bottom = max(bottom, page.y + 6)
            x += widths[column]
        x = _LEFT
        for width in widths:
            fill = "#f8f8f8" if number == 0 else _GROUND
            page.box(x, top, width + 1, bottom - top + 1, fill, 0, _LINE, under)
            x += width
        page.y = bottom


def _column_widths(rows: Sequence[Sequence[str]], columns: int) -> list[float]:
    style = replace(_BODY, bold=True)
    wanted = [
        max(text_width(row[column], style) for row in rows if column < len(row)) + 21
        for column in range(columns)
    ]
    shrink = min(1.0, _INNER / sum(wanted))
    return [width * shrink for width in wanted]


def _cell_text(cell: Payload) -> str:
    if cell.get("type") == "raw_text":
        return str(cell["text"]).strip()
    pieces = [
        str(piece.get("text", ""))
        for element in cell.get("elements", ())
        for piece in element.get("elements", ())
    ]
    return "".join(pieces)


def _actions(page: Page, block: Payload) -> None:
    x, top = _LEFT, page.y
    for element in block["elements"]:
        text = element.get("text") or element.get("placeholder") or {"text": "…"}
        label = text["text"] + ("  ▾" if element["type"].endswith("select") else "")
        fill, ink = _BUTTON_INKS.get(element.get("style") or "", (_GROUND, _INK))
        style = Style(13, ink, bold=True)
        width = text_width(label, style) + 24
        if x + width > WIDTH - _RIGHT:
            x, top = _LEFT, top + 36
        page.box(x, top, width, 30, fill, 7, fill if fill != _GROUND else "#bbbbbb")
        page.y = top + 6
        page.text([Run(label, style)], x + 12, width)
        x += width + 8
    page.y = top + 30


def _feedback(page: Page, block: Payload) -> None:
    x, top = _LEFT, page.y
    for element in block["elements"]:
        signs = ("👍", "👎") if element["type"] == "feedback_buttons" else ("⋯",)
        for sign in signs:
            page.box(x, top, 28, 28, _GROUND, 7, _LINE)
            page.y = top + 4
            style = Style(14, _MUTED)
            page.text([Run(sign, style)], x + 14 - text_width(sign, style) / 2, 30)
            x += 34
    page.y = top + 28
