"""What our own generator is taught: the things, what they are called, and which emoji shows them.

The words are written down beside this room (`training/data/picture_concepts.json`), so that a
person can read and correct them. Other lists have the same form.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from training.gan.pictures import Label, Source, label_from

CONCEPTS_FILE = Path(__file__).parents[1] / "data" / "picture_concepts.json"


@dataclass(frozen=True, slots=True)
class Concept:
    """A label and its emoji. `names` are what icon sets call it beside the label's id, `without`
    the styles whose icon shows something else, or a person."""

    label: Label
    emoji: str
    names: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Concepts:
    """A list in its order, and where its words come from."""

    listed: tuple[Concept, ...]
    source: Source


def read_concepts(file: Path = CONCEPTS_FILE) -> Concepts:
    """The concepts of a file; their ids are all different."""
    record = json.loads(file.read_text("utf-8"))
    listed = tuple(
        Concept(
            label_from(one["label"]),
            one["emoji"],
            tuple(one.get("names", ())),
            tuple(one.get("without", ())),
        )
        for one in record["concepts"]
    )
    assert len({one.label.id for one in listed}) == len(listed), "an id occurs twice"
    return Concepts(listed, Source(**record["source"]))
