"""Keeps Socket Mode connected: notices a closed, retired or silent socket, and opens another.

The new connection stands before the old one is closed, so that nothing falls between them.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError

from bot.slack_app.errors import SlackTokenRefused, error_code
from bot.slack_app.socket_mode import Connection, Over

SILENCE_SECONDS = 30.0  # Slack pings more often than that
CHECK_SECONDS = 1.0
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0
GRACE_SECONDS = 5.0
log = structlog.get_logger()


class Watchdog:
    """Owns the connection.

    `before` is awaited before each one; `connected` runs beside it and is told why it was needed.
    """

    def __init__(
        self,
        connect: Callable[[], Connection],
        before: Callable[[], Awaitable[None]],
        connected: Callable[[Over], Awaitable[None]],
        *,
        silence_seconds: float = SILENCE_SECONDS,
        check_seconds: float = CHECK_SECONDS,
        first_pause_seconds: float = FIRST_PAUSE_SECONDS,
    ) -> None:
        self._connect = connect
        self._before = before
        self._connected = connected
        self._silence_seconds = silence_seconds
        self._check_seconds = check_seconds
        self._first_pause_seconds = first_pause_seconds
        self._connection: Connection | None = None
        self._chores: set[asyncio.Task[None]] = set()
        self._closing = False

    def ready(self) -> bool:
        connection = self._connection
        return connection is not None and not connection.over(self._silence_seconds)

    async def run(self) -> None:
        """Stays connected until cancelled or closed. Raises SlackTokenRefused."""
        try:
            why = Over.CLOSED
            while not self._closing:
                await self._before()
                fresh = await self._open()
                old, self._connection = self._connection, fresh
                if old is not None:
                    self._start(old.retire(GRACE_SECONDS))
                self._start(self._connected(why))
                why = await self._until_over(fresh)
        finally:
            await self._leave()

    async def close(self) -> None:
        """Acknowledges what has arrived and disconnects; `run` then ends."""
        self._closing = True
        await self._leave()

    async def _leave(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.retire(GRACE_SECONDS)
        for chore in self._chores:
            chore.cancel()
        await asyncio.gather(*self._chores, return_exceptions=True)

    async def _open(self) -> Connection:
        pause = self._first_pause_seconds
        while True:
            connection = self._connect()
            try:
                await connection.open()
                return connection
            except SlackTokenRefused:
                await connection.shut()
                raise
            except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
                why = error_code(error) or type(error).__name__
                log.warning("slack_not_connected", why=why, next_try_seconds=round(pause, 1))
            except asyncio.CancelledError:
                await connection.shut()
                raise
            await connection.shut()
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311 - no secret
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _until_over(self, connection: Connection) -> Over:
        while not (why := connection.over(self._silence_seconds)):
            if self._closing:
                return Over.CLOSED
            await asyncio.sleep(self._check_seconds)
        log.info("slack_reconnecting", why=why)
        return why

    def _start(self, chore: Awaitable[None]) -> None:
        task = asyncio.ensure_future(chore)
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)
        task.add_done_callback(_log_failure)


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.error("slack_connection_chore_failed", exc_info=task.exception())
