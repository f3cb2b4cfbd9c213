"""Draws a picture at twice its width: knows edges, not things.

Convolutions without normalisation at the small size, one step of repeating pixels, and two more at
the large size; what comes out is added to the smoothly enlarged picture. Wider pictures are made by
doing it again.
"""

from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

SLOPE = 0.2  # of the leaky rectifiers
FACTOR = 2


@dataclass(frozen=True, slots=True)
class UpsamplerConfig:
    """`blocks` of `channels` at the small size, `fine_channels` at the large one."""

    channels: int = 32
    fine_channels: int = 24
    blocks: int = 4

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class Block(nn.Module):
    """Two convolutions around a short cut."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, features: Tensor) -> Tensor:
        new = functional.leaky_relu(self.first(features), SLOPE)
        together: Tensor = features + 0.5 * self.second(new)
        return together


class Upsampler(nn.Module):
    """Pictures (B, 3, H, W) → (B, 3, 2 H, 2 W), white 1 and black -1."""

    def __init__(self, config: UpsamplerConfig) -> None:
        super().__init__()
        self.config = config
        self.enter = nn.Conv2d(3, config.channels, 3, padding=1)
        self.blocks = nn.Sequential(*(Block(config.channels) for _ in range(config.blocks)))
        self.narrow = nn.Conv2d(config.channels, config.fine_channels, 1)
        self.fine = nn.Conv2d(config.fine_channels, config.fine_channels, 3, padding=1)
        self.to_rgb = nn.Conv2d(config.fine_channels, 3, 3, padding=1)
        for one in self.to_rgb.parameters():  # at first it enlarges smoothly
            nn.init.zeros_(one)

    def forward(self, pictures: Tensor) -> Tensor:
        """Values a little outside -1 … 1 are possible and to be clamped."""
        features = functional.leaky_relu(self.enter(pictures), SLOPE)
        features = self.narrow(self.blocks(features))
        features = functional.interpolate(features, scale_factor=FACTOR, mode="nearest")
        features = functional.leaky_relu(self.fine(features), SLOPE)
        added: Tensor = self.to_rgb(features)
        return smoothly_enlarged(pictures) + added


def smoothly_enlarged(pictures: Tensor) -> Tensor:
    """Twice as wide, without new detail."""
    return functional.interpolate(
        pictures, scale_factor=FACTOR, mode="bicubic", align_corners=False
    )


@torch.inference_mode()
def doubled(upsampler: Upsampler, pictures: Tensor, times: int) -> Tensor:
    """Pictures (B, 3, H, W) made twice as wide so many times."""
    for _ in range(times):
        pictures = upsampler(pictures).clamp(-1, 1)
    return pictures
