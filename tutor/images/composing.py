"""From a request to the pictures that answer it. Pure."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tutor.images.atlas import Atlas
from tutor.images.card import GeneratorCard
from tutor.images.concepts import Concept
from tutor.images.request import PictureRequest, Wanted
from tutor.images.sketch import Sketch

MOST_PICTURES = 8  # of one message: Discord takes ten files


@dataclass(frozen=True, slots=True)
class Composed:
    """`left` pictures were too many for one message."""

    sketches: tuple[Sketch, ...]
    left: int = 0


def composed(request: PictureRequest, atlas: Atlas, seed: int) -> Composed:
    """Every thing as often as it is wanted, in the wanted style where it can be drawn so."""
    style = request.style.value if request.style else ""
    found = list(_sketches(request.wanted, atlas, style, seed))
    return Composed(tuple(found[:MOST_PICTURES]), max(0, len(found) - MOST_PICTURES))


def changed(
    request: PictureRequest, before: Sequence[Sketch], atlas: Atlas
) -> tuple[Sketch, ...] | None:
    """The pictures before as a short wish changes them; None where it names new ones."""
    if not before or not (request.again or request.other_style or request.bigger):
        return None
    return tuple(_changed(request, sketch, atlas) for sketch in before)


def styles_of(sketch: Sketch, atlas: Atlas) -> tuple[str, ...]:
    """The styles in which all of a sketch can be drawn; none where its generator is gone."""
    card = atlas.generator_of(sketch.concepts[0])
    return _common(card, sketch.concepts) if card else ()


def without_style(
    request: PictureRequest, sketches: Sequence[Sketch], atlas: Atlas
) -> tuple[Sketch, ...]:
    """Those that can't be drawn in the style that is wanted."""
    if request.style is None:
        return ()
    return tuple(one for one in sketches if request.style not in styles_of(one, atlas))


def seed_of(key: str) -> int:
    """The seed that belongs to a message: whoever answers it again draws the same."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) % 2**31


def _changed(request: PictureRequest, sketch: Sketch, atlas: Atlas) -> Sketch:
    styles = styles_of(sketch, atlas)
    if not styles:
        return sketch
    sketch = sketch.within(styles)
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
        styles = _common(card, _ids(concepts))
        fixed = style in styles
        sketch = Sketch(_ids(concepts), style if fixed else styles[0], seed, fixed=fixed)
        for _ in range(count):
            yield sketch
            sketch = sketch.another(styles)


def _common(card: GeneratorCard, concept_ids: Sequence[str]) -> tuple[str, ...]:
    """The styles in which every one of these things can be drawn, best first."""
    first, *others = [card.styles_of(one) for one in concept_ids]
    common = tuple(one for one in first if all(one in styles for styles in others))
    return common or first


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
