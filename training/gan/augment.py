"""Differentiable augmentation of real and generated pictures alike (Zhao et al., 2020).

The discriminator sees few pictures often; so it can't learn them by heart, and the generator is not
taught the distortions, since gradients pass through them.
"""

import torch
from torch import Tensor
from torch.nn import functional

MOST_SHIFT = 0.125  # of the width
CUT = 0.4  # of the width


def augment(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Pictures (B, 3, S, S) with changed colours, shifted, and with a square missing."""
    return _cut_out(_shift(_colour(pictures, generator), generator), generator)


def _random(pictures: Tensor, generator: torch.Generator) -> Tensor:
    drawn = torch.rand(len(pictures), 1, 1, 1, generator=generator)
    return drawn.to(pictures)


def _colour(pictures: Tensor, generator: torch.Generator) -> Tensor:
    pictures = pictures + (_random(pictures, generator) - 0.5) * 0.5
    grey = pictures.mean(1, keepdim=True)
    pictures = grey + (pictures - grey) * (_random(pictures, generator) * 2)
    middle = pictures.mean((1, 2, 3), keepdim=True)
    return middle + (pictures - middle) * (_random(pictures, generator) + 0.5)


def _shift(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """By whole pixels; what comes in is white."""
    size = pictures.shape[-1]
    most = round(size * MOST_SHIFT)
    padded = functional.pad(pictures, (most, most, most, most), value=1.0)
    starts = torch.randint(0, 2 * most + 1, (2, len(pictures)), generator=generator)
    rows, columns = (
        start.to(pictures.device)[:, None] + _range(size, pictures) for start in starts
    )
    each = torch.arange(len(pictures), device=pictures.device)[:, None, None]
    moved = padded.permute(0, 2, 3, 1)[each, rows[:, :, None], columns[:, None, :]]
    return moved.permute(0, 3, 1, 2)


def _cut_out(pictures: Tensor, generator: torch.Generator) -> Tensor:
    size = pictures.shape[-1]
    half = size * CUT / 2
    centres = torch.rand(2, len(pictures), 1, generator=generator).to(pictures.device) * size
    inside = [(_range(size, pictures) - centre).abs() < half for centre in centres]
    hole = inside[0][:, None, :, None] & inside[1][:, None, None, :]
    cut: Tensor = pictures * ~hole
    return cut


def _range(size: int, pictures: Tensor) -> Tensor:
    return torch.arange(size, device=pictures.device)
