"""A clock that runs, and that a script moves on when a day is to pass."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

HOUR = 16


def _start() -> datetime:
    """Tomorrow afternoon: never behind the clocks of the platforms, which nobody can move."""
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    return tomorrow.replace(hour=HOUR, minute=0, second=0, microsecond=0)


@dataclass
class MovedClock:
    """Runs on with the real time, so that nothing happens twice at once."""

    start: datetime = field(default_factory=_start)
    moved: timedelta = timedelta()
    _began: float = field(default_factory=time.monotonic)

    def __call__(self) -> datetime:
        return self.start + self.moved + timedelta(seconds=time.monotonic() - self._began)

    def next_day(self) -> None:
        self.moved += timedelta(days=1)
