"""Posts and edits messages at a pace Slack takes, and never posts one twice.

Where an answer of Slack leaves open whether it posted, the thread is read before another try.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.slack_app.clients import Workspace
from bot.slack_app.errors import error_code
from bot.slack_app.private import QUIET

TRIES = 5
FIRST_PAUSE_SECONDS = 0.5
UNSURE = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
Find = Callable[[], Awaitable[str | None]]
log = structlog.get_logger()


class Pace:
    """About one message a second and channel, a few at once after a pause."""

    MAX_CHANNELS = 20_000

    def __init__(self, burst: int = 4, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst = burst
        self._clock = clock
        self._next: OrderedDict[str, float] = OrderedDict()

    async def turn(self, channel: str) -> None:
        """Waits until something may be sent to `channel`."""
        wait = self._reserve(channel)
        if wait > 0:
            await asyncio.sleep(wait)

    def free(self, channel: str) -> bool:
        """Whether nothing waits in `channel`: the moment for what may also be left out."""
        return self._next.get(channel, 0.0) <= self._clock()

    def _reserve(self, channel: str) -> float:
        now = self._clock()
        slot = max(self._next.get(channel, 0.0), now - self._burst + 1)
        self._next[channel] = slot + 1.0
        self._next.move_to_end(channel)
        while len(self._next) > self.MAX_CHANNELS:
            self._next.popitem(last=False)
        return slot - now


async def post(workspace: Workspace, pace: Pace, channel: str, find: Find, **content: Any) -> str:
    """Posts a message once; `find` looks for it when a try may have succeeded unheard."""
    pause = FIRST_PAUSE_SECONDS
    for tries_left in range(TRIES - 1, -1, -1):
        await pace.turn(channel)
        try:
            answer = await workspace.once.chat_postMessage(channel=channel, **QUIET, **content)
            return str(answer["ts"])
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            if not is_unsure(error) or not tries_left:
                raise
            log.info("slack_post_unsure", error=error_code(error) or type(error).__name__)
        await asyncio.sleep(pause)
        pause *= 2
        found = await find()
        if found:
            return found
    raise AssertionError("unreachable")


def is_unsure(error: Exception) -> bool:
    """Whether the call may have had its effect although it failed."""
    code = error_code(error)
    return not isinstance(error, SlackApiError) or code in UNSURE or code.startswith("http_5")
