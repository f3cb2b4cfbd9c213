"""What an adapter is by its configuration and weights, without torch and without the model.

Whether it fits the model that answers is checked where that is loaded (`tutor.engine.process`).
"""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from safetensors import SafetensorError, deserialize

from tutor.adapters.refusals import AdapterUnsafe
from tutor.engine.adapter_format import not_servable
from tutor.i18n import mark

LORA = re.compile(r"base_model\.model\.(.+)\.lora_([AB])\.weight")
FLOATS = {"F64": np.float64, "F32": np.float32, "F16": np.float16}


def check_tensors(weights: bytes, config: Mapping[str, Any]) -> None:
    """Refuses what is no plain LoRA, with uneven shapes or with broken numbers."""
    if config.get("peft_type") != "LORA":
        raise AdapterUnsafe(
            mark("This is a {kind} adapter; only LoRA adapters can be used."),
            kind=str(config.get("peft_type")),
        )
    if unusable := not_servable(config):
        raise AdapterUnsafe(
            mark(
                "This adapter uses {features}, which can't be served beside others. Train it as "
                "plain LoRA."
            ),
            features=", ".join(unusable),
        )
    try:
        tensors = deserialize(weights)  # type: ignore[no-untyped-call]  # it has none
    except (SafetensorError, ValueError) as error:
        raise AdapterUnsafe(
            mark("The weights are no safetensors file that can be read.")
        ) from error
    _check_pairs({name: _shape(name, tensor) for name, tensor in tensors})


def _shape(name: str, tensor: Mapping[str, Any]) -> tuple[int, ...]:
    """The shape of one tensor, once its name, kind and numbers are as they should be."""
    if not LORA.fullmatch(name):
        raise AdapterUnsafe(
            mark("The weights hold {name}, which is no part of a LoRA adapter."), name=name
        )
    if not _is_finite(tensor["dtype"], tensor["data"]):
        raise AdapterUnsafe(
            mark("The weights of {name} hold numbers that are not finite."), name=name
        )
    return tuple(tensor["shape"])


def _is_finite(dtype: str, data: bytes) -> bool:
    if dtype == "BF16":  # the upper half of a float32
        return not bool(np.any((np.frombuffer(data, np.uint16) & 0x7F80) == 0x7F80))
    if dtype not in FLOATS:
        return False
    return bool(np.isfinite(np.frombuffer(data, FLOATS[dtype])).all())


def _check_pairs(shapes: Mapping[str, tuple[int, ...]]) -> None:
    """Each layer has an A and a B, two-dimensional and of one rank."""
    layers: dict[str, dict[str, tuple[int, ...]]] = {}
    for name, shape in shapes.items():
        found = LORA.fullmatch(name)
        assert found is not None, name
        layers.setdefault(found[1], {})[found[2]] = shape
    whole = all(
        set(pair) == {"A", "B"}
        and len(pair["A"]) == len(pair["B"]) == 2
        and pair["A"][0] == pair["B"][1]
        for pair in layers.values()
    )
    if not layers or not whole:
        raise AdapterUnsafe(mark("The adapter's weights are incomplete or of uneven rank."))
