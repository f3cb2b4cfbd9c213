"""Waits for a database that is locked or away for a while, so that nothing said is lost."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from storage.database import StorageUnavailable

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 3.0

T = TypeVar("T")


async def patiently(operation: Callable[[], Awaitable[T]], seconds: float = 60.0) -> T:
    """Repeats `operation` while storage is unavailable; after `seconds` its error is raised."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    pause = FIRST_PAUSE_SECONDS
    while True:
        try:
            return await operation()
        except StorageUnavailable:
            if loop.time() + pause > end:
                raise
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
