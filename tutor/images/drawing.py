"""Sketches to the pictures of a reply, each by its generator, with alt text and a name."""

from collections.abc import Sequence

from tutor.images.artist import CannotDraw, Draws
from tutor.images.atlas import Atlas
from tutor.images.captions import alt_text
from tutor.images.card import GeneratorCard
from tutor.images.sketch import Sketch
from tutor.language import Language
from tutor.messages import Picture


async def drawn(
    artist: Draws, atlas: Atlas, sketches: Sequence[Sketch], language: Language
) -> tuple[Picture, ...]:
    """A picture for each sketch, in order. Raises CannotDraw."""
    pictures: dict[int, Picture] = {}
    for card, places in _by_generator(sketches, atlas):
        files = await artist.draw(card.folder, [sketches[place] for place in places])
        for place, file in zip(places, files, strict=True):
            alt = alt_text(sketches[place], atlas, language)
            pictures[place] = Picture(file, _name(sketches[place], place), alt)
    return tuple(pictures[place] for place in range(len(sketches)))


def _by_generator(
    sketches: Sequence[Sketch], atlas: Atlas
) -> list[tuple[GeneratorCard, list[int]]]:
    """The places of the sketches that each generator draws."""
    groups: list[tuple[GeneratorCard, list[int]]] = []
    for place, sketch in enumerate(sketches):
        card = atlas.generator_of(sketch.concepts[0])
        if card is None:
            raise CannotDraw.replaced()
        known = next((places for other, places in groups if other is card), None)
        if known is None:
            groups.append((card, [place]))
        else:
            known.append(place)
    return groups


def _name(sketch: Sketch, place: int) -> str:
    """Names of one message differ, since some platforms tell files apart by them."""
    number = f"-{place + 1}" if place else ""
    return f"{'-'.join(sketch.concepts)}-{sketch.style}{number}.png"
