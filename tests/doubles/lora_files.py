"""Peft folders with tiny LoRA weights, made with neither torch nor peft."""

import hashlib
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from safetensors.numpy import save

from tutor.adapters.package import pack

LAYER = "base_model.model.model.layers.0.self_attn.q_proj"
CONFIG = {
    "peft_type": "LORA",
    "task_type": "CAUSAL_LM",
    "base_model_name_or_path": "somebody/model",
    "r": 2,
    "lora_alpha": 4,
    "bias": "none",
    "target_modules": ["q_proj"],
}


def lora_weights(value: float = 0.5, rank: int = 2) -> dict[str, np.ndarray[Any, Any]]:
    """One layer's A and B."""
    return {
        f"{LAYER}.lora_A.weight": np.full((rank, 8), value, np.float32),
        f"{LAYER}.lora_B.weight": np.full((8, rank), value, np.float32),
    }


def write_lora(folder: Path, *, weights: Any = None, card: Any = None, **config: Any) -> Path:
    """A peft folder; `config` changes single entries of its configuration."""
    folder.mkdir(parents=True, exist_ok=True)
    data = save(lora_weights() if weights is None else weights)
    (folder / "adapter_model.safetensors").write_bytes(data)
    (folder / "adapter_config.json").write_text(json.dumps({**CONFIG, **config}), encoding="utf-8")
    if card is not None:
        card = {"weights_sha256": hashlib.sha256(data).hexdigest(), **card}
        (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")
    return folder


def lora_package(name: str) -> bytes:
    """The file of an adapter as it is stored; `name` makes it another one."""
    with TemporaryDirectory() as folder:
        return pack(write_lora(Path(folder) / "adapter", card={"name": name}))
