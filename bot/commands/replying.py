"""Presses that bring a text for the tutor: the answer form, and what was read from a picture."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

from bot.services import Services
from tutor.i18n import say
from tutor.messages import ReplyPart, Text
from tutor.turn import Turn


async def answer(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """The submitted answer, answered like a message."""
    async for part in _reply_to(services, turn, _field(turn)):
        yield part


async def confirm_reading(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """The picture was read correctly: its text is the question."""
    async for part in _reply_to(services, turn, payload["text"]):
        yield part


async def correct_reading(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """The corrected text is the question."""
    async for part in _reply_to(services, turn, _field(turn)):
        yield part


async def _reply_to(services: Services, turn: Turn, text: str) -> AsyncIterator[ReplyPart]:
    if not text.strip():
        yield Text(say(turn.language, "Then please write it to me as a message."))
        return
    question = replace(turn.question, text=text)
    async for part in services.tutor.reply(replace(turn, question=question, questions=())):
        yield part


def _field(turn: Turn) -> str:
    press = turn.question.press
    return press.fields.get("text", "") if press else ""
