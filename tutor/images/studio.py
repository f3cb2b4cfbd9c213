"""Draws sketches with loaded generators, and puts them into marked and signed files.

Runs in the drawing process alone: the one module besides the network that computes pictures.
"""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from tutor.images.card import GeneratorCard, card_of
from tutor.images.credentials import Identity, signed
from tutor.images.enlarging import Enlarger
from tutor.images.marking import GIF, PNG, Mark, marked_png
from tutor.images.morphing import animated
from tutor.images.sketch import Sketch
from tutor.images.weights import Drawn, load_generator

MOST_LOADED = 3
MORPH_FRAMES = 20


class UnknownThing(Exception):
    """A concept or a style that this generator does not know."""


class Studio:
    """Keeps the generators that were used last. `identity` None: nothing is signed."""

    def __init__(self, identity: Identity | None, enlarger: Enlarger | None = None) -> None:
        self._identity = identity
        self._enlarger = enlarger or Enlarger()
        self._loaded: OrderedDict[Path, tuple[Drawn, GeneratorCard]] = OrderedDict()

    def pictures(self, folder: Path, sketches: Sequence[Sketch]) -> list[bytes]:
        """A PNG for each sketch, drawn in one batch. Raises GeneratorDamaged, UnknownThing."""
        drawn, card = self._generator(folder)
        cells = [(sketch, concept) for sketch in sketches for concept in sketch.concepts]
        codes = torch.cat([_code(drawn, card, sketch, concept) for sketch, concept in cells])
        noise = torch.cat([_noise(drawn, sketch) for sketch in sketches])
        drawings = _pictures(drawn, codes, noise)
        return [self._png(sketch, card, drawings) for sketch in sketches]

    def morph(self, folder: Path, start: Sketch, end: Sketch) -> bytes:
        """A GIF of the straight line between the codes of two sketches, and back."""
        drawn, card = self._generator(folder)
        assert start.concept and end.concept, (start, end)
        first = _code(drawn, card, start, start.concept)
        last = _code(drawn, card, end, end.concept)
        parts = torch.linspace(0, 1, MORPH_FRAMES)[:, None]
        noise = _noise(drawn, start).expand(MORPH_FRAMES, -1)
        frames = list(_pictures(drawn, torch.lerp(first, last, parts), noise))
        mark = _mark(start, card, (start.concept, end.concept), "morph")
        gif = animated(self._enlarger.enlarged(frames, start.size), mark)
        return self._signed(gif, GIF, mark)

    def _generator(self, folder: Path) -> tuple[Drawn, GeneratorCard]:
        found = self._loaded.pop(folder, None)
        if found is None:
            drawn = load_generator(folder)
            found = drawn, card_of(folder, drawn.card)
        self._loaded[folder] = found
        while len(self._loaded) > MOST_LOADED:
            self._loaded.popitem(last=False)
        return found

    def _png(self, sketch: Sketch, card: GeneratorCard, drawings: Iterator[Image.Image]) -> bytes:
        parts = [next(drawings) for _ in sketch.concepts]
        mark = _mark(sketch, card, sketch.concepts)
        [picture] = self._enlarger.enlarged([_side_by_side(parts)], sketch.size)
        return self._signed(marked_png(picture, mark), PNG, mark)

    def _signed(self, data: bytes, media_type: str, mark: Mark) -> bytes:
        return signed(data, media_type, mark, self._identity) if self._identity else data


def _code(drawn: Drawn, card: GeneratorCard, sketch: Sketch, concept: str) -> Tensor:
    styles = card.styles_of(concept)
    mixture = sketch.mixture(styles)
    if concept not in card.concepts or not mixture.keys() <= set(styles):
        raise UnknownThing(concept)
    weights = torch.tensor([[mixture.get(style, 0.0) for style in card.styles]])
    return drawn.generator.codes(torch.tensor([card.concepts.index(concept)]), weights)


def _noise(drawn: Drawn, sketch: Sketch) -> Tensor:
    """The same for the same seed, whatever else is drawn beside it."""
    chance = torch.Generator().manual_seed(sketch.seed)
    return torch.randn(len(sketch.concepts), drawn.generator.config.noise_size, generator=chance)


def _pictures(drawn: Drawn, codes: Tensor, noise: Tensor) -> Iterator[Image.Image]:
    with torch.inference_mode():
        values = drawn.generator.draw(codes, noise)
    pixels = ((values.clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1)
    return (Image.fromarray(one) for one in pixels.contiguous().numpy())


def _side_by_side(parts: Sequence[Image.Image]) -> Image.Image:
    if len(parts) == 1:
        return parts[0]
    row = Image.new("RGB", (sum(part.width for part in parts), parts[0].height), "white")
    left = 0
    for part in parts:
        row.paste(part, (left, 0))
        left += part.width
    return row


def _mark(
    sketch: Sketch, card: GeneratorCard, concepts: tuple[str, ...], kind: str = "picture"
) -> Mark:
    mixture = sketch.mixture(card.styles_of(concepts[0]))
    style = " + ".join(f"{name} {part:.0%}" if part < 1 else name for name, part in mixture.items())
    return Mark(card.name, card.version, concepts, style, sketch.seed, kind)
