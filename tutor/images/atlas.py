"""What can be drawn here, and by which generator. Knows cards, never networks."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tutor.images.card import GeneratorCard, read_card
from tutor.images.concepts import Concept, Concepts

SHIPPED = Path(__file__).parent / "shipped"
CONCEPTS = "concepts.json"
OWN = ("icons-1", "digits-1")


@dataclass(frozen=True, slots=True, eq=False)
class Atlas:
    """`concepts` are those that a generator here can draw, and those known by name alone."""

    concepts: Concepts
    generators: tuple[GeneratorCard, ...]

    def generator_of(self, concept_id: str) -> GeneratorCard | None:
        """Who draws a thing; None where nobody here does."""
        concept = self.concepts.get(concept_id)
        if concept is None or not self.concepts.is_offered(concept):
            return None
        return next((one for one in self.generators if concept_id in one.concepts), None)

    def neighbours(self, concept: Concept, most: int) -> tuple[Concept, ...]:
        """The things that have most in common with one: words for them, then the category."""

        def rank(other: Concept) -> tuple[int, bool]:
            common = set(concept.tags_en) & set(other.tags_en)
            return -len(common), other.category != concept.category

        drawn_by = self.generator_of(concept.id)
        others = [
            one
            for one in self.concepts.offered
            if one.id != concept.id and self.generator_of(one.id) is drawn_by
        ]
        return tuple(sorted(others, key=rank)[:most])


def atlas_from(concepts: Concepts, folders: Sequence[Path]) -> Atlas | None:
    """What is offered and drawn by the generators in these folders; None if that is nothing."""
    cards = tuple(filter(None, map(read_card, folders)))
    drawn = {concept for card in cards for concept in card.concepts}
    offered = tuple(one for one in concepts.offered if one.id in drawn)
    if not offered:
        return None
    named_only = tuple(one for one in concepts.offered if one.id not in drawn)
    return Atlas(Concepts(offered, (*concepts.known, *named_only)), cards)


@cache
def shipped_atlas() -> Atlas | None:
    """That of the generators that ship; None where this installation has none."""
    file = SHIPPED / CONCEPTS
    if not file.is_file():
        return None
    return atlas_from(Concepts.load(file), [SHIPPED / name for name in OWN])
