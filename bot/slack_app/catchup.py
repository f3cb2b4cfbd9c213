"""Takes up what was written while we were away, where somebody has talked to us before.

Slack redelivers what we did not acknowledge; this is for what it gave up on. The cursors are taken
before a new connection, since the first event that comes over it moves them.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.dispatch.dispatcher import Dispatcher
from bot.slack_app.clients import Workspace
from bot.slack_app.errors import UNREACHABLE, error_code
from bot.slack_app.messages import thread_messages
from bot.slack_app.payloads import Body
from storage.failures import StorageUnavailable
from tutor.messages import Platform

LONGEST_SECONDS = 24 * 3600
PATIENCE_SECONDS = (1.0, 3.0, 9.0, 27.0)
PAGE, PAGES = 100, 5
_TS = re.compile(r"\d{9,11}\.\d{1,6}")
Message = dict[str, Any]
log = structlog.get_logger()


class NotTaken(Exception):
    """A missed message that could not be stored just now."""


@dataclass
class Place:
    """A channel in which we were talked to, the last message that we know, and its threads."""

    community: str
    since: str
    threads: set[str] = field(default_factory=set)


class CatchUp:
    """`take` is given each missed message as if it had just arrived; it knows repeated ones."""

    def __init__(
        self,
        take: Callable[[Body], Awaitable[bool]],
        dispatcher: Dispatcher,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._take = take
        self._dispatcher = dispatcher
        self._now = now
        self._places: dict[str, Place] | None = None

    async def remember(self) -> None:
        """Takes the cursors, unless those of an earlier break are still to be worked off."""
        if self._places is not None:
            return
        try:
            self._places = await self._known()
        except StorageUnavailable as error:
            log.warning("slack_catch_up_unprepared", error=str(error))

    async def run(self, workspaces: Iterable[Workspace]) -> int:
        """Takes what was missed; how many messages were looked at again."""
        places, self._places = self._places or {}, None
        known = list(workspaces)
        taken = 0
        try:
            for channel in list(places):
                taken += await self._channel(known, channel, places[channel])
                del places[channel]
        except (SlackClientError, aiohttp.ClientError, TimeoutError, NotTaken) as error:
            self._places = places  # for the next time
            log.warning("slack_catch_up_cut_short", why=error_code(error) or type(error).__name__)
        if taken:
            log.info("slack_caught_up", messages=taken)
        return taken

    async def _known(self) -> dict[str, Place]:
        oldest = f"{self._now() - LONGEST_SECONDS:.6f}"
        found: dict[str, Place] = {}
        for claimed in await self._dispatcher.claimed_places(Platform.SLACK):
            if claimed.channel not in found:
                seen = await self._dispatcher.last_seen(claimed.channel) or ""
                if not _TS.fullmatch(seen):
                    continue
                found[claimed.channel] = Place(claimed.community, max(seen, oldest))
            if claimed.thread:
                found[claimed.channel].threads.add(claimed.thread)
        return found

    async def _channel(self, workspaces: list[Workspace], channel: str, place: Place) -> int:
        for workspace in workspaces:
            if place.community in ("", workspace.team, workspace.key):
                try:
                    missed = await _missed(workspace, channel, place)
                except SlackApiError as error:
                    if error_code(error) in UNREACHABLE | {"missing_scope", "thread_not_found"}:
                        continue  # another workspace's direct message, or we have left
                    raise
                for message in missed:
                    await self._take_patiently(_as_event(message, channel, workspace))
                return len(missed)
        return 0

    async def _take_patiently(self, event: Body) -> None:
        """Slack will not send it again: tries for a while, as Slack would. Raises NotTaken."""
        for pause in PATIENCE_SECONDS:
            if await self._take(event):
                return
            await asyncio.sleep(pause)
        if not await self._take(event):
            raise NotTaken("a missed message could not be claimed")


async def _missed(workspace: Workspace, channel: str, place: Place) -> list[Message]:
    """Messages after the cursor, in the channel and in its threads, oldest first."""
    roots = await _recent(workspace, channel, place.since)
    found = {str(m["ts"]): m for m in roots if str(m["ts"]) > place.since}
    going_on = {str(m["ts"]) for m in roots if str(m.get("latest_reply") or "") > place.since}
    unseen = place.threads - {str(m["ts"]) for m in roots}
    for thread in going_on | unseen:
        replies = await thread_messages(workspace, channel, thread, place.since)
        found |= {str(m["ts"]): m for m in replies if str(m["ts"]) > place.since}
    return [found[ts] for ts in sorted(found)]


async def _recent(workspace: Workspace, channel: str, since: str) -> list[Message]:
    """The newest messages of a channel, at least back to the cursor or five pages."""
    found: list[Message] = []
    cursor = ""
    for _ in range(PAGES):
        answer = await workspace.client.conversations_history(
            channel=channel, limit=PAGE, cursor=cursor or None
        )
        found += answer.get("messages") or []
        cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor or not found or str(found[-1].get("ts")) <= since:
            break
    return found


def _as_event(message: Message, channel: str, workspace: Workspace) -> Body:
    kind = "im" if channel.startswith("D") else "channel"
    return {
        "type": "event_callback",
        "team_id": workspace.team,
        "event_id": f"catch-up-{channel}-{message.get('ts')}",
        "event": {**message, "type": "message", "channel": channel, "channel_type": kind},
    }
