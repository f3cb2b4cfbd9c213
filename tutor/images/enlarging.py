"""Makes pictures of a generator as wide as they are shown: with the upsampler, where it ships."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from tutor.images.upsampler import FACTOR, Upsampler, doubled
from tutor.images.weights import load_upsampler

SHIPPED = Path(__file__).parent / "shipped" / "upsampler-1"


class Enlarger:
    """Loads the upsampler when it is first needed; without one edges are smooth, no more."""

    def __init__(self, folder: Path = SHIPPED) -> None:
        self._folder = folder
        self._upsampler: Upsampler | None = None

    def enlarged(self, pictures: Sequence[Image.Image], height: int) -> list[Image.Image]:
        """Pictures of one size, `height` pixels high, their proportions kept. Raises
        GeneratorDamaged."""
        times = _doublings(pictures[0].height, height)
        if times and self._folder.is_dir():
            pictures = self._doubled(pictures, times)
        return [_fitted(picture, height) for picture in pictures]

    def _doubled(self, pictures: Sequence[Image.Image], times: int) -> list[Image.Image]:
        if self._upsampler is None:
            self._upsampler = load_upsampler(self._folder)
        found = []
        for picture in pictures:  # one by one: large ones would fill the memory
            values = torch.from_numpy(np.array(picture)).permute(2, 0, 1)[None].float() / 127.5 - 1
            pixels = ((doubled(self._upsampler, values, times) + 1) * 127.5).round().byte()[0]
            found.append(Image.fromarray(pixels.permute(1, 2, 0).contiguous().numpy()))
        return found


def _doublings(height: int, wanted: int) -> int:
    """How often a height is doubled to reach the wanted one, or to pass it."""
    times = 0
    while height * FACTOR**times < wanted:
        times += 1
    return times


def _fitted(picture: Image.Image, height: int) -> Image.Image:
    if picture.height == height:
        return picture
    width = round(picture.width * height / picture.height)
    return picture.resize((width, height), Image.Resampling.LANCZOS)
