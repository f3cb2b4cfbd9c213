"""A generator, or the upsampler, as a folder: weights as safetensors, and a JSON card that says
what it is.

Nothing here runs code from a file; whatever does not fit together is refused with a sentence.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import nn

from tutor.i18n import mark
from tutor.images.legible import legible
from tutor.images.network import Generator, config_from_json
from tutor.images.upsampler import Upsampler, UpsamplerConfig

N = TypeVar("N", bound=nn.Module)
WEIGHTS, CARD = "generator.safetensors", "card.json"
FORMAT = 1
DAMAGED = mark(
    "The generator in {folder} is damaged or incomplete ({reason}). Install Daoshi again, or go "
    "back to an earlier generator with /gan rollback."
)


class GeneratorDamaged(Exception):
    """A folder that holds no whole generator; `fields` fill the sentence DAMAGED."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"{folder}: {reason}")
        self.fields = {"folder": folder.name, "reason": reason}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A network that only draws, and its card."""

    generator: Generator
    card: dict[str, Any]


def save_generator(
    folder: Path, generator: Generator | Upsampler, card: dict[str, Any], *, half: bool = False
) -> None:
    """Writes weights and card. `half` rounds to 16 bits: half the size, the same to the eye."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {
        name: (value.half() if half else value).detach().cpu().contiguous()
        for name, value in generator.state_dict().items()
    }
    save_file(tensors, folder / WEIGHTS, metadata={"format": "pt"})
    digest = sha256((folder / WEIGHTS).read_bytes()).hexdigest()
    whole = {
        "format": FORMAT,
        **card,
        "config": generator.config.to_json(),
        "weights_sha256": digest,
    }
    (folder / CARD).write_text(legible(whole), encoding="utf-8")


def load_generator(folder: Path) -> Drawn:
    """The network in 32 bits, without gradients. Raises GeneratorDamaged."""
    with _damage(folder):
        card = _card(folder)
        # Not on the meta device: there, torch needs seconds of imports to initialise an embedding.
        return Drawn(_filled(folder, Generator(config_from_json(card["config"]))), card)


def load_upsampler(folder: Path) -> Upsampler:
    """The same for the upsampler. Raises GeneratorDamaged."""
    with _damage(folder):
        return _filled(folder, Upsampler(UpsamplerConfig(**_card(folder)["config"])))


@contextmanager
def _damage(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise GeneratorDamaged(folder, type(error).__name__) from error


def _card(folder: Path) -> dict[str, Any]:
    card: dict[str, Any] = json.loads((folder / CARD).read_text(encoding="utf-8"))
    if card["format"] != FORMAT:
        raise GeneratorDamaged(folder, f"format {card['format']}")
    if sha256((folder / WEIGHTS).read_bytes()).hexdigest() != card["weights_sha256"]:
        raise GeneratorDamaged(folder, "checksum")
    return card


def _filled(folder: Path, network: N) -> N:
    tensors = {name: one.float() for name, one in load_file(folder / WEIGHTS).items()}
    network.load_state_dict(tensors, assign=True)
    return network.to(memory_format=torch.channels_last).eval().requires_grad_(False)  # type: ignore[call-overload,no-any-return]
