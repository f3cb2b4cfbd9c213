"""How long a run waits for a text engine that does not answer, and what it says meanwhile. Pure.

A silence begins with the first failure since the engine last answered, and lasts as long as it is
asked: a run that waits for its turn between two tries learns nothing of the engine. One that is
paused or busy with others is not silent: for it a run waits as long as that takes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from storage.jobs import pause_after
from training.runs.failure import ENGINE_BUSY, ENGINE_PAUSED, ENGINE_SILENT, RunWaits
from tutor.engine.contract import EngineBusy, EngineError, EnginePaused, ModelUnusable

LONGEST_SILENCE = timedelta(hours=2)
LONGEST_PAUSE = timedelta(minutes=5)
LONGEST_TRY = timedelta(minutes=30)  # pause and attempt together
SILENCE = "silence"  # in the progress of a run


class EngineAway(RunWaits):
    """The run goes on when the engine answers."""

    def __init__(
        self, message: str, pause: timedelta, /, noted: Mapping[str, Any], **fields: Any
    ) -> None:
        super().__init__(message, pause, **fields)
        self.noted = noted


class SilentForLong(Exception):
    """The engine has not answered for longer than anybody waits."""


def wait_for_engine(
    error: EngineError, progress: Mapping[str, Any], now: datetime, *, answered: bool
) -> EngineAway:
    """When to try again; `answered`: it did answer something since the run was taken up.

    Raises SilentForLong.
    """
    if isinstance(error, EnginePaused):
        return EngineAway(ENGINE_PAUSED, _within(error.until - now), {})
    if isinstance(error, EngineBusy):
        return EngineAway(ENGINE_BUSY, _within(timedelta(minutes=1)), {})
    before = _Silence.read(progress) if not answered else None
    silence = before.longer(now) if before else _Silence(timedelta(), 1, now)
    if silence.lasted >= LONGEST_SILENCE:
        raise SilentForLong from error
    sentence, fields = ENGINE_SILENT, {}
    if isinstance(error, ModelUnusable):
        sentence, fields = error.sentence, error.fields
    pause = _within(pause_after(silence.tries))
    return EngineAway(sentence, pause, {SILENCE: silence.record()}, **fields)


def heard(progress: Mapping[str, Any]) -> dict[str, Any]:
    """The progress of a run whose engine answers again."""
    return {key: value for key, value in progress.items() if key not in (SILENCE, "waiting")}


@dataclass(frozen=True, slots=True)
class _Silence:
    lasted: timedelta
    tries: int
    last_try: datetime

    @classmethod
    def read(cls, progress: Mapping[str, Any]) -> "_Silence | None":
        record = progress.get(SILENCE)
        if record is None:
            return None
        last_try = datetime.fromisoformat(record["last_try"])
        return cls(timedelta(seconds=record["seconds"]), record["tries"], last_try)

    def longer(self, now: datetime) -> "_Silence":
        """The same after one more try in vain."""
        return _Silence(self.lasted + min(now - self.last_try, LONGEST_TRY), self.tries + 1, now)

    def record(self) -> dict[str, Any]:
        return {
            "seconds": self.lasted.total_seconds(),
            "tries": self.tries,
            "last_try": self.last_try.isoformat(),
        }


def _within(pause: timedelta) -> timedelta:
    return min(max(pause, timedelta(seconds=10)), LONGEST_PAUSE)
