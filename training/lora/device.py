"""Where the gradient of a step is computed: alone, or shared between processes.

The loop knows a device only through this. Every process draws the same schedule, takes its part of
a step's micro-batches, and adds its gradient to those of the others; since losses are sums and the
number of tokens is known to all, the result is that of one process.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

import torch


class Device(Protocol):
    """`rank` of `world` processes; the one of rank 0 writes files and reports."""

    rank: int
    world: int
    place: torch.device

    def add_up(self, gradients: Iterable[torch.Tensor]) -> None:
        """Replaces each tensor by its sum over all processes."""
        ...

    def total(self, values: Sequence[float]) -> list[float]:
        """Sums over all processes."""
        ...


class Alone:
    """One process with one device."""

    def __init__(self, place: torch.device | str) -> None:
        self.rank, self.world, self.place = 0, 1, torch.device(place)

    def add_up(self, gradients: Iterable[torch.Tensor]) -> None:
        pass

    def total(self, values: Sequence[float]) -> list[float]:
        return list(values)


class Joined:
    """One of the processes of an initialised `torch.distributed` group (accelerate, Ray Train)."""

    def __init__(self, place: torch.device | str) -> None:
        self.rank, self.world = torch.distributed.get_rank(), torch.distributed.get_world_size()
        self.place = torch.device(place)

    def add_up(self, gradients: Iterable[torch.Tensor]) -> None:
        """In one message: LoRA's gradients are many and small."""
        found = list(gradients)
        flat = torch.cat([one.reshape(-1) for one in found])
        torch.distributed.all_reduce(flat)
        position = 0
        for one in found:
            one.copy_(flat[position : position + one.numel()].view_as(one))
            position += one.numel()

    def total(self, values: Sequence[float]) -> list[float]:
        summed = torch.tensor(list(values), dtype=torch.float64, device=self.place)
        torch.distributed.all_reduce(summed)
        return [float(value) for value in summed]


def here(place: torch.device | str) -> Device:
    """The device of this process, joined with others where a group was initialised."""
    joined = torch.distributed.is_available() and torch.distributed.is_initialized()
    return Joined(place) if joined else Alone(place)
