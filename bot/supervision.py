"""Keeps things running: adapters inside this process, and the worker beside it.

Knows nothing of what they do. Each failure is one log record, followed by a pause that grows.
"""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence

import structlog

from bot.adapter import Adapter, CredentialsRefused

log = structlog.get_logger()

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0
HEALTHY_AFTER_SECONDS = 120.0
WORKER_STOP_SECONDS = 20.0


class Backoff:
    """Pauses that double, and begin anew after a long healthy stretch."""

    def __init__(self, first_seconds: float = FIRST_PAUSE_SECONDS) -> None:
        self._first = first_seconds
        self._next = first_seconds

    def pause_after(self, ran_seconds: float) -> float:
        """How long to wait before the next start of something that ran for `ran_seconds`."""
        if ran_seconds >= HEALTHY_AFTER_SECONDS:
            self._next = self._first
        pause, self._next = self._next, min(self._next * 2, LONGEST_PAUSE_SECONDS)
        return pause


async def keep_running(adapter: Adapter, backoff: Backoff | None = None) -> None:
    """Runs the adapter until cancelled, starting it again whenever it ends.

    Raises CredentialsRefused, since trying again would change nothing.
    """
    backoff = backoff or Backoff()
    loop = asyncio.get_running_loop()
    while True:
        started = loop.time()
        try:
            await adapter.run()
            log.warning("adapter_ended", platform=adapter.platform)
        except CredentialsRefused as error:
            log.error("credentials_refused", platform=adapter.platform, error=str(error))  # noqa: TRY400
            raise
        except Exception:
            log.exception("adapter_failed", platform=adapter.platform)
        await asyncio.sleep(backoff.pause_after(loop.time() - started))


class WorkerChild:
    """The worker as a child process: started again when it dies, asked to stop at the end."""

    def __init__(
        self,
        command: Sequence[str] = (),
        backoff: Backoff | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        parent = ("--parent", str(os.getpid()))
        self._command = tuple(command) or (sys.executable, "-m", "training", *parent)
        self._backoff = backoff or Backoff()
        self._environment = {**os.environ, **(environment or {})}
        self._process: asyncio.subprocess.Process | None = None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def run(self) -> None:
        """Until cancelled; then the worker finishes its step, within a limit of time."""
        loop = asyncio.get_running_loop()
        try:
            while True:
                started = loop.time()
                self._process = await asyncio.create_subprocess_exec(
                    *self._command, stdin=asyncio.subprocess.DEVNULL, env=self._environment
                )
                code = await self._process.wait()
                log.warning("worker_ended", code=code)
                await asyncio.sleep(self._backoff.pause_after(loop.time() - started))
        finally:
            await self._stop()

    async def _stop(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), WORKER_STOP_SECONDS)
        except TimeoutError:
            log.warning("worker_killed")
            process.kill()
            await process.wait()
