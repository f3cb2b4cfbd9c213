"""What the language model is given for one move, and what it must not give away.

`template` is what is said when the model is off, late, or breaks a rule. All texts are in the
language of the item or of the learner; `tutor.pedagogy.release` checks what the model makes of it.
A training example carries its brief as JSON, so that drafts can be checked in the same way.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from tutor.bank.item import AnswerKey, AnswerType
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


def brief_to_json(brief: Brief) -> dict[str, Any]:
    """Plain values; empty ones are left out."""
    record = {**asdict(brief), "move": brief.move.value, "language": brief.language.value}
    if brief.secret is not None:
        secret = {**asdict(brief.secret), "type": brief.secret.type.value}
        record["secret"] = {name: _plain(value) for name, value in secret.items() if value}
    return {name: _plain(value) for name, value in record.items() if value}


def brief_from_json(record: Mapping[str, Any]) -> Brief:
    """The brief that `brief_to_json` wrote, also after it was stored as text."""
    values = {name: _frozen(value) for name, value in record.items()}
    if secret := record.get("secret"):
        of_key = {name: _frozen(value) for name, value in secret.items()}
        values["secret"] = AnswerKey(**{**of_key, "type": AnswerType(secret["type"])})
    move, language = Move(record["move"]), Language(record["language"])
    texts = {"template": "", "problem": ""}
    return Brief(**{**texts, **values, "move": move, "language": language})


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
