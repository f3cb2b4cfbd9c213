"""The dialogue about one step of an item, as data: what happened, and where it stands.

The state machine over it is `tutor.pedagogy.policy`; how a message becomes an intent is
`tutor.pedagogy.intent`. Everything serialises to JSON, since a running lesson is stored.
"""

from dataclasses import dataclass
from enum import StrEnum

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
    answer in the learner's words. `diagnosed`: they were asked where they are stuck.
    """

    tries: int = 0
    hints: int = 0
    reveal_requests: int = 0
    revealed: bool = False
    solved: bool = False
    worked: bool = False
    diagnosed: bool = False
    last_answer: str = ""

    @property
    def closed(self) -> bool:
        """Whether nothing is left to find out in this step."""
        return self.solved or self.revealed


@dataclass(frozen=True, slots=True)
class Event:
    """What the learner did: an intent, and the verdict where it was an attempt."""

    intent: Intent
    text: str = ""
    verdict: Verdict | None = None
