"""Lets an answer out only as far as it is fit to be read and keeps the key of an open question.

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
from tutor.safety.output import Harm, harm_in

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
    """Takes a text as it is made, and gives what may be shown of it.

    Where a key is guarded, or for a minor (`whole_sentences`), a sentence is shown when it has been
    read whole. Else the text flows, and ends with the first sentence that turns out unfit. `harm`
    says why a text ended that nobody should read.
    """

    def __init__(self, guard: Guard | None, *, whole_sentences: bool = False) -> None:
        self._guard = guard
        self._holds = whole_sentences or guard is not None
        self._waiting = ""
        self.fit = ""
        self.harm: Harm | None = None
        self.closed = False

    def add(self, text: str) -> str:
        """What may be shown now."""
        self._waiting += text
        ends = [match.end() for match in SENTENCE_END.finditer(self._waiting)]
        shown = self._let_out(ends[-1]) if ends else ""
        if self._holds:
            return shown
        return "" if self.closed else text

    def rest(self) -> str:
        """What is left at the end of the text."""
        shown = self._let_out(len(self._waiting)) if self._waiting.strip() else ""
        return shown if self._holds else ""

    def _let_out(self, end: int) -> str:
        sentences, self._waiting = self._waiting[:end], self._waiting[end:]
        if self.closed:
            return ""
        self.harm = harm_in(sentences)
        if self.harm or (self._guard and self._guard.refuses(self.fit + sentences)):
            self.closed = True
            return ""
        self.fit += sentences
        return sentences


def gives_away(guard: Guard | None, text: str) -> bool:
    """Whether a whole text says what must stay unsaid."""
    return guard is not None and guard.refuses(text) is not None
