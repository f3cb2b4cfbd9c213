"""What reading a file gives, row by row, and the refusal of a whole file."""

from dataclasses import dataclass
from typing import Any

from training.datasets.example import Example
from tutor.bank.reason import BankError, Reason


class DataRefused(BankError):
    """Data that nothing can be trained on; says why, and what to change."""


@dataclass(frozen=True, slots=True)
class Row:
    """An example and where it stood: a line, a record, a problem.

    `contributors` are the learners whose words are in it, by their consent. `published` says that
    names in it are those of problems, not of people who can be found.
    """

    place: str
    example: Example
    contributors: frozenset[str] = frozenset()
    published: bool = False
    attribution: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that is not taken, and why."""

    place: str
    reason: Reason


Found = Row | Rejected


class RowRefused(Exception):
    """A single row can't be taken; caught where rows are read."""

    def __init__(self, message: str, /, **fields: Any) -> None:
        self.reason = Reason(message, fields)
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Origin:
    """What whoever uploads says of a file: how it is called, and under which licence."""

    file_name: str
    licence: str = ""

    @property
    def source(self) -> str:
        return f"upload:{self.file_name}"
