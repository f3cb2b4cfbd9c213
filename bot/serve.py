"""`daoshi serve`: everything that runs side by side, its start, and its orderly end.

Knows neither a platform nor a setting; `bot.cli.serve` puts the parts together.
"""

import asyncio
import gc
import signal
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import Any, Protocol

import structlog

from bot.adapter import Adapter, CredentialsRefused
from bot.http_server import HttpServer
from bot.metrics import Metrics
from bot.supervision import WorkerChild, keep_running

log = structlog.get_logger()

GRACE_SECONDS = 25.0
READY_SAMPLE_SECONDS = 2.0


class RunsQuestions(Protocol):
    """What serving needs of the dispatcher."""

    async def run(self) -> None: ...

    async def close(self, grace_seconds: float = GRACE_SECONDS) -> None: ...

    def running(self) -> int: ...


class NoPlatformLeft(Exception):
    """Every platform refused our credentials; holds what each of them said."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {reason}" for name, reason in reasons.items()))
        self.reasons = reasons


class PartFailed(Exception):
    """A part of the server ended by a fault of ours, which is logged; the message is its name."""


class Serving:
    """One run of the server: start, wait for the end, stop in order."""

    def __init__(
        self,
        dispatcher: RunsQuestions,
        adapters: Sequence[Adapter],
        http: HttpServer,
        metrics: Metrics,
        worker: WorkerChild | None,
    ) -> None:
        self._dispatcher = dispatcher
        self._adapters = adapters
        self._http = http
        self._metrics = metrics
        self._worker = worker
        self._refused: dict[str, str] = {}
        self._failed: str | None = None
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def stopping(self) -> bool:
        return self._stopping.is_set()

    def stop(self) -> None:
        """Begins the orderly end: what is running is finished, nothing new is taken."""
        if not self._stopping.is_set():
            log.info("stopping", running=self._dispatcher.running())
        self._stopping.set()

    async def run(self) -> None:
        """Serves until `stop`. Raises PortUnavailable, NoPlatformLeft or PartFailed."""
        port = await self._http.start()
        self._metrics.watch(
            "questions_running",
            "Questions that wait or are being answered",
            self._dispatcher.running,
        )
        self._start("dispatcher", self._dispatcher.run())
        self._start("lag", self._metrics.sample_loop_lag())
        self._start("ready", self._sample_ready())
        for adapter in self._adapters:
            self._start(adapter.platform.value, self._supervise(adapter))
        if self._worker is not None:
            self._start("worker", self._worker.run())
        keep_what_is_loaded()
        log.info("serving", port=port, platforms=[a.platform.value for a in self._adapters])
        await self._stopping.wait()
        await self._end()
        if self._failed is not None:
            raise PartFailed(self._failed)
        if len(self._refused) == len(self._adapters):
            raise NoPlatformLeft(self._refused)

    def ready(self) -> dict[str, bool]:
        """Which platforms can receive, and that this process is not about to end."""
        parts = {adapter.platform.value: adapter.ready() for adapter in self._adapters}
        return {**parts, "serving": not self.stopping}

    async def _supervise(self, adapter: Adapter) -> None:
        try:
            await keep_running(adapter)
        except CredentialsRefused as error:
            self._refused[adapter.platform.value] = str(error)
            if len(self._refused) == len(self._adapters):
                self.stop()

    async def _sample_ready(self) -> None:
        while True:
            for adapter in self._adapters:
                gauge = self._metrics.adapter_ready.labels(adapter.platform.value)
                gauge.set(adapter.ready())
            await asyncio.sleep(READY_SAMPLE_SECONDS)

    async def _end(self) -> None:
        """Replies first, while their platforms are still there to show them."""
        await self._dispatcher.close(GRACE_SECONDS)
        await asyncio.gather(*(self._close(adapter) for adapter in self._adapters))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._http.close()
        log.info("stopped")

    async def _close(self, adapter: Adapter) -> None:
        try:
            await adapter.close()
        except Exception:
            log.exception("adapter_close_failed", platform=adapter.platform)

    def _start(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name=name)
        task.add_done_callback(self._log_end)
        self._tasks.append(task)

    def _log_end(self, task: asyncio.Task[None]) -> None:
        """A part that ends by itself ends the server, so that its keeper starts it again."""
        if task.cancelled() or self.stopping:
            return
        error = task.exception()
        if error is not None:
            log.critical("part_failed", part=task.get_name(), exc_info=error)
            self._failed = task.get_name()
            self.stop()


def keep_what_is_loaded() -> None:
    """Spares the collector what was loaded for good: looking through it stops the event loop."""
    gc.collect()
    gc.freeze()


def stop_on_signals(stop: Callable[[], None]) -> None:
    """SIGTERM and Ctrl-C begin the orderly end; a second one ends at once."""
    loop = asyncio.get_running_loop()

    def begin(number: int) -> None:
        signal.signal(number, signal.SIG_DFL)
        stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, begin, number)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda n, _frame: loop.call_soon_threadsafe(begin, n))


Check = Callable[[], Awaitable[bool]]


async def readiness_of(checks: Mapping[str, Check], limit_seconds: float = 2.0) -> dict[str, bool]:
    """Runs the checks side by side; one that fails or hangs is not ready."""

    async def one(check: Check) -> bool:
        try:
            return await asyncio.wait_for(check(), limit_seconds)
        except Exception as error:
            log.warning("readiness_check_failed", error=type(error).__name__)
            return False

    results = await asyncio.gather(*(one(check) for check in checks.values()))
    return dict(zip(checks, results, strict=True))
