"""Reads messages back from Slack: the files of a mention, and the text of a whole thread."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from typing import Any, TypeVar

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError

from bot.slack_app.clients import Workspace
from bot.slack_app.errors import NotYetKnown, error_code
from bot.slack_app.incoming_text import plain
from bot.slack_app.payloads import Incoming
from bot.slack_app.profiles import Profiles

PAGE = 200
MAX_THREAD_MESSAGES = 1000
MAX_THREAD_CHARACTERS = 60_000
T = TypeVar("T")
Message = dict[str, Any]
log = structlog.get_logger()


class Messages:
    """Looks messages up within a time budget."""

    def __init__(self, profiles: Profiles) -> None:
        self._profiles = profiles

    async def with_files(
        self, incoming: Incoming, workspace: Workspace, budget_seconds: float
    ) -> Incoming:
        """A mention with its files, which Slack leaves out of the event.

        Raises NotYetKnown when Slack does not answer in time.
        """
        found = await _within(budget_seconds, self._one(incoming, workspace), "a mention's files")
        return replace(incoming, files=tuple((found or {}).get("files") or ()))

    async def thread_text(
        self, incoming: Incoming, workspace: Workspace, budget_seconds: float
    ) -> str:
        """The thread around a message, a line a message; "" where we may not read it."""
        thread = incoming.thread_ts or incoming.ts
        try:
            read = await _within(
                budget_seconds, thread_messages(workspace, incoming.channel, thread), "a thread"
            )
        except NotYetKnown:
            return ""
        lines = [self._line(message, workspace) for message in read or []]
        return "\n".join(line for line in lines if line)[-MAX_THREAD_CHARACTERS:]

    def _line(self, message: Message, workspace: Workspace) -> str:
        text = plain(str(message.get("text") or ""))
        user = str(message.get("user") or message.get("username") or "")
        return f"{self._profiles.name_of(workspace, user)}: {text}" if text else ""

    async def _one(self, incoming: Incoming, workspace: Workspace) -> Message | None:
        if incoming.thread_ts:
            answer = await workspace.client.conversations_replies(
                channel=incoming.channel,
                ts=incoming.thread_ts,
                oldest=incoming.ts,
                latest=incoming.ts,
                inclusive=True,
                limit=2,
            )
        else:
            answer = await workspace.client.conversations_history(
                channel=incoming.channel,
                oldest=incoming.ts,
                latest=incoming.ts,
                inclusive=True,
                limit=1,
            )
        messages = answer.get("messages") or []
        return next((m for m in messages if m.get("ts") == incoming.ts), None)


async def thread_messages(
    workspace: Workspace, channel: str, thread: str, oldest: str = "0"
) -> list[Message]:
    """The messages of a thread, oldest first, its root among them."""
    found: list[Message] = []
    cursor = ""
    while len(found) < MAX_THREAD_MESSAGES:
        answer = await workspace.client.conversations_replies(
            channel=channel,
            ts=thread,
            oldest=oldest,
            limit=PAGE,
            cursor=cursor or None,
            include_all_metadata=True,
        )
        found += answer.get("messages") or []
        cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            break
    return found


async def _within(budget_seconds: float, call: Awaitable[T], what: str) -> T | None:
    """What `call` gives within the budget; None where Slack refuses it."""
    task = asyncio.ensure_future(call)
    done, _ = await asyncio.wait({task}, timeout=budget_seconds)
    if not done:
        task.cancel()
        raise NotYetKnown(what)
    try:
        return task.result()
    except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
        log.warning("slack_message_unreadable", error=error_code(error) or type(error).__name__)
        return None
