"""From a request to the pictures that answer it. Pure."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tutor.images.atlas import Atlas
from tutor.images.concepts import Concept
from tutor.images.request import PictureRequest, Wanted
from tutor.images.sketch import Sketch

MOST_PICTURES = 8  # of one message: Discord takes ten files


@dataclass(frozen=True, slots=True)
class Composed:
    """`left` pictures were too many for one message; `style_unknown`: another style was wanted."""

    sketches: tuple[Sketch, ...]
    left: int = 0
    style_unknown: bool = False


def composed(request: PictureRequest, atlas: Atlas, seed: int) -> Composed:
    """Every thing as often as it is wanted, in the wanted style where its generator has it."""
    style = request.style.value if request.style else ""
    found = list(_sketches(request.wanted, atlas, style, seed))
    missed = bool(style) and not any(one.style == style for one in found)
    return Composed(tuple(found[:MOST_PICTURES]), max(0, len(found) - MOST_PICTURES), missed)


def changed(
    request: PictureRequest, before: Sequence[Sketch], atlas: Atlas
) -> tuple[Sketch, ...] | None:
    """The pictures before as a short wish changes them; None where it names new ones."""
    if not before or not (request.again or request.other_style or request.bigger):
        return None
    return tuple(_changed(request, sketch, atlas) for sketch in before)


def styles_of(sketch: Sketch, atlas: Atlas) -> tuple[str, ...]:
    """The styles in which a sketch can be drawn; none where its generator is gone."""
    card = atlas.generator_of(sketch.concepts[0])
    return card.styles if card else ()


def seed_of(key: str) -> int:
    """The seed that belongs to a message: whoever answers it again draws the same."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) % 2**31


def _changed(request: PictureRequest, sketch: Sketch, atlas: Atlas) -> Sketch:
    styles = styles_of(sketch, atlas)
    if not styles:
        return sketch
    if request.bigger:
        return sketch.bigger()
    if request.style is not None and request.style in styles:
        return sketch.in_style(request.style.value)
    return sketch.in_next_style(styles) if request.other_style else sketch.another(styles)


def _sketches(wanted: Sequence[Wanted], atlas: Atlas, style: str, seed: int) -> Iterator[Sketch]:
    for concepts, count in _groups(wanted):
        card = atlas.generator_of(concepts[0].id)
        if card is None:
            continue
        fixed = style in card.styles
        sketch = Sketch(_ids(concepts), style if fixed else card.styles[0], seed, fixed=fixed)
        for _ in range(count):
            yield sketch
            sketch = sketch.another(card.styles)


def _groups(wanted: Sequence[Wanted]) -> Iterator[tuple[tuple[Concept, ...], int]]:
    """Single things; digits that follow each other are a number and stand in one picture."""
    digits: list[Concept] = []
    for one in wanted:
        if one.concept.is_digit and one.count == 1:
            digits.append(one.concept)
            continue
        if digits:
            yield tuple(digits), 1
            digits = []
        yield (one.concept,), one.count
    if digits:
        yield tuple(digits), 1


def _ids(concepts: Sequence[Concept]) -> tuple[str, ...]:
    return tuple(one.id for one in concepts)
