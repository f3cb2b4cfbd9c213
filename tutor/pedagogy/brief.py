"""What the language model is given for one move, and what it must not give away.

`template` is what is said when the model is off, late, or breaks a rule. All texts are in the
language of the item or of the learner; `tutor.pedagogy.release` checks what the model makes of it.
"""

from dataclasses import dataclass, field

from tutor.bank.item import AnswerKey
from tutor.language import Language
from tutor.moves import Move


@dataclass(frozen=True, slots=True)
class Brief:
    """`secret` is the key that must not be said (None once it may be); `facts` are the texts that
    may be used; `said` is what already stands in problem and conversation, so that repeating it
    gives nothing away."""

    move: Move
    language: Language
    template: str
    problem: str
    attempt: str = ""
    facts: tuple[str, ...] = ()
    secret: AnswerKey | None = None
    said: tuple[str, ...] = field(default=())
    level: str = ""
