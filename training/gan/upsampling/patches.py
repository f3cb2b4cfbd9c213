"""Patches of icons, small and twice as wide: what the upsampler learns from.

The small ones are averages of the large ones, or come out of the generator that the upsampler is
for, so that it learns to mend what that one does.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from training.gan.batches import Batch
from tutor.images.upsampler import FACTOR, Upsampler

DRAWN_SHARE = 0.5  # of the patches
FINER_SHARE = 0.25  # from the middle size to the largest
TRIES = 3  # for a patch that is not empty
EMPTY = 2.0  # deviation of values 0 … 255


@dataclass(frozen=True, slots=True, eq=False)
class IconPatches:
    """Icons (N, S, S, 3) at the largest size, on disk or in memory, and the same things as the
    generator draws them (N, S / 4, S / 4, 3)."""

    icons: NDArray[np.uint8]
    drawn: NDArray[np.uint8]

    def __post_init__(self) -> None:
        width = self.drawn.shape[1] * FACTOR**2
        assert self.icons.shape == (len(self.drawn), width, width, 3), self.icons.shape

    def __len__(self) -> int:
        return len(self.icons)

    def batch(self, rows: Tensor, size: int, random: torch.Generator) -> Batch:
        """Patches `size` pixels wide, and the same half as wide; mirrored by chance."""
        pairs = [self._pair(int(row), size, random) for row in rows]
        large, small = (torch.stack(one) for one in zip(*pairs, strict=True))
        return Batch(large, (small,))

    def draw(self, network: Upsampler, batch: Batch, random: torch.Generator) -> Tensor:
        """What the upsampler makes of the small patches; there is no chance in it."""
        pictures: Tensor = network(*batch.inputs)
        return pictures

    def tensors(self) -> Iterable[Tensor]:
        # Hundreds of megabytes are told apart well enough by a part of each icon.
        return torch.from_numpy(self.icons[:, ::16, ::16].copy()), torch.from_numpy(self.drawn)

    def _pair(self, row: int, size: int, random: torch.Generator) -> tuple[Tensor, Tensor]:
        finer, drawn, mirrored = (torch.rand(3, generator=random)).tolist()
        icon = self.icons[row]
        if finer < FINER_SHARE:
            large, small = self._patch(icon, None, size, 1, random)
        else:
            source = self.drawn[row] if drawn < DRAWN_SHARE else None
            large, small = self._patch(icon, source, size, FACTOR, random)
        return (large.flip(-1), small.flip(-1)) if mirrored < 0.5 else (large, small)

    def _patch(
        self,
        icon: NDArray[np.uint8],
        source: NDArray[np.uint8] | None,
        size: int,
        coarseness: int,
        random: torch.Generator,
    ) -> tuple[Tensor, Tensor]:
        """One of an icon whose large side is `coarseness` times smaller than the icon itself."""
        half = size // FACTOR
        places = icon.shape[0] // coarseness // FACTOR - half + 1  # in small pixels
        for _ in range(TRIES):
            top, left = torch.randint(0, places, (2,), generator=random).tolist()
            step = coarseness * FACTOR
            window = icon[top * step : (top + half) * step, left * step : (left + half) * step]
            if window.std() >= EMPTY:
                break
        large = functional.avg_pool2d(_values(window), coarseness)
        if source is None:
            return large, functional.avg_pool2d(large, FACTOR)
        return large, _values(source[top : top + half, left : left + half])


def _values(pixels: NDArray[np.uint8]) -> Tensor:
    """(3, H, W), white 1 and black -1."""
    return torch.from_numpy(pixels.copy()).permute(2, 0, 1).float() / 127.5 - 1
