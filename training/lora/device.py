"""Where the gradient of a step is computed: alone, or shared between processes.

The loop knows a device only through this. Every process draws the same schedule, takes its share of
a step's documents, and adds its gradient to those of the others; since losses are sums and the
number of tokens is known to all, the result is that of one process.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any, Protocol, TypeVar

import torch

T = TypeVar("T")
# The others wait while the first process samples replay or saves; one that dies is noticed at once.
PATIENCE = timedelta(hours=1)


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

    def first(self, make: Callable[[], T]) -> T:
        """What the process of rank 0 makes, for all; the others wait for it."""
        ...


class Alone:
    """One process with one device."""

    def __init__(self, place: torch.device | str) -> None:
        self.rank, self.world, self.place = 0, 1, torch.device(place)

    def add_up(self, gradients: Iterable[torch.Tensor]) -> None:
        pass

    def total(self, values: Sequence[float]) -> list[float]:
        return list(values)

    def first(self, make: Callable[[], T]) -> T:
        return make()


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

    def first(self, make: Callable[[], T]) -> T:
        made: list[Any] = [make() if self.rank == 0 else None]
        torch.distributed.broadcast_object_list(made, src=0, device=self.place)
        found: T = made[0]
        return found


def here(place: torch.device | str) -> Device:
    """The device of this process, joined with others where a group was initialised."""
    joined = torch.distributed.is_available() and torch.distributed.is_initialized()
    return Joined(place) if joined else Alone(place)


def launched_together() -> bool:
    """Whether torchrun, `accelerate launch` or the like started this process among others."""
    return "RANK" in os.environ and int(os.environ.get("WORLD_SIZE", "1")) > 1


def join() -> Device:
    """Joins the processes that were launched with this one, each on a GPU of its own (or the CPU).

    The device to load the model onto is the current one afterwards.
    """
    from accelerate import PartialState

    state = PartialState(timeout=PATIENCE)
    return here(state.device)


def leave() -> None:
    """Lets go of the others."""
    if torch.distributed.is_initialized():
        torch.distributed.destroy_process_group()
