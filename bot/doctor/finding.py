"""One result of an examination."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    OK = "ok"
    NOTE = "note"  # works, but less than it could, or could not be checked
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """`area` and both sentences are in the operator's language; `remedy` says what to do."""

    area: str
    level: Level
    text: str
    remedy: str = ""
