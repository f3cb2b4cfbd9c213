"""A clock that runs, and that a script moves on when a day is to pass."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


@dataclass
class MovedClock:
    """Begins at `start`. Runs on with the real time, so that nothing happens twice at once."""

    start: datetime = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
    moved: timedelta = timedelta()
    _began: float = field(default_factory=time.monotonic)

    def __call__(self) -> datetime:
        return self.start + self.moved + timedelta(seconds=time.monotonic() - self._began)

    def advance(self, **duration: float) -> None:
        self.moved += timedelta(**duration)

    @property
    def day(self) -> int:
        """Whole days since the start."""
        return (self() - self.start).days
