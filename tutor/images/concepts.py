"""The things that pictures can be drawn of, and those that are known by name alone. Pure data.

Knows nothing of networks: which concept is which number of a generator stands in its card.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tutor.language import Language

SHIPPED = Path(__file__).parent / "shipped" / "concepts.json"
DIGIT = "digit-"
"""Handwritten digits are concepts as well: "digit-0" to "digit-9"."""


@dataclass(frozen=True, slots=True)
class Concept:
    """What a thing is called. `id` is a slug ("red-apple"), `en` and `zh` are read by learners,
    the tags are other words for the same thing."""

    id: str
    en: str
    zh: str
    category: str = ""
    tags_en: tuple[str, ...] = ()
    tags_zh: tuple[str, ...] = ()

    def named(self, language: Language) -> str:
        """As a learner reads it."""
        return self.zh if language is Language.CHINESE else self.en

    @property
    def is_digit(self) -> bool:
        return self.id.startswith(DIGIT)


@dataclass(frozen=True, eq=False)
class Concepts:
    """`offered` can be drawn; `known` are only understood, so that the answer can be honest.

    Two lists are the same only if they are one object: what is worked out from a list is kept.
    """

    offered: tuple[Concept, ...]
    known: tuple[Concept, ...] = ()

    @classmethod
    def load(cls, file: Path = SHIPPED) -> "Concepts":
        """The list in a file, by default that of the shipped generator."""
        record = json.loads(file.read_text("utf-8"))
        return cls(_concepts(record["offered"]), _concepts(record.get("known", ())))

    def to_json(self) -> dict[str, Any]:
        """What `load` reads."""
        return {
            "offered": [asdict(one) for one in self.offered],
            "known": [asdict(one) for one in self.known],
        }

    def get(self, concept_id: str) -> Concept | None:
        """An offered or known concept by its id."""
        return self._by_id.get(concept_id)

    def is_offered(self, concept: Concept) -> bool:
        return concept.id in self._offered_ids

    @cached_property
    def _by_id(self) -> Mapping[str, Concept]:
        return {one.id: one for one in (*self.known, *self.offered)}

    @cached_property
    def _offered_ids(self) -> frozenset[str]:
        return frozenset(one.id for one in self.offered)


def _concepts(rows: Iterable[Mapping[str, Any]]) -> tuple[Concept, ...]:
    return tuple(
        Concept(
            row["id"],
            row["en"],
            row["zh"],
            row.get("category", ""),
            tuple(row.get("tags_en", ())),
            tuple(row.get("tags_zh", ())),
        )
        for row in rows
    )
