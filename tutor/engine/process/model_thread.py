"""The thread that owns the model: loads it, then turns the scheduler's crank.

The rest of the process talks to it through `call`, which runs a function between two steps.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

import torch
from transformers.utils.logging import disable_progress_bar

from tutor.engine.contract import EngineError, EngineUnavailable
from tutor.engine.process.adapters import Adapters
from tutor.engine.process.load import LoadedModel, load_model, use_threads
from tutor.engine.process.runner import ModelRunner
from tutor.engine.process.scheduler import Limits, Scheduler
from tutor.engine.process.seq2seq import Seq2SeqRunner

Result = TypeVar("Result")
log = logging.getLogger(__name__)

CPU_ROWS, GPU_ROWS = 16, 32
CPU_CACHE_BYTES = 2 * 2**30
GPU_CACHE_SHARE = 0.7  # of what is free after the weights


class ModelThread:
    """`on_ready` and `on_failure` are called from the thread, once."""

    def __init__(
        self,
        model: str,
        data_dir: Path,
        *,
        report: Callable[[float], None],
        on_ready: Callable[[LoadedModel], None],
        on_failure: Callable[[EngineError], None],
    ) -> None:
        self._model, self._data_dir = model, data_dir
        self._report, self._on_ready, self._on_failure = report, on_ready, on_failure
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._busy_since: float | None = None
        self._thread = threading.Thread(target=self._run, name="model", daemon=True)
        self.scheduler: Scheduler
        self.adapters: Adapters

    def start(self) -> None:
        self._thread.start()

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def call(self, action: Callable[[], Result]) -> "Future[Result]":
        """Runs `action` in the thread between two steps."""
        future: Future[Result] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(action())
            except Exception as error:
                future.set_exception(error)

        self._calls.put(run)
        return future

    @property
    def stuck_seconds(self) -> float:
        """For how long the current step has been running."""
        since = self._busy_since
        return 0.0 if since is None else time.monotonic() - since

    def _run(self) -> None:
        use_threads()
        disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            loaded = load_model(self._model, self._data_dir, self._report)
            self.adapters = Adapters(loaded.model)
            kind = Seq2SeqRunner if loaded.encoder_decoder else ModelRunner
            runner = kind(loaded.model, self.adapters)
            self.scheduler = Scheduler(runner, self.adapters, limits_of(loaded))
        except EngineError as error:
            self._on_failure(error)
            return
        except Exception as error:
            log.exception("Loading the model failed")
            self._on_failure(EngineUnavailable(f"Loading failed: {type(error).__name__}"))
            return
        self._on_ready(loaded)
        self._serve()

    def _serve(self) -> None:
        more = False
        while True:
            self._take_calls(wait=not more)
            self._busy_since = time.monotonic()
            more = self.scheduler.step()
            self._busy_since = None

    def _take_calls(self, wait: bool) -> None:
        """Runs what was asked for; waits for the first call if nothing else is to do."""
        if wait:
            self._calls.get()()
        while True:
            try:
                self._calls.get_nowait()()
            except queue.Empty:
                return


def limits_of(loaded: LoadedModel) -> Limits:
    """How many rows and tokens this machine's memory takes."""
    if loaded.device == "cpu":
        rows, cache_bytes = CPU_ROWS, CPU_CACHE_BYTES
    else:
        free_bytes, _ = torch.cuda.mem_get_info()
        rows, cache_bytes = GPU_ROWS, int(free_bytes * GPU_CACHE_SHARE)
    cache_tokens = cache_bytes // loaded.bytes_per_token
    return Limits(rows, min(loaded.context_tokens, cache_tokens), cache_tokens)
