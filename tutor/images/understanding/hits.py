"""What words were found to name, and how sure that is."""

from dataclasses import dataclass

from tutor.images.concepts import Concept

EXACT, DESCRIBED, PARTLY, SLIP, SECOND_SLIP = 1.0, 0.95, 0.8, 0.9, 0.8


@dataclass(frozen=True, slots=True)
class Hit:
    """A concept, whether offered or not; `left` are words that it does not show."""

    concept: Concept
    confidence: float
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Words for a kind, or for a thing that isn't drawn, with what is offered near it."""

    words: str
    nearest: tuple[Concept, ...]
    is_kind: bool


Match = Hit | Group | None
