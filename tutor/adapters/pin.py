"""What answers one turn: read once, then kept for as long as the turn lasts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TUTORING = frozenset({"answer", "continue", "explain"})  # moves; `tutor.moves` knows turns


@dataclass(frozen=True, slots=True)
class Pinned:
    """An adapter that the engine has. `version` is its name there: the artifact's id.

    `phrases` are the moves that its gate found it fit to word, `prompt` the style of instructions
    that it was trained on ("" for that of the model), `answers` those in which it answers freely.
    """

    version: str
    name: str
    phrases: frozenset[str] = frozenset()
    prompt: str = ""
    answers: frozenset[str] = TUTORING


@dataclass
class Pin:
    """Belongs to one turn, and to all copies of it. `read` is set with the first look."""

    read: bool = False
    pinned: Pinned | None = field(default=None)


def pinned_from(version: str, card: Mapping[str, Any]) -> Pinned:
    """What a card and the report in it say of its use.

    `answers` false: it only words moves. `also` names further moves, such as "write", which a
    tutoring adapter otherwise leaves to the model as it is.
    """
    report = card.get("report") or {}
    also = frozenset(map(str, card.get("also") or ()))
    tutoring = TUTORING if card.get("answers", True) else frozenset[str]()
    return Pinned(
        version,
        str(card.get("name") or version),
        frozenset(map(str, card.get("phrases") or report.get("phrases") or ())),
        str(card.get("prompt") or report.get("style") or ""),
        tutoring | also,
    )
