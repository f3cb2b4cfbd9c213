"""Which pictures each step learns from: every pass over a set has an order of its own.

The order follows from the seed alone, so that a training goes on where it stopped.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol, Self, TypeVar

import torch
from torch import Tensor, nn

from training.gan.recipe import Phase

Network = TypeVar("Network", bound=nn.Module, contravariant=True)


@dataclass(frozen=True, slots=True)
class Batch:
    """Real pictures (B, 3, S, S), white 1 and black -1, and what both networks are told of them."""

    pictures: Tensor
    inputs: tuple[Tensor, ...]

    def to(self, device: str) -> Self:
        pictures = self.pictures.to(device, memory_format=torch.channels_last)
        return type(self)(pictures, tuple(one.to(device) for one in self.inputs))


class Examples(Protocol[Network]):
    """What is learnt from, and how a network is asked for the like of it."""

    def __len__(self) -> int: ...

    def batch(self, rows: Tensor, size: int, random: torch.Generator) -> Batch:
        """The examples in these rows (B), `size` pixels wide."""
        ...

    def draw(self, network: Network, batch: Batch, random: torch.Generator) -> Tensor:
        """What a network generates for the inputs of a batch."""
        ...

    def tensors(self) -> Iterable[Tensor]:
        """All of it, in an order that stays: what tells one set from another."""
        ...


class Batches:
    """The batches of a set, by phase and step within it."""

    def __init__(self, examples: Examples[Any], seed: int, device: str) -> None:
        self._examples, self._seed, self._device = examples, seed, device
        self._order: tuple[int, Tensor] = (-1, torch.empty(0))

    def of(self, phase: Phase, step: int) -> Batch:
        """The examples of a step, as small as the phase wants them."""
        count = len(self._examples)
        places = range(step * phase.batch, (step + 1) * phase.batch)
        chosen = torch.stack([self._epoch(one // count)[one % count] for one in places])
        random = torch.Generator().manual_seed(self._seed * 100_019 + step)
        return self._examples.batch(chosen, phase.size, random).to(self._device)

    def _epoch(self, number: int) -> Tensor:
        if self._order[0] != number:
            seeded = torch.Generator().manual_seed(self._seed * 100_003 + number)
            self._order = number, torch.randperm(len(self._examples), generator=seeded)
        return self._order[1]
