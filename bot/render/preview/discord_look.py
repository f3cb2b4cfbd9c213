"""Discord's dark theme: the message as its desktop client shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.render.preview.article import STANDARD, Look, set_markdown
from bot.render.preview.page import Page
from bot.render.preview.shown import Shown
from bot.render.preview.typesetting import Run, Style, text_width

WIDTH = 720.0
_GROUND, _TEXT, _MUTED, _WHITE = "#313338", "#dbdee1", "#949ba4", "#f2f3f5"
_LEFT, _RIGHT = 72.0, 16.0
_BUTTONS = {1: "#5865f2", 2: "#4e5058", 3: "#248046", 4: "#da373c", 5: "#4e5058", 6: "#4e5058"}
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")
_BODY = Style(16, _TEXT)
_LOOK = Look(
    body=_BODY,
    code=Style(14, _TEXT, mono=True, fill="#2b2d31"),
    link="#00a8fc",
    muted=_MUTED,
    code_ground="#2b2d31",
    code_line="#1e1f22",
    quote_bar="#4e5058",
    headings=(24, 20, 16),
    emphases={**STANDARD, "__": lambda style: replace(style, underline=True)},
    paragraph_gap=14,
)
_HEADING = replace(_LOOK, body=replace(_BODY, color=_WHITE))


def draw_discord(messages: Sequence[Shown]) -> bytes:
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
    page.circle(16, page.y + 2, 40, "#5865f2" if message.is_bot else "#3ba55c")
    sign = Style(20, "#ffffff", bold=True)
    top = page.y
    page.y = top + 8
    page.text([Run(message.avatar, sign)], 36 - text_width(message.avatar, sign) / 2, 40)
    page.y = top
    name = Style(16, _WHITE if not message.is_bot else "#c9cdfb", bold=True)
    x = _LEFT
    page.text([Run(message.author, name)], x, 400)
    x += text_width(message.author, name) + 6
    if message.is_bot:
        badge = Style(10, "#ffffff", bold=True)
        page.box(x, top + 4, text_width("APP", badge) + 9, 15, "#5865f2", 4)
        page.y = top + 4.5
        page.text([Run("APP", badge)], x + 4.5, 60)
        x += text_width("APP", badge) + 16
    page.y = top + 4
    page.text([Run(message.time, Style(12, _MUTED))], x, 200)
    page.y = top + 24


def _message(page: Page, message: Shown) -> None:
    width = WIDTH - _LEFT - _RIGHT
    content = message.payload.get("content") or ""
    if content.strip("\u200b"):
        set_markdown(page, content, _LOOK, _LEFT, width)
    for name, data in message.files.items():
        page.y += 6
        if name.lower().endswith(_PICTURES):
            page.picture(data, _LEFT, min(width, 550), 350, 8)
        else:
            _file(page, name, len(data))
        page.y += 2
    for row in message.payload.get("components") or ():
        _row(page, row)


def _file(page: Page, name: str, size_bytes: int) -> None:
    page.box(_LEFT, page.y, 420, 56, "#2b2d31", 8, "#1e1f22")
    top = page.y
    page.y = top + 8
    page.text([Run(name, Style(16, _LOOK.link))], _LEFT + 16, 390)
    page.text([Run(f"{size_bytes / 1024:.1f} KB", Style(12, _MUTED))], _LEFT + 16, 390)
    page.y = top + 56


def _row(page: Page, row: Mapping[str, Any]) -> None:
    page.y += 8
    x, top = _LEFT, page.y
    for component in row.get("components", ()):
        if component.get("type") == 2:
            x = _button(page, component, x, top)
        else:
            _select(page, component, top)
    page.y = top + 34


def _button(page: Page, button: Mapping[str, Any], x: float, top: float) -> float:
    emoji = (button.get("emoji") or {}).get("name") or ""
    label = " ".join(part for part in (emoji, button.get("label") or "") if part)
    faded = button.get("disabled", False)
    style = Style(14, "#a0a3a8" if faded else "#ffffff", bold=True)
    width = text_width(label, style) + 30
    if x + width > WIDTH - _RIGHT:
        x = _LEFT
    page.box(x, top, width, 32, _BUTTONS.get(button.get("style", 2), _BUTTONS[2]), 8)
    page.y = top + 6.5
    page.text([Run(label, style)], x + 15, width)
    return x + width + 8


def _select(page: Page, select: Mapping[str, Any], top: float) -> None:
    page.box(_LEFT, top, 400, 36, "#1e1f22", 5, "#111214")
    page.y = top + 7
    label = select.get("placeholder") or "…"
    page.text([Run(label, Style(15, _MUTED)), Run("   ▾", Style(15, _TEXT))], _LEFT + 12, 380)
