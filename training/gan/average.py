"""A moving average of a network's weights, which draws better than the last step's weights do."""

import copy
from typing import TypeVar

import torch
from torch import nn

M = TypeVar("M", bound=nn.Module)


def averaged_copy(network: M) -> M:
    """A copy that learns nothing by itself."""
    return copy.deepcopy(network).requires_grad_(False).eval()


@torch.no_grad()
def follow(average: nn.Module, network: nn.Module, decay: float) -> None:
    """average ← decay · average + (1 - decay) · network; buffers are copied."""
    for slow, fast in zip(average.parameters(), network.parameters(), strict=True):
        slow.data.lerp_(fast.data.to(slow), 1 - decay)
    for kept, new in zip(average.buffers(), network.buffers(), strict=True):
        kept.copy_(new)
