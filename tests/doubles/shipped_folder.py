"""A small set of pictures and a generator in a folder as a training leaves it; nothing is trained.

Pictures of a thing are alike in all its styles, so that a classifier tells things apart.
"""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from training.gan.pictures import Label, PictureSet, Pixels, Source
from tutor.images.network import Generator, GeneratorConfig
from tutor.images.weights import save_generator

SIZE = 16
LABELS = (
    Label("volcano", "volcano", "火山", "geography"),
    Label("fox", "fox", "狐狸", "animals"),
    Label("sun", "sun", "太阳", "weather"),
    Label("invented", "invented thing", "编出来的东西", "tools"),
)
STYLES = ("noto", "flat", "ink")
SOURCE = Source("Icons", "icons 1.0.0", "MIT", "Icons by Ada, MIT", "https://example.org")


def a_set() -> PictureSet:
    """Every thing in every style, save the fox in ink."""
    cells = [(thing, style) for thing in range(4) for style in range(3) if (thing, style) != (1, 2)]
    things = np.random.default_rng(5).integers(0, 256, (4, 4, 4, 3), np.uint8)
    images = [_enlarged(things[thing] // (style + 2) + 100) for thing, style in cells]
    return PictureSet(
        np.stack(images),
        np.array([thing for thing, _ in cells], np.int16),
        np.array([style for _, style in cells], np.int8),
        LABELS,
        STYLES,
        (SOURCE,),
    )


def _enlarged(small: Pixels) -> Pixels:
    return np.asarray(small.repeat(SIZE // 4, 0).repeat(SIZE // 4, 1), np.uint8)


def save_trained(folder: Path, pictures: PictureSet, name: str = "icons-1", **more: object) -> Path:
    """A generator with random weights, and the card of its training."""
    torch.manual_seed(3)
    config = GeneratorConfig(
        *(len(pictures.labels), len(pictures.style_names), 4, (8, 8, 8)),
        concept_size=6,
        style_size=4,
        cell_size=4,
        noise_size=4,
        width=8,
    )
    card = {
        "kind": "image_generator",
        "name": name,
        "licence": "Apache-2.0",
        "labels": [asdict(one) for one in pictures.labels],
        "styles": list(pictures.style_names),
        "attribution": [asdict(one) for one in pictures.sources],
        "seed": 42,
        "metrics": {"concept_accuracy": 0.5},
        "command": "python -m training.gan.shipped icons SET FOLDER",
        **more,
    }
    texts = torch.randn(len(pictures.labels), 4)
    save_generator(folder / name, Generator(config, texts), card)
    return folder / name


Drawing = Callable[..., Pixels]


def by_heart(pictures: PictureSet, smeared: tuple[int, ...] = ()) -> Drawing:
    """Draws like a generator that learnt the set by heart, save the `smeared` things."""

    def draw(
        _: Generator, concepts: NDArray[np.int64], styles: NDArray[np.int64], seed: int = 0
    ) -> Pixels:
        found = []
        for concept, style in zip(concepts, styles, strict=True):
            own = (pictures.concepts == concept) & (pictures.styles == style)
            grey = np.full_like(pictures.images[0], 128)
            found.append(grey if concept in smeared else pictures.images[own][0])
        return np.stack(found)

    return draw
