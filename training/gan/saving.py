"""Networks and optimizers as named tensors, for a checkpoint."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import TypeVar

import torch
from torch import Tensor, nn

from training.gan.batches import Examples
from training.gan.recipe import GanRecipe, to_json

Tensors = dict[str, Tensor]
N = TypeVar("N", bound=nn.Module, contravariant=True)


def fingerprint(recipe: GanRecipe, generator: nn.Module, examples: Examples[N]) -> str:
    """Tells a training from others in the same folder."""
    shapes = {name: list(one.shape) for name, one in generator.state_dict().items()}
    described = {"recipe": to_json(recipe), "generator": shapes}
    digest = sha256(json.dumps(described, sort_keys=True).encode())
    for one in examples.tensors():
        digest.update(one.contiguous().numpy().tobytes())
    return digest.hexdigest()


def state_of(
    networks: Mapping[str, nn.Module], optimizers: Mapping[str, torch.optim.Optimizer]
) -> Tensors:
    """Copies of everything that learns, under the names of network and optimizer."""
    tensors: Tensors = {}
    for name, network in networks.items():
        tensors |= prefixed(name, network.state_dict())
    for name, optimizer in optimizers.items():
        for number, kinds in optimizer.state_dict()["state"].items():
            tensors |= prefixed(f"optimizer.{name}.{number}", kinds)
    return tensors


def load_state(
    tensors: Mapping[str, Tensor],
    networks: Mapping[str, nn.Module],
    optimizers: Mapping[str, torch.optim.Optimizer],
) -> None:
    """Puts what `state_of` gave back."""
    for name, network in networks.items():
        network.load_state_dict(without_prefix(name, tensors))
    for name, optimizer in optimizers.items():
        state: dict[int, Tensors] = {}
        for key, value in without_prefix(f"optimizer.{name}", tensors).items():
            number, kind = key.split(".")
            state.setdefault(int(number), {})[kind] = value
        groups = optimizer.state_dict()["param_groups"]
        optimizer.load_state_dict({"state": state, "param_groups": groups})


def prefixed(name: str, tensors: Mapping[str, Tensor]) -> Tensors:
    return {f"{name}.{key}": one.detach().cpu().contiguous() for key, one in tensors.items()}


def without_prefix(name: str, tensors: Mapping[str, Tensor]) -> Tensors:
    start = f"{name}."
    return {key.removeprefix(start): one for key, one in tensors.items() if key.startswith(start)}
