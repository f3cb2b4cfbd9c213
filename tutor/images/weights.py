"""A generator as a folder: weights as safetensors, and a JSON card that says what it is.

Nothing here runs code from a file; whatever does not fit together is refused with a sentence.
"""

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from tutor.i18n import mark
from tutor.images.legible import legible
from tutor.images.network import Generator, config_from_json

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
    folder: Path, generator: Generator, card: dict[str, Any], *, half: bool = False
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
    try:
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
        if card["format"] != FORMAT:
            raise GeneratorDamaged(folder, f"format {card['format']}")
        if sha256((folder / WEIGHTS).read_bytes()).hexdigest() != card["weights_sha256"]:
            raise GeneratorDamaged(folder, "checksum")
        # Not on the meta device: there, torch needs seconds of imports to initialise an embedding.
        generator = Generator(config_from_json(card["config"]))
        tensors = {name: one.float() for name, one in load_file(folder / WEIGHTS).items()}
        generator.load_state_dict(tensors, assign=True)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise GeneratorDamaged(folder, type(error).__name__) from error
    generator = generator.to(memory_format=torch.channels_last).eval().requires_grad_(False)  # type: ignore[call-overload]
    return Drawn(generator, card)
