"""A pause of the text engine of a data folder, while something else needs its memory.

A file beside the engine's lock, which every process of the installation can see: the engine leaves
when it appears, and no client starts one while it stands. Whoever pauses prolongs the pause as long
as they live, so that nobody who died keeps the engine away.
"""

import json
import logging
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from tutor.engine.endpoint import endpoint_of

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Pause:
    """`until` is when the engine is expected back, for people; `alive_until` ends the pause even
    if `owner` never says so.
    """

    owner: str
    until: datetime
    alive_until: datetime


def pause(data_dir: Path, owner: str, until: datetime, now: datetime) -> None:
    """Begins or prolongs the pause by a lease; another owner's is replaced."""
    file = _file(data_dir)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    record = {k: str(v) for k, v in asdict(Pause(owner, until, now + LEASE)).items()}
    unfinished = file.with_suffix(f".{os.getpid()}.tmp")
    unfinished.write_text(json.dumps(record), encoding="utf-8")
    unfinished.replace(file)


def lift(data_dir: Path, owner: str) -> None:
    """Ends the pause, unless it is somebody else's by now."""
    found = _read(_file(data_dir))
    if found is not None and found.owner == owner:
        _file(data_dir).unlink(missing_ok=True)


def standing(data_dir: Path, now: datetime | None = None) -> Pause | None:
    """The pause that holds at this moment."""
    found = _read(_file(data_dir))
    return found if found is not None and (now or datetime.now(UTC)) < found.alive_until else None


def has_left(data_dir: Path, timeout_seconds: float) -> bool:
    """Whether the engine's process is gone, at once or within the time. Blocking."""
    try:
        with FileLock(endpoint_of(data_dir).running_lock, timeout=timeout_seconds):
            return True
    except Timeout:
        return False


def _read(file: Path) -> Pause | None:
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        until, alive_until = (datetime.fromisoformat(record[k]) for k in ("until", "alive_until"))
        return Pause(record["owner"], until, alive_until)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        log.warning("%s is damaged; the engine is not held back by it", file)
        return None


def _file(data_dir: Path) -> Path:
    return data_dir / "engine" / "pause.json"
