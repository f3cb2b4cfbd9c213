"""One trainer for each device of a machine: a file lock, held by the trainer itself as well.

On Unix the trainer inherits the lock, so that one which outlives its worker for a moment still
keeps the next one out.
"""

from pathlib import Path

from filelock import FileLock, Timeout

from training.runs.folder import FOLDER


class DeviceBusy(Exception):
    """Another trainer has the device."""


class DeviceLock:
    """Taken with `take`, given back with `release`; a second `take` of the same one is no use."""

    def __init__(self, data_dir: Path, device: str) -> None:
        folder = data_dir / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(folder / f"{device.replace(':', '-')}.lock", timeout=0)

    def take(self) -> None:
        """Raises DeviceBusy at once where somebody else has it."""
        try:
            self._lock.acquire()
        except Timeout as error:
            raise DeviceBusy from error

    @property
    def inherited(self) -> tuple[int, ...]:
        """The file descriptors to pass to the trainer."""
        descriptor = self._lock._context.lock_file_fd
        return () if descriptor is None else (descriptor,)

    def release(self) -> None:
        self._lock.release(force=True)
