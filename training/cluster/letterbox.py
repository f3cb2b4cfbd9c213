"""What workers on a cluster leave for the driver, and the driver for them. An actor of Ray's.

It outlives the workers, so that one which is started anew finds the last checkpoint here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from training.cluster.files import SentFolder


@dataclass(frozen=True, slots=True)
class News:
    """What came since the last time: folders where they are new, a sentence where it failed."""

    lines: list[str]
    checkpoint: SentFolder | None
    adapter: SentFolder | None
    failure: Mapping[str, Any] | None


class Letterbox:
    """The first four are for workers, the rest for the driver."""

    def __init__(self, checkpoint: SentFolder | None) -> None:
        self._checkpoint = checkpoint
        self._lines = list[str]()
        self._new_checkpoint: SentFolder | None = None
        self._adapter: SentFolder | None = None
        self._failure: Mapping[str, Any] | None = None
        self._stopping = False

    def checkpoint(self) -> SentFolder | None:
        """Where to go on."""
        return self._checkpoint

    def note(self, line: str, checkpoint: SentFolder | None = None) -> bool:
        """Takes a line of progress; says whether the training is to stop."""
        self._lines.append(line)
        self.keep(checkpoint)
        return self._stopping

    def keep(self, checkpoint: SentFolder | None, adapter: SentFolder | None = None) -> None:
        """Takes what a worker wrote."""
        if checkpoint is not None:
            self._checkpoint = self._new_checkpoint = checkpoint
        self._adapter = adapter or self._adapter

    def fail(self, record: Mapping[str, Any]) -> None:
        """Takes the sentence with which the training ends."""
        self._failure = record

    def stop(self) -> None:
        """Lets the workers end after a checkpoint."""
        self._stopping = True

    def take(self) -> News:
        """Empties the box."""
        news = News(self._lines, self._new_checkpoint, self._adapter, self._failure)
        self._lines, self._new_checkpoint, self._adapter = [], None, None
        return news
