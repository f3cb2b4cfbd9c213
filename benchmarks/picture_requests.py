"""Messages that ask for pictures, or only seem to, and what each should lead to.

`benchmarks/data/picture_requests.jsonl` holds one a line. The part `first` was labelled before
there was code; the next three were written after the code, read once, and then tuned on as well.
Nothing was tuned on the part `held_out`: its share says how new messages fare. `expected`
reads `cat/cat-face*3 + dog @flat`: things in their order, each with others that are as right and a
count, then a style; `again`, `bigger` and `restyled` speak of the picture before, `?` asks for
something that can't be drawn, `!person` (unsafe, character, need) is refused, and `none` asks for
no picture. A `/` between whole outcomes: either is right. `previous` is the picture before.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tutor.images.concepts import Concepts
from tutor.images.request import PictureRequest, Reading, Refusal, Unclear, Wanted
from tutor.images.understanding.understand import understand

DATA = Path(__file__).parent / "data" / "picture_requests.jsonl"
_CHANGES = {"again", "bigger", "restyled"}


class Part(StrEnum):
    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    FOURTH = "fourth"
    HELD_OUT = "held_out"


FIRST_SIGHT = {
    Part.FIRST: 0.955,
    Part.SECOND: 0.819,
    Part.THIRD: 0.880,
    Part.FOURTH: 0.906,
    Part.HELD_OUT: 0.894,
}
"""The share of each part that was right when it was read for the first time."""


@dataclass(frozen=True, slots=True)
class Message:
    """`language` is en, zh or mixed; `childlike`: written as a child would."""

    text: str
    language: str
    childlike: bool
    expected: str
    part: Part
    previous: str = ""


def messages() -> list[Message]:
    """All of them, in the order of the file."""
    with DATA.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return [Message(**{**row, "part": Part(row["part"])}) for row in rows]


def read(message: Message, concepts: Concepts) -> Reading:
    """What the message is taken for, after the picture that it follows."""
    before = concepts.get(message.previous)
    previous = PictureRequest((Wanted(before),)) if before else None
    return understand(message.text, concepts, previous=previous)


def is_right(message: Message, found: Reading, concepts: Concepts) -> bool:
    """Whether the reading is one of those that were expected, with counts and style."""
    return any(_fits(one, found, concepts) for one in _outcomes(message.expected))


def shown(found: Reading) -> str:
    """A reading in the notation of `expected`."""
    if found is None:
        return "none"
    if isinstance(found, Refusal):
        return f"!{found.reason}"
    if isinstance(found, Unclear):
        return f"?{found.known.id if found.known else found.words}"
    things = [one.concept.id + (f"*{one.count}" if one.count > 1 else "") for one in found.wanted]
    style = [f"@{found.style}"] if found.style else []
    return " ".join([" + ".join(things), *_changes(found), *style])


def _outcomes(expected: str) -> list[str]:
    """Outcomes that are not pictures stand alone; the others are alternatives within a picture."""
    alone = [one for one in expected.split("/") if one.startswith(("?", "!")) or one == "none"]
    rest = "/".join(one for one in expected.split("/") if one not in alone)
    return [*alone, rest] if rest else alone


def _fits(expected: str, found: Reading, concepts: Concepts) -> bool:
    if expected == "none":
        return found is None
    if expected.startswith("!"):
        return isinstance(found, Refusal) and found.reason == expected[1:]
    if expected.startswith("?"):
        return isinstance(found, Unclear)
    return _is_picture(expected, found, concepts)


def _is_picture(expected: str, found: Reading, concepts: Concepts) -> bool:
    words = expected.split()
    changes = _CHANGES.intersection(part for word in words for part in word.split("/"))
    style = next((word[1:] for word in words if word.startswith("@")), None)
    named = [word for word in words if word != "+" and not word.startswith("@")]
    things = [word.split("*") for word in named if not _CHANGES.intersection(word.split("/"))]
    wanted = [(ids.split("/"), int(count[0]) if count else 1) for ids, *count in things]
    if isinstance(found, Unclear):  # right where nothing of it is offered
        return not any(_offered(ids, concepts) for ids, _ in wanted) and not changes
    if not isinstance(found, PictureRequest):
        return False
    # A picture before was drawn once, whatever is offered now.
    possible = [one for one in wanted if changes or _offered(one[0], concepts)]
    return (
        found.style == style
        and (not changes or bool(changes & set(_changes(found))))
        and bool(changes) == bool(_changes(found))
        and _same_things(possible, found.wanted)
    )


def _same_things(expected: Sequence[tuple[list[str], int]], found: Sequence[Wanted]) -> bool:
    return len(expected) == len(found) and all(
        one.concept.id in ids and one.count == count
        for (ids, count), one in zip(expected, found, strict=True)
    )


def _offered(ids: Sequence[str], concepts: Concepts) -> bool:
    found = (concepts.get(one) for one in ids)
    return any(one is not None and concepts.is_offered(one) for one in found)


def _changes(found: PictureRequest) -> list[str]:
    said = {"again": found.again, "bigger": found.bigger, "restyled": found.other_style}
    return [name for name, holds in said.items() if holds]
