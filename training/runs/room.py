"""Whether a training has room: on the disk, in memory beside the engine, or only in its place.

Pure, but for the two functions that look at the machine.
"""

import shutil
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import psutil

GIGABYTE = 1 << 30
MEMORY_MARGIN_BYTES = 400 << 20  # for chat, worker and the system to breathe
DISK_MARGIN_BYTES = 500 << 20  # for the database and its backups
LEAST_DISK_BYTES = 50 << 20  # below it, a running training is stopped
CGROUP = Path("/sys/fs/cgroup")


@dataclass(frozen=True, slots=True)
class Need:
    """What a training is expected to take. On a GPU `peak_bytes` are of its memory, which has
    `device_free_bytes` free beside what runs there, and `device_total_bytes` in all.
    """

    seconds: float
    peak_bytes: int
    disk_bytes: int
    steps: int
    tokens: int
    device: str = "cpu"
    device_free_bytes: int | None = None
    device_total_bytes: int | None = None


class Room(StrEnum):
    BESIDE = "beside"  # training and answering at once
    INSTEAD = "instead"  # training alone
    NONE = "none"


def room_for(need: Need, free_bytes: int, engine_bytes: int) -> Room:
    """`free_bytes` of main memory beside a running engine, which itself holds `engine_bytes`."""
    free, alone = free_bytes, free_bytes + engine_bytes
    if need.device_free_bytes is not None and need.device_total_bytes is not None:
        free, alone = need.device_free_bytes, need.device_total_bytes
    wanted = need.peak_bytes + MEMORY_MARGIN_BYTES
    if wanted <= free:
        return Room.BESIDE
    return Room.INSTEAD if wanted <= alone else Room.NONE


def fits_disk(need: Need, free_bytes: int) -> bool:
    return need.disk_bytes + DISK_MARGIN_BYTES <= free_bytes


def gigabytes(size_bytes: int) -> str:
    """For a sentence, such as "1.4"."""
    return f"{size_bytes / GIGABYTE:.1f}"


def free_disk_bytes(folder: Path) -> int:
    """What is free where the folder is, or will be."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def free_memory_bytes() -> int:
    """What programs can still get, within the limit of a container where there is one."""
    free: int = psutil.virtual_memory().available
    try:
        limit = int((CGROUP / "memory.max").read_text(encoding="ascii"))
        used = int((CGROUP / "memory.current").read_text(encoding="ascii"))
    except (OSError, ValueError):  # no container, or one without a limit ("max")
        return free
    return max(0, min(free, limit - used + _cached_bytes()))


def _cached_bytes() -> int:
    """Files in memory count as used by a container, but give way when it is needed."""
    for line in (CGROUP / "memory.stat").read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(" ")
        if name == "inactive_file":
            return int(value)
    return 0
