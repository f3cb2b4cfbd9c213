"""Tells pictures of the set from generated ones, for a concept and a style.

Convolutions without normalisation, halving by averages ("The GAN is dead; long live the GAN!",
Huang et al., 2024), the deviation within the batch as one more channel against a generator that
always draws the same (Karras et al., "Progressive Growing of GANs", 2018), and the condition by
projection (Miyato and Koyama, 2018).
"""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

SLOPE = 0.2
LAST_SIZE = 4
GROUP = 4  # pictures that are compared with one another


class Halving(nn.Module):
    """Two convolutions around a short cut, then half the size."""

    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(before, before, 3, padding=1)
        self.second = nn.Conv2d(before, after, 3, padding=1)
        self.short = nn.Conv2d(before, after, 1, bias=False) if before != after else nn.Identity()

    def forward(self, picture: Tensor) -> Tensor:
        new = functional.leaky_relu(self.first(picture), SLOPE)
        new = functional.avg_pool2d(functional.leaky_relu(self.second(new), SLOPE), 2)
        short = self.short(functional.avg_pool2d(picture, 2))
        together: Tensor = (new + short) * 0.5**0.5
        return together


class Discriminator(nn.Module):
    """`channels` are those at the full size, half of it, and so on down to 4 x 4."""

    def __init__(
        self, concepts: int, styles: int, channels: tuple[int, ...] = (24, 48, 96, 128, 128)
    ) -> None:
        super().__init__()
        self.size = LAST_SIZE << (len(channels) - 1)
        self.from_rgb = nn.Conv2d(3, channels[0], 1)
        self.halvings = nn.Sequential(*(Halving(old, new) for old, new in pairwise(channels)))
        last = channels[-1]
        self.last = nn.Conv2d(last + 1, last, 3, padding=1)
        self.features = nn.Linear(last * LAST_SIZE**2, last)
        self.score = nn.Linear(last, 1)
        self.concepts = nn.Embedding(concepts, last)
        self.styles = nn.Embedding(styles, last)
        for table in (self.concepts, self.styles):
            nn.init.normal_(table.weight, std=last**-0.5)

    def forward(self, pictures: Tensor, concepts: Tensor, styles: Tensor) -> Tensor:
        """Scores (B) of pictures (B, 3, size, size) for concepts (B) in styles (B, styles)."""
        features = self.halvings(functional.leaky_relu(self.from_rgb(pictures), SLOPE))
        features = torch.cat([features, deviation(features)], 1)
        features = functional.leaky_relu(self.last(features), SLOPE)
        features = functional.leaky_relu(self.features(features.flatten(1)), SLOPE)
        wanted = self.concepts(concepts) + styles @ self.styles.weight
        score: Tensor = self.score(features)[:, 0] + (features * wanted).sum(1)
        return score


def deviation(features: Tensor) -> Tensor:
    """How much pictures of a group differ: a number for each, as a channel (B, 1, H, W)."""
    batch, _, height, width = features.shape
    group = GROUP if batch % GROUP == 0 else batch
    grouped = features.reshape(group, -1, *features.shape[1:])
    spread = (grouped.var(0, unbiased=False) + 1e-8).sqrt().mean((1, 2, 3))
    return spread.repeat(group)[:, None, None, None].expand(batch, 1, height, width)
