"""The card of a generator, read without loading the network: what it draws, in which styles.

Chat reads it; the drawing process reads the same file together with the weights.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CARD = "card.json"
VERSION_CHARACTERS = 12


@dataclass(frozen=True, slots=True)
class Source:
    """Where pictures or labels come from, and under which terms."""

    name: str
    version: str
    licence: str
    attribution: str
    url: str


@dataclass(frozen=True, slots=True)
class GeneratorCard:
    """`version` is the beginning of the digest of its weights: the same name may be trained anew.

    `concepts` are in the order in which the network numbers them, and so are `styles`. `cells` are
    the styles that a thing was learnt in, the best first, where these are not all.
    """

    folder: Path
    name: str
    version: str
    licence: str
    concepts: tuple[str, ...]
    styles: tuple[str, ...]
    sources: tuple[Source, ...]
    cells: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def styles_of(self, concept_id: str) -> tuple[str, ...]:
        """The styles to draw a thing in; in any other the network would only guess."""
        return self.cells.get(concept_id, self.styles)


def read_card(folder: Path) -> GeneratorCard | None:
    """The card in a folder; None where there is none, or none that can be read."""
    try:
        record = json.loads((folder / CARD).read_text(encoding="utf-8"))
        return card_of(folder, record) if isinstance(record, dict) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def card_of(folder: Path, record: Mapping[str, Any]) -> GeneratorCard:
    """The card that a JSON object is; raises KeyError or TypeError where it is none."""
    return GeneratorCard(
        folder,
        str(record.get("name") or folder.name),
        str(record["weights_sha256"])[:VERSION_CHARACTERS],
        str(record.get("licence", "")),
        tuple(label["id"] for label in record["labels"]),
        tuple(record["styles"]),
        tuple(_source(one) for one in record.get("attribution", ())),
        {
            concept: tuple(styles)
            for concept, styles in dict(record.get("cells", ())).items()
            if styles
        },
    )


def _source(record: Mapping[str, Any] | str) -> Source:
    """One set; of an administrator's own, a line may be all that is known."""
    if isinstance(record, str):
        return Source(record, "", "", "", "")
    names = ("name", "version", "licence", "attribution", "url")
    return Source(*(str(record.get(name, "")) for name in names))
