"""What a template may look at, and how one of several phrasings is picked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tutor.bank.item import AnswerKey, AnswerType, Item, Step
from tutor.grading.verdict import Verdict
from tutor.i18n import say
from tutor.language import Language
from tutor.moves import Move
from tutor.pedagogy.dialogue import DialogueState, Intent

LONGEST_QUOTE = 80
LONGEST_BARE = 24
SPACED_QUOTE = re.compile(r"(?<=[\u4e00-\u9fff]) (?=“)|(?<=”) (?=[\u4e00-\u9fff])")
PROSE = re.compile(r"\s|[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Summary:
    """How a lesson or quiz went, in counted items."""

    asked: int
    right: int
    aided: int = 0
    revealed: int = 0
    graded: bool = True  # False while the verdicts of an examination are withheld


@dataclass(frozen=True, slots=True)
class Scene:
    """One move to be said. `hint` is an index; `answer` is what the learner wrote now.

    `state` is the one after the move, `moves` are all of this turn. `on_scaffold`: the verdict is
    about the easier question. `problem_shown`: the stem stands above already, as for a later step.
    `number` of `total` is the position in the lesson, 0 where there is none.
    """

    language: Language
    item: Item
    step: Step
    state: DialogueState
    verdict: Verdict | None = None
    hint: int | None = None
    answer: str = ""
    intent: Intent | None = None
    moves: tuple[Move, ...] = ()
    on_scaffold: bool = False
    problem_shown: bool = False
    number: int = 0
    total: int = 0
    summary: Summary | None = None
    seed: int = 0

    def pick(self, phrasings: Sequence[str], **values: object) -> str:
        """One phrasing, the same for the same seed and state, another at the next turn."""
        state = self.state
        turn = self.seed + state.tries + state.hints + state.reveal_requests + self.number
        return tight(say(self.language, phrasings[turn % len(phrasings)], **values), self.language)

    def say(self, message: str, /, **values: object) -> str:
        """Said in the learner's language; the message is marked where it stands."""
        return say(self.language, message, **values)

    def together(self, *sentences: str) -> str:
        """Sentences in one paragraph; Chinese has no space between them."""
        gap = " " if self.language is Language.ENGLISH else ""
        return gap.join(sentence for sentence in sentences if sentence)

    @property
    def attempt(self) -> str:
        """What the learner wrote, fit to stand in a sentence; "" where they wrote nothing."""
        written = " ".join((self.answer or self.state.last_answer).split())
        chosen = "" if self.on_scaffold else chosen_label(self.step.answer, written)
        return chosen or quoted(written)


def tight(text: str, language: Language) -> str:
    """Chinese quotation marks need no spaces around them."""
    return SPACED_QUOTE.sub("", text) if language is Language.CHINESE else text


def quoted(written: str) -> str:
    """A bare answer as it is, a sentence in quotation marks and not too long."""
    if len(written) > LONGEST_QUOTE:
        written = written[: LONGEST_QUOTE - 1].rstrip() + "…"
    if len(written) <= LONGEST_BARE and not PROSE.search(written.strip()):
        return written
    return f"“{written}”" if written else ""


def letter(index: int) -> str:
    """A, B, …, Z, then numbers."""
    return chr(ord("A") + index) if index < 26 else str(index + 1)


def chosen_label(key: AnswerKey, written: str) -> str:
    """`B) one half` for the answer `b`; "" where it names no choice."""
    if key.type is not AnswerType.CHOICE:
        return ""
    bare = written.strip("()（）.。!！?？ ").casefold()
    for index, choice in enumerate(key.choices):
        if bare in (letter(index).casefold(), choice.casefold()):
            return f"{letter(index)}) {choice}"
    return ""
