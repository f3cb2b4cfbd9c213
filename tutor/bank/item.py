"""A problem as the tutor works with it: what is asked, what is right, and which hints lead there.

Pure data. Knows neither the database (`storage.items`) nor any importer.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from tutor.names import Names


class AnswerType(StrEnum):
    """How an answer is compared with the key."""

    NUMBER = "number"  # a number, with a unit where the key has one
    EXPRESSION = "expression"  # algebra: an expression, equation, interval, set, list or matrix
    CHOICE = "choice"  # exactly one of the choices
    CHOICES = "choices"  # some of the choices, all right ones and no other
    TEXT = "text"  # a word or short phrase
    OPEN = "open"  # free text, judged by a rubric as an opinion; never counts


class HintKind(StrEnum):
    HINT = "hint"
    SCAFFOLD = "scaffold"  # asks an easier question on the way
    BOTTOM_OUT = "bottom_out"  # gives the answer away: only shown where a reveal is allowed


class ItemState(StrEnum):
    VERIFIED = "verified"
    UNVERIFIED = "unverified"  # its key is nobody's word yet: shown to teachers only
    RETIRED = "retired"


class Origin(StrEnum):
    IMPORT = "import"
    GENERATOR = "generator"
    TEACHER = "teacher"
    MODEL = "model"
    LEARNER = "learner"  # brought by a learner, for them alone


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """What counts as right: any of `answers` (none only for OPEN); the first is the one shown.

    `choices` are the texts to choose from, `answers` the right ones among them, for CHOICE and
    CHOICES. `unit` is the expected unit ("" none), `tolerance` the accepted relative difference
    of a number (0 means exact up to the digits that were given).
    """

    type: AnswerType
    answers: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    unit: str = ""
    tolerance: float = 0.0
    rubric: str = ""


@dataclass(frozen=True, slots=True)
class Hint:
    """A hint; one that asks something (each scaffold) has a key of its own.

    A hint of `depth` 1 helps with the scaffold before it, not with the step itself: who has
    answered that scaffold does not need it.
    """

    kind: HintKind
    text: str
    title: str = ""
    key: AnswerKey | None = None
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One question of an item. `skills` are skill keys of the course, the main one first."""

    key: str
    prompt: str
    answer: AnswerKey
    hints: tuple[Hint, ...] = ()
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A problem of one or more steps, before or without a row of its own.

    `key` names it within its course; `family` is shared by items that differ only in language or
    numbers, so that a twin can be found. `lesson` is a lesson key of the course.
    """

    key: str
    stem: str
    steps: tuple[Step, ...]
    language: str
    title: str = ""
    lesson: str = ""
    family: str = ""
    source: str = ""
    licence: str = ""
    attribution: str = ""
    state: ItemState = ItemState.VERIFIED
    origin: Origin = Origin.IMPORT

    def question(self, index: int) -> str:
        """All that somebody reads who is asked the step at `index`."""
        step = self.steps[index]
        return "\n".join(filter(None, (self.stem, step.prompt, *step.answer.choices)))


@dataclass(frozen=True, slots=True)
class Skill:
    """`requires` are keys of skills that are learnt before. `generator` makes unlimited items."""

    key: str
    names: Names
    requires: tuple[str, ...] = ()
    generator: str = ""


@dataclass(frozen=True, slots=True)
class Lesson:
    key: str
    names: Names
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Course:
    """A whole course as an importer or author hands it over."""

    key: str
    names: Names
    language: str
    lessons: tuple[Lesson, ...]
    skills: tuple[Skill, ...]
    items: tuple[Item, ...]
    source: str = ""
    licence: str = ""
    attribution: str = ""
    visibility: str = "members"


@dataclass(frozen=True, slots=True)
class StoredItem:
    """An item with its identity in the database. `skill_ids` lists each step's skill ids."""

    id: str
    version: int
    course_id: str | None
    lesson_id: str | None
    item: Item
    skill_ids: tuple[tuple[str, ...], ...] = field(default=())
