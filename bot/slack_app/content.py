"""What one message shows: blocks within Slack's limits, a fallback text, and a simpler version.

Pure: pictures come as blocks that were made before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import Block

from bot.adapter import Draft
from bot.render.mrkdwn import SECTION_LIMIT, to_mrkdwn
from bot.render.slack_text import SlackPart, render_slack
from bot.slack_app.controls import control_blocks, ending_blocks
from tutor.language import Language
from tutor.messages import Choice

MESSAGE_CHARACTERS = 10_000
MOST_BLOCKS = 50
Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Content:
    """One message's payload. `simple` is for places that refuse the newer blocks."""

    text: str
    blocks: tuple[Payload, ...]
    simple: tuple[Payload, ...]


def contents(
    draft: Draft, language: Language, pictures: dict[int, list[Payload]] | None = None
) -> list[Content]:
    """The messages of a draft, at least one if it shows anything; controls stand under the last.

    `pictures` are blocks to put under a part's text, by the part's number.
    """
    parts = render_slack(draft.text, final=draft.ending is not None, limit=MESSAGE_CHARACTERS).parts
    tail = tail_blocks(draft, language)
    simple_tail = tail_blocks(draft, language, native_feedback=False)
    if not parts:
        text = _words_for(draft)
        return [_content(text, [], tail, simple_tail)] if text or tail else []
    return [
        _content(
            part.fallback,
            [*part.blocks, *(pictures or {}).get(number, [])],
            tail if number == len(parts) - 1 else [],
            simple_tail if number == len(parts) - 1 else [],
            part,
        )
        for number, part in enumerate(parts)
    ]


def tail_blocks(draft: Draft, language: Language, *, native_feedback: bool = True) -> list[Payload]:
    """The mark of how the reply ended, and what can be pressed."""
    choices: Sequence[Choice] = draft.choices
    blocks: list[Block] = [
        *ending_blocks(draft.ending, language),
        *control_blocks(choices, native_feedback=native_feedback),
    ]
    return [block.to_dict() for block in blocks]


def text_content(text: str) -> Content:
    """A message that is nothing but a short text."""
    return Content(to_mrkdwn(text)[0] or "…", (), ())


def home_blocks(draft: Draft, language: Language) -> list[Payload]:
    """A page of blocks for App Home, which holds up to a hundred."""
    parts = render_slack(draft.text, final=True, limit=SECTION_LIMIT).parts
    sections = [section for part in parts for section in _sections(part.text)]
    return [*sections, *tail_blocks(draft, language, native_feedback=False)][:100]


def _content(
    text: str,
    body: list[Payload],
    tail: list[Payload],
    simple_tail: list[Payload],
    part: SlackPart | None = None,
) -> Content:
    if not body and text:
        body = _sections(text)
    simple_body = _sections(part.text) if part else body
    return Content(
        text=text or "…",
        blocks=(*body[: MOST_BLOCKS - len(tail)], *tail),
        simple=(*simple_body[: MOST_BLOCKS - len(simple_tail)], *simple_tail),
    )


def _sections(markdown: str) -> list[Payload]:
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": part, "verbatim": True}}
        for part in to_mrkdwn(markdown)
        if part
    ]


def _words_for(draft: Draft) -> str:
    """What stands for a reply that is pictures or files alone."""
    named = [picture.alt for picture in draft.pictures] + [file.name for file in draft.files]
    return to_mrkdwn(", ".join(named))[0] or to_mrkdwn(draft.status)[0]
