"""Which pictures each step learns from: every pass over a set has an order of its own.

The order follows from the seed alone, so that a training goes on where it stopped.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from training.gan.pictures import PictureSet
from training.gan.recipe import Phase


@dataclass(frozen=True, slots=True)
class Examples:
    """Pictures (N, 3, S, S) as bytes, with their concepts (N) and styles (N)."""

    pictures: Tensor
    concepts: Tensor
    styles: Tensor

    def __len__(self) -> int:
        return len(self.pictures)


@dataclass(frozen=True, slots=True)
class Batch:
    pictures: Tensor  # (B, 3, S, S), white 1 and black -1
    concepts: Tensor
    styles: Tensor  # (B, styles), one of them 1


def examples_of(pictures: PictureSet) -> Examples:
    """The set as tensors."""
    images = torch.from_numpy(np.array(pictures.images)).permute(0, 3, 1, 2).contiguous()
    return Examples(images, torch.from_numpy(pictures.concepts), torch.from_numpy(pictures.styles))


class Batches:
    """The batches of a set, by phase and step within it."""

    def __init__(self, examples: Examples, styles: int, seed: int, device: str) -> None:
        self._examples, self._styles = examples, styles
        self._seed, self._device = seed, device
        self._order: tuple[int, Tensor] = (-1, torch.empty(0))

    def of(self, phase: Phase, step: int) -> Batch:
        """The pictures of a step, as small as the phase wants them."""
        count = len(self._examples)
        places = range(step * phase.batch, (step + 1) * phase.batch)
        chosen = torch.stack([self._epoch(one // count)[one % count] for one in places])
        pictures = self._examples.pictures[chosen].to(self._device).float() / 127.5 - 1
        if pictures.shape[-1] != phase.size:
            pictures = functional.avg_pool2d(pictures, pictures.shape[-1] // phase.size)
        styles = functional.one_hot(self._examples.styles[chosen].long(), self._styles)
        return Batch(
            pictures.contiguous(memory_format=torch.channels_last),
            self._examples.concepts[chosen].long().to(self._device),
            styles.float().to(self._device),
        )

    def _epoch(self, number: int) -> Tensor:
        if self._order[0] != number:
            seeded = torch.Generator().manual_seed(self._seed * 100_003 + number)
            self._order = number, torch.randperm(len(self._examples), generator=seeded)
        return self._order[1]
