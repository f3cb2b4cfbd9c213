"""What reading a file came to: courses, and a word on everything that was not taken as it stood."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tutor.bank.item import Course, HintKind
from tutor.bank.reason import BankError, Reason


class ImportRefused(BankError):
    """A file that can't be imported at all; says why and what to do."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A place in the file (a path, a line, a question), and a sentence about it."""

    place: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Options:
    """What the person who imports decides; "" leaves it to the file.

    `scope` goes before the key of a course, so that two schools can import the same file.
    """

    key: str = ""
    name: str = ""
    language: str = ""
    licence: str = ""
    scope: str = ""
    file_name: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What an importer found: `not_taken` is missing, `remarks` are about what was taken."""

    courses: tuple[Course, ...]
    not_taken: tuple[Remark, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(slots=True)
class Notes:
    """Collects remarks while a file is read."""

    not_taken: list[Remark] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def skip(self, place: str, message: str, /, **fields: object) -> None:
        """Something is not taken."""
        self.not_taken.append(Remark(place, Reason(message, fields)))

    def remark(self, place: str, message: str, /, **fields: object) -> None:
        """Something is taken, but not quite as it stands."""
        self.remarks.append(Remark(place, Reason(message, fields)))

    def reading(self, courses: Sequence[Course]) -> Reading:
        """What was found, in the order of the file and not of its checks."""
        not_taken, remarks = (sorted(one, key=_by_place) for one in (self.not_taken, self.remarks))
        return Reading(tuple(courses), tuple(not_taken), tuple(remarks))


def _by_place(remark: Remark) -> list[tuple[str, int]]:
    """Numbers by their size: line 9 comes before line 10."""
    parts = re.findall(r"(\D*)(\d*)", remark.place)
    return [(words, int(digits or -1)) for words, digits in parts]


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is in courses."""

    courses: int
    lessons: int
    skills: int
    items: int
    steps: int
    hints: int
    scaffolds: int
    answer_types: dict[str, int]

    @classmethod
    def of(cls, courses: Sequence[Course]) -> "Counts":
        """Counts courses; a scaffold is a hint that asks something."""
        items = [item for course in courses for item in course.items]
        steps = [step for item in items for step in item.steps]
        hints = [hint for step in steps for hint in step.hints]
        scaffolds = sum(hint.key is not None or hint.kind is HintKind.SCAFFOLD for hint in hints)
        return cls(
            courses=len(courses),
            lessons=sum(len(course.lessons) for course in courses),
            skills=sum(len(course.skills) for course in courses),
            items=len(items),
            steps=len(steps),
            hints=len(hints) - scaffolds,
            scaffolds=scaffolds,
            answer_types=dict(Counter(step.answer.type.value for step in steps).most_common()),
        )
