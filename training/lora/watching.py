"""How much memory a piece of work takes at its height. Knows nothing of training."""

import threading
from types import TracebackType

import psutil
import torch

POLL_SECONDS = 0.05


class PeakMemory:
    """`bytes` is, after the block, the most that the device's memory (or the process) held."""

    def __init__(self) -> None:
        self.cuda = torch.cuda.is_available()
        self.bytes = 0
        self._done = threading.Event()
        self._process = psutil.Process()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "PeakMemory":
        if self.cuda:
            torch.cuda.reset_peak_memory_stats()
        else:
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._done.set()
        if self.cuda:
            self.bytes = torch.cuda.max_memory_reserved()
        else:
            self._thread.join()

    def _watch(self) -> None:
        while True:
            self.bytes = max(self.bytes, self._process.memory_info().rss)
            if self._done.wait(POLL_SECONDS):
                return
