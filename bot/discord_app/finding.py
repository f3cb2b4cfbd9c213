"""Looks on Discord for a reply whose address was never stored: who answered this question?"""

from typing import Any

import discord
import structlog

from bot.adapter import Address
from bot.discord_app.failures import named
from bot.discord_app.handles import Handle, Mode
from bot.discord_app.outgoing import EPHEMERAL
from bot.discord_app.rest import Rest
from bot.discord_app.surface import FAILURES
from tutor.messages import Question

log = structlog.get_logger()

LOADING = 1 << 7
LOOKED_AT = 100


async def find_reply(rest: Rest, question: Question, me: int) -> Address | None:
    """The first message of our reply to `question`, None where there is none to be found."""
    handle = Handle.of(question)
    try:
        if handle.mode is Mode.ORIGINAL:
            return await _response(rest, question, handle)
        return await _message(rest, question, handle, me)
    except discord.HTTPException as error:
        log.info("reply_not_found", event_id=question.event_id, code=error.code)
    except FAILURES as error:
        log.warning("reply_not_found", event_id=question.event_id, error=named(error))
    return None


async def _response(rest: Rest, question: Question, handle: Handle) -> Address | None:
    found = await rest.response(handle.application, handle.token, "@original")
    if found.get("flags", 0) & LOADING or not _has_content(found):
        return None
    channel = found.get("channel_id") or question.place.channel
    return Address(str(channel), str(found["id"]))


async def _message(rest: Rest, question: Question, handle: Handle, me: int) -> Address | None:
    """In the thread opened on it our first message, elsewhere the one that refers to it."""
    if handle.thread_on == question.message_id:
        found = await _first_of_ours(rest, handle.thread_on, question, me, referring=False)
        if found is not None:
            return found
    channel = handle.channel or question.place.thread or question.place.channel
    return await _first_of_ours(rest, channel, question, me, referring=True)


async def _first_of_ours(
    rest: Rest, channel: str, question: Question, me: int, *, referring: bool
) -> Address | None:
    handle = Handle.of(question)
    after = question.message_id if question.message_id.isdecimal() else "0"
    try:
        messages = await rest.messages_after(channel, after, LOOKED_AT)
    except discord.NotFound:
        return None  # the thread was never opened
    for message in messages:
        if _is_ours(message, me) and (not referring or _refers(message) == handle.reference):
            return Address(channel, str(message["id"]))
    return None


def _is_ours(message: dict[str, Any], me: int) -> bool:
    return bool(message["author"]["id"] == str(me) and not message.get("flags", 0) & EPHEMERAL)


def _refers(message: dict[str, Any]) -> str | None:
    reference = message.get("message_reference") or {}
    found = reference.get("message_id")
    return str(found) if found else None


def _has_content(message: dict[str, Any]) -> bool:
    return bool(message.get("content") or message.get("attachments") or message.get("components"))
