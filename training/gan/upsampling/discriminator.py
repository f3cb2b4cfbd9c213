"""Tells real large patches from enlarged ones, seeing the small one beside each."""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.gan.discriminator import SLOPE, Halving
from tutor.images.upsampler import smoothly_enlarged


class PatchDiscriminator(nn.Module):
    """`channels` are those at the full size, half of it, and so on. Its score of a patch is the
    mean of its scores of all places, so patches may be of any size."""

    def __init__(self, channels: tuple[int, ...] = (16, 32, 64, 64)) -> None:
        super().__init__()
        self.from_rgb = nn.Conv2d(6, channels[0], 1)
        self.halvings = nn.Sequential(*(Halving(old, new) for old, new in pairwise(channels)))
        self.score = nn.Conv2d(channels[-1], 1, 1)

    def forward(self, patches: Tensor, small: Tensor) -> Tensor:
        """Scores (B) of patches (B, 3, S, S) beside small ones (B, 3, S / 2, S / 2)."""
        both = torch.cat([patches, smoothly_enlarged(small)], 1)
        features = self.halvings(functional.leaky_relu(self.from_rgb(both), SLOPE))
        scores: Tensor = self.score(features).mean((1, 2, 3))
        return scores
