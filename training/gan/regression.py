"""How far a picture is from its target: values, squares and edges, from the whole down to pixels.

The coarse sizes hold the silhouette, which a sum over pixels alone learns last.
"""

import torch
from torch import Tensor
from torch.nn import functional

SIZES = 3  # the full one, half of it, a quarter
EDGES = 2.0  # their weight


def distance(pictures: Tensor, targets: Tensor) -> Tensor:
    """The mean over pictures (B, 3, S, S) of the same size."""
    total = torch.zeros((), device=pictures.device)
    difference = pictures - targets
    for number in range(SIZES):
        if number:
            difference = functional.avg_pool2d(difference, 2)
        total = total + difference.abs().mean() + difference.square().mean()
        total = total + EDGES * (_down(difference).abs().mean() + _right(difference).abs().mean())
    return total / SIZES


def _down(pictures: Tensor) -> Tensor:
    return pictures[:, :, 1:] - pictures[:, :, :-1]


def _right(pictures: Tensor) -> Tensor:
    return pictures[:, :, :, 1:] - pictures[:, :, :, :-1]
