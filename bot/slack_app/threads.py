"""Which threads of a channel are conversations with us, so that nobody has to mention us again.

Somebody who turned to us in a thread may go on there without a mention; bystanders may not.
"""

import asyncio
from collections import OrderedDict

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError

from bot.slack_app.clients import Workspace
from bot.slack_app.errors import NotYetKnown, error_code
from bot.slack_app.incoming_text import mentions

MAX_THREADS = 20_000
READ_MESSAGES = 100
log = structlog.get_logger()


class Threads:
    """Remembers who talks to us where; asks Slack about threads from before the start."""

    def __init__(self) -> None:
        self._talkers: OrderedDict[tuple[str, str], set[str]] = OrderedDict()
        self._looking: dict[tuple[str, str], asyncio.Task[None]] = {}

    def remember(self, channel: str, thread: str, user: str) -> None:
        """`user` turned to us in this thread."""
        self._talkers_of((channel, thread)).add(user)

    async def is_ours(
        self, workspace: Workspace, channel: str, thread: str, user: str, budget_seconds: float
    ) -> bool:
        """Whether `user` talks with us in this thread.

        Raises NotYetKnown when Slack has not said so in time; the look-up goes on.
        """
        key = (channel, thread)
        if key not in self._talkers:
            task = self._looking.get(key) or asyncio.ensure_future(self._look_up(workspace, key))
            self._looking[key] = task
            task.add_done_callback(lambda _: self._looking.pop(key, None))
            done, _ = await asyncio.wait({task}, timeout=budget_seconds)
            if not done:
                raise NotYetKnown("the thread of a message")
            task.result()
        return user in self._talkers.get(key, ())

    async def _look_up(self, workspace: Workspace, key: tuple[str, str]) -> None:
        channel, thread = key
        try:
            answer = await workspace.client.conversations_replies(
                channel=channel, ts=thread, limit=READ_MESSAGES, include_all_metadata=True
            )
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("slack_thread_unreadable", error=error_code(error) or type(error).__name__)
            return
        self._talkers_of(key).update(talkers(answer.get("messages") or [], workspace))

    def _talkers_of(self, key: tuple[str, str]) -> set[str]:
        found = self._talkers.setdefault(key, set())
        self._talkers.move_to_end(key)
        while len(self._talkers) > MAX_THREADS:
            self._talkers.popitem(last=False)
        return found


def talkers(messages: list[dict[str, object]], workspace: Workspace) -> set[str]:
    """Who mentioned us among `messages`, and whom we answered."""
    found: set[str] = set()
    for message in messages:
        if is_own(message, workspace):
            found.add(str(_payload(message).get("user") or ""))
        elif mentions(str(message.get("text") or ""), workspace.bot_user):
            found.add(str(message.get("user") or ""))
    return found - {""}


def is_own(message: dict[str, object], workspace: Workspace) -> bool:
    """Whether we wrote this message."""
    by_bot = bool(workspace.bot_id) and message.get("bot_id") == workspace.bot_id
    return by_bot or (bool(workspace.bot_user) and message.get("user") == workspace.bot_user)


def _payload(message: dict[str, object]) -> dict[str, object]:
    metadata = message.get("metadata")
    payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
    return payload if isinstance(payload, dict) else {}
