"""The signs of work before there is text: an agent's session with its native Stop, and a status.

What a workspace lacks is asked for once an hour and otherwise left out.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError

from bot.slack_app.clients import Workspace
from bot.slack_app.errors import error_code, is_unsupported

RETRY_SECONDS = 3600.0
TITLE_CHARACTERS = 80
MAX_PLACES = 10_000
log = structlog.get_logger()


class Features:
    """Which methods each workspace was seen to refuse."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._refused: dict[tuple[str, str], float] = {}

    def has(self, workspace: Workspace, feature: str) -> bool:
        refused_at = self._refused.get((workspace.key, feature))
        return refused_at is None or self._clock() - refused_at > RETRY_SECONDS

    def refuse(self, workspace: Workspace, feature: str, why: str) -> None:
        if self.has(workspace, feature):
            log.info("slack_feature_missing", feature=feature, why=why)
        self._refused[workspace.key, feature] = self._clock()


class Presence:
    """Shows and takes back that we are at work in a thread."""

    def __init__(self, features: Features) -> None:
        self._features = features
        self._at_work: OrderedDict[tuple[str, str], tuple[Workspace, str]] = OrderedDict()

    async def begin(
        self, workspace: Workspace, channel: str, thread: str, user: str, title: str
    ) -> None:
        """We begin to work on what `user` wrote; in a burst, on the latest of it."""
        before = self._at_work.pop((channel, user), None)
        self._at_work[channel, user] = (workspace, thread)
        while len(self._at_work) > MAX_PLACES:
            self._at_work.popitem(last=False)
        if before and before[1] != thread:
            await self._end(workspace, channel, before[1])
        await self._session(workspace, channel, thread, "processing", title=title)

    async def status(self, workspace: Workspace, channel: str, thread: str, text: str) -> bool:
        """Shows what is going on; False where the workspace can't."""
        return await self._call(
            workspace,
            "assistant.threads.setStatus",
            workspace.once.assistant_threads_setStatus(
                channel_id=channel, thread_ts=thread, status=text
            ),
        )

    async def end(self, channel: str, thread: str, user: str) -> None:
        """We are done; takes back whatever still says otherwise."""
        at_work = self._at_work.get((channel, user))
        if at_work and at_work[1] == thread:
            del self._at_work[channel, user]
            await self._end(at_work[0], channel, thread)

    def has_stop(self, workspace: Workspace) -> bool:
        """Whether Slack itself shows a Stop button."""
        return self._features.has(workspace, "agents.sessions.setStatus")

    async def _end(self, workspace: Workspace, channel: str, thread: str) -> None:
        await self._session(workspace, channel, thread, "active")

    async def _session(
        self, workspace: Workspace, channel: str, thread: str, status: str, title: str = ""
    ) -> None:
        await self._call(
            workspace,
            "agents.sessions.setStatus",
            workspace.once.agents_sessions_setStatus(
                channel_id=channel,
                thread_ts=thread,
                status=status,
                title=title[:TITLE_CHARACTERS] or None,
            ),
        )

    async def _call(
        self, workspace: Workspace, feature: str, call: Coroutine[Any, Any, Any]
    ) -> bool:
        if not self._features.has(workspace, feature):
            call.close()
            return False
        try:
            async with asyncio.timeout(5.0):
                await call
            return True
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            why = error_code(error) or type(error).__name__
            if is_unsupported(error):
                self._features.refuse(workspace, feature, why)
            else:
                log.info("slack_status_not_shown", why=why)
            return False
