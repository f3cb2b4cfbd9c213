"""Previews show what the payloads say; they are looked at in docs/, here they are probed."""

import io
from typing import Any

from hypothesis import HealthCheck, given, settings
from PIL import Image

from bot.render.characters import clean
from bot.render.discord_text import render_discord
from bot.render.formula_picture import draw_formulas
from bot.render.preview.discord_look import draw_discord
from bot.render.preview.shown import Shown
from bot.render.preview.slack_look import draw_slack
from bot.render.preview.typesetting import SCALE, Run, Style, lines_of, text_width
from bot.render.slack_text import render_slack
from tests.doubles.markdown_samples import wild_markdown

BLURPLE, GREEN, RED = (88, 101, 242), (0, 122, 90), (224, 30, 90)


def colours(png: bytes) -> dict[tuple[int, int, int], int]:
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    found = picture.getcolors(picture.width * picture.height)
    assert found is not None
    return {colour: count for count, colour in found}  # type: ignore[misc]


def height(png: bytes) -> int:
    return Image.open(io.BytesIO(png)).height


def discord(content: str, **payload: Any) -> Shown:
    return Shown("Daoshi", {"content": content, **payload}, "14:02")


def slack(*blocks: dict[str, Any], **files: bytes) -> Shown:
    return Shown("Daoshi", {"text": "", "blocks": blocks}, "2:02 PM", files)


def test_discord_buttons_are_drawn_in_their_colours() -> None:
    button = {"type": 2, "style": 1, "label": "Answer", "emoji": {"name": "✏️"}}
    row = {"type": 1, "components": [button]}
    without = colours(draw_discord([discord("Hi")]))
    drawn = colours(draw_discord([discord("Hi", components=[row])]))
    assert drawn[BLURPLE] > without[BLURPLE] + 5000


def test_slack_buttons_are_drawn_in_their_colours() -> None:
    text = {"type": "plain_text", "text": "Go"}
    buttons = [{"type": "button", "text": text, "style": style} for style in ("primary", "danger")]
    drawn = colours(draw_slack([slack({"type": "actions", "elements": buttons})]))
    assert drawn[GREEN] > 1000
    assert drawn[RED] > 1000


def test_every_kind_of_slack_block_takes_room() -> None:
    text = {"type": "mrkdwn", "text": "*bold* &lt;b&gt; <https://a.b|link>"}
    cell = {"type": "raw_text", "text": "x"}
    feedback = {"type": "feedback_buttons"}
    for block in (
        {"type": "markdown", "text": "**b**"},
        {"type": "section", "text": text},
        {"type": "header", "text": {"type": "plain_text", "text": "Head"}},
        {"type": "context", "elements": [text]},
        {"type": "divider"},
        {"type": "table", "rows": [[cell, cell], [cell, cell]]},
        {"type": "context_actions", "elements": [feedback]},
        {"type": "image", "image_url": "gone", "alt_text": "a formula"},
    ):
        assert height(draw_slack([slack(block)])) > height(draw_slack([slack()])), block["type"]


def test_picture_of_a_payload_is_in_the_preview() -> None:
    picture = draw_formulas([r"\frac{a}{b}"])
    block = {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "a/b"}
    assert height(draw_slack([slack(block, F1=picture)])) > height(draw_slack([slack(block)]))
    message = Shown("Daoshi", {"content": "See"}, "14:02", {"formula.png": picture})
    assert colours(draw_discord([message]))[(255, 255, 255)] > 3000


def test_chinese_is_drawn_and_not_replaced_by_boxes() -> None:
    assert draw_discord([discord("面积")]) != draw_discord([discord("体重")])
    assert draw_slack([slack({"type": "markdown", "text": "面积"})]) != draw_slack(
        [slack({"type": "markdown", "text": "体重"})]
    )


def test_lines_are_no_wider_than_asked() -> None:
    style = Style(16)
    text = "An ordinary sentence 和一句中文，with averyveryverylongwordthatfitsnowhere " * 5
    lines = lines_of([Run(text, style)], 200)
    assert len(lines) > 5
    for line in lines:
        assert (line[-1].x + line[-1].width) / SCALE <= 200 + text_width("，", style)
    shown = "".join(glyphs.text for line in lines for glyphs in line)
    assert shown.replace(" ", "") == text.replace(" ", "")


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(wild_markdown)
def test_no_reply_is_beyond_the_preview(text: str) -> None:
    on_discord = [discord(part) for part in render_discord(text[:1500], final=True).texts]
    on_slack = [slack(*part.blocks) for part in render_slack(text[:1500], final=True).parts]
    assert draw_discord([discord(clean("x")), *on_discord])
    assert draw_slack([slack(), *on_slack])
