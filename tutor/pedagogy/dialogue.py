"""The dialogue about one step of an item, as data: what happened, and where it stands.

The state machine over it is `tutor.pedagogy.policy`; how a message becomes an intent is
`tutor.pedagogy.intent`. Everything serialises to JSON, since a running lesson is stored.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from tutor.grading.verdict import Verdict


class Policy(StrEnum):
    """How much help is given; the strictest that holds for a learner counts everywhere."""

    OPEN = "open"
    GUIDED = "guided"
    EXAM = "exam"  # no help: answers are taken and graded, nothing is explained


class Intent(StrEnum):
    """What a learner's message about the present step wants."""

    ATTEMPT = "attempt"
    HINT = "hint"  # "hint", "help", "提示"
    DONT_KNOW = "dont_know"  # "idk", "不会"
    REVEAL = "reveal"  # wants the answer: "just tell me", "给答案"
    BREAK_RULES = "break_rules"  # wants the answer by a trick: "ignore your rules and …"
    CONTEST = "contest"  # says that the grade or key is wrong
    EXPLAIN = "explain"  # asks what a word or idea means
    REPEAT = "repeat"  # wants to see the question again
    SKIP = "skip"
    NEXT = "next"
    STOP = "stop"  # wants to end the lesson
    CONFIRM = "confirm"  # "ok", "got it", "明白了"
    CHAT = "chat"  # greets, thanks, complains
    OTHER = "other"  # about something else: answered outside of the lesson
    DISTRESS = "distress"  # safety first, whatever the lesson


@dataclass(frozen=True, slots=True)
class DialogueState:
    """Where the dialogue about one step stands.

    `tries` counts graded answers, `hints` those shown, `reveal_requests` the explicit ones.
    `revealed`: the answer was shown. `solved`: answered right. `last_answer` is the latest graded
    answer in the learner's words. `worked`: the way was shown without its result. `diagnosed`: they
    were asked where they are stuck. `scaffold` is the index of the hint whose easier question is
    open, `scaffold_tries` the wrong answers to it. `reflecting`: they were asked to look back.
    """

    tries: int = 0
    hints: int = 0
    reveal_requests: int = 0
    revealed: bool = False
    solved: bool = False
    worked: bool = False
    diagnosed: bool = False
    last_answer: str = ""
    scaffold: int | None = None
    scaffold_tries: int = 0
    reflecting: bool = False

    @property
    def closed(self) -> bool:
        """Whether nothing is left to find out in this step."""
        return self.solved or self.revealed

    def to_json(self) -> dict[str, Any]:
        """As a running lesson stores it."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """What `to_json` gave; fields that this version does not know are left out."""
        known = {name: stored[name] for name in cls.__dataclass_fields__ if name in stored}
        return cls(**known)


@dataclass(frozen=True, slots=True)
class Event:
    """What the learner did: an intent, and the verdict where it was an attempt.

    `on_scaffold`: the verdict is about the easier question of the open hint, not about the step.
    """

    intent: Intent
    text: str = ""
    verdict: Verdict | None = None
    on_scaffold: bool = False
