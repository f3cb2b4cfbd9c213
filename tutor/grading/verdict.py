"""What grading an answer comes to."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    RIGHT = "right"
    PARTLY = "partly"  # some of several parts; `score` says how much
    WRONG = "wrong"
    UNREADABLE = "unreadable"  # no answer of the expected kind: asked for again, never counted
    OPINION = "opinion"  # by rubric and model: shown as an opinion, never counted


class Stage(StrEnum):
    """Which stage of the cascade decided."""

    KEY = "key"
    NUMBER = "number"
    ALGEBRA = "algebra"
    VERIFIER = "verifier"
    TEXT = "text"
    RUBRIC = "rubric"
    NONE = "none"


class Pattern(StrEnum):
    """A recognised kind of mistake, for feedback; "" where none is."""

    NONE = ""
    SIGN = "sign"  # right but for the sign
    UNIT_MISSING = "unit_missing"
    UNIT_WRONG = "unit_wrong"
    POWER_OF_TEN = "power_of_ten"
    ROUNDING = "rounding"
    INVERSE = "inverse"  # the reciprocal
    OFF_BY_ONE = "off_by_one"
    NOT_SIMPLIFIED = "not_simplified"
    INCOMPLETE = "incomplete"  # one of several solutions
    SPELLING = "spelling"
    OTHER_CHOICE = "other_choice"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`score` is from 0 to 1. `read_as` is how the answer was understood, to be shown."""

    outcome: Outcome
    score: float = 0.0
    stage: Stage = Stage.NONE
    pattern: Pattern = Pattern.NONE
    read_as: str = ""
