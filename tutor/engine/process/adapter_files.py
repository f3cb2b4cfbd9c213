"""Reads a LoRA adapter's folder, and refuses what must not or cannot be served.

Only safetensors and plain values of the configuration are used: nothing in the folder is executed,
no module that it names is imported, and no file outside of it is read.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from tutor.engine.adapter_format import CONFIG, WEIGHTS, not_servable
from tutor.engine.contract import RequestRefused

PREFIX = "base_model.model."
MAX_RANK = 512
MAX_BYTES = 8 * 2**30


@dataclass(frozen=True, slots=True)
class AdapterFiles:
    """`fingerprint` is the SHA-256 over configuration and weights; `settings` are LoRA's own."""

    fingerprint: str
    settings: Mapping[str, Any]
    weights: Mapping[str, torch.Tensor]


def read_adapter(folder: str) -> AdapterFiles:
    """The adapter in `folder`; raises RequestRefused with the reason where it cannot be used."""
    root = Path(folder)
    if not root.is_absolute() or not root.is_dir():
        raise RequestRefused(f"There is no adapter folder {folder}.")
    config_path, weights_path = (_inside(root, name) for name in (CONFIG, WEIGHTS))
    try:
        config = json.loads(config_path.read_text(encoding="utf-8"))
        weights = load_file(weights_path)
    except (ValueError, SafetensorError) as error:
        raise RequestRefused(f"The adapter in {folder} is damaged: {error}") from error
    settings = _settings(config, weights)
    return AdapterFiles(_fingerprint(config_path, weights_path), settings, weights)


def check_fits(
    weights: Mapping[str, torch.Tensor], layer_named: Callable[[str], torch.nn.Module]
) -> None:
    """Refuses weights for layers that the model lacks or has in other sizes; broken numbers."""
    for name, tensor in weights.items():
        module_name, kind = _split(name)
        try:
            module = layer_named(module_name)
        except AttributeError:
            raise RequestRefused(
                f"The adapter is for another model: no layer {module_name}."
            ) from None
        inputs, outputs = getattr(module, "in_features", 0), getattr(module, "out_features", 0)
        found, wanted = (tensor.shape[1], inputs) if kind == "A" else (tensor.shape[0], outputs)
        if found != wanted:
            raise RequestRefused(
                f"The adapter is for another model: {module_name} has {wanted}, not {found}."
            )
        if not torch.isfinite(tensor).all():
            raise RequestRefused(f"The adapter holds numbers that are not finite: {name}.")


def _inside(root: Path, name: str) -> Path:
    path = root / name
    if not path.is_file():
        pickled = name == WEIGHTS and (root / "adapter_model.bin").exists()
        reason = "pickles are never loaded; save it as safetensors" if pickled else "missing"
        raise RequestRefused(f"{path}: {reason}.")
    if path.resolve().parent != root.resolve():
        raise RequestRefused(f"{path} leads out of its folder.")
    if path.stat().st_size > MAX_BYTES:
        raise RequestRefused(f"{path} is too large for an adapter.")
    return path


def _settings(config: Mapping[str, Any], weights: Mapping[str, torch.Tensor]) -> dict[str, Any]:
    """The arguments of `LoraConfig`: layers and ranks from the weights, scales from the file."""
    if not isinstance(config, dict) or config.get("peft_type") != "LORA":
        raise RequestRefused("Only LoRA adapters can be served.")
    if unusable := not_servable(config):
        raise RequestRefused(f"This kind of adapter cannot be served: {', '.join(unusable)}.")
    ranks = {_split(name)[0]: t.shape[0] for name, t in weights.items() if _split(name)[1] == "A"}
    other = {_split(name)[0]: t.shape[1] for name, t in weights.items() if _split(name)[1] == "B"}
    if not ranks or ranks != other or max(ranks.values()) > MAX_RANK:
        raise RequestRefused("The adapter's weights are incomplete or of uneven rank.")
    rank = max(set(ranks.values()), key=list(ranks.values()).count)
    return {
        "r": rank,
        "rank_pattern": {name: value for name, value in ranks.items() if value != rank},
        "lora_alpha": _number(config.get("lora_alpha", rank)),
        "alpha_pattern": {k: _number(v) for k, v in (config.get("alpha_pattern") or {}).items()},
        "use_rslora": bool(config.get("use_rslora", False)),
        "target_modules": sorted(ranks),
        "task_type": "CAUSAL_LM",
    }


def _split(name: str) -> tuple[str, str]:
    """`base_model.model.model.layers.0.mlp.up_proj.lora_A.weight` → its module's name and A."""
    module_name, _, rest = name.removeprefix(PREFIX).rpartition(".lora_")
    if rest not in ("A.weight", "B.weight") or not name.startswith(PREFIX):
        raise RequestRefused(f"The adapter holds a tensor that is no LoRA weight: {name}.")
    return module_name, rest[0]


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RequestRefused(f"The adapter's scale is no number: {value!r}.")
    return value


def _fingerprint(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
