"""Lets an ordinary answer out only as far as it keeps the key of an open question.

Sentence by sentence, after reading all text so far. Unlike a phrased move such an answer may be
long and bring numbers of its own; what it may not say is the key, in whatever disguise, nor right
or wrong.
"""

import re
from dataclasses import dataclass

from tutor.bank.item import AnswerKey
from tutor.language import Language
from tutor.moves import Move
from tutor.pedagogy.brief import Brief
from tutor.pedagogy.release import Refused, Release

SENTENCE_END = re.compile(r"[.!?…](?=\s)|[。！？\n]")


@dataclass(frozen=True, slots=True)
class Guard:
    """What must stay unsaid. `problem` and the learner's words `said` give nothing away."""

    secret: AnswerKey
    language: Language
    problem: str
    said: tuple[str, ...] = ()

    def refuses(self, text: str) -> Refused | None:
        """Why a text must not be shown; None where it may."""
        brief = Brief(
            Move.ANSWER, self.language, "", self.problem, secret=self.secret, said=self.said
        )
        return Release(brief).check_beside(text)


class Valve:
    """Takes a text as it is made, and gives what may be shown of it."""

    def __init__(self, guard: Guard | None) -> None:
        self._guard = guard
        self._shown = ""
        self._waiting = ""
        self.closed = False

    def add(self, text: str) -> str:
        """What may be shown now: all of it, or whole sentences where something is kept."""
        if self._guard is None:
            return text
        self._waiting += text
        ends = [match.end() for match in SENTENCE_END.finditer(self._waiting)]
        return self._let_out(ends[-1]) if ends else ""

    def rest(self) -> str:
        """What is left at the end of the text."""
        return self._let_out(len(self._waiting)) if self._waiting.strip() else ""

    def _let_out(self, end: int) -> str:
        assert self._guard is not None
        sentences, self._waiting = self._waiting[:end], self._waiting[end:]
        if self.closed or self._guard.refuses(self._shown + sentences):
            self.closed = True
            return ""
        self._shown += sentences
        return sentences


def gives_away(guard: Guard | None, text: str) -> bool:
    """Whether a whole text says what must stay unsaid."""
    valve = Valve(guard)
    valve.add(text)
    valve.rest()
    return valve.closed
