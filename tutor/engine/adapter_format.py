"""What an adapter's folder holds as peft saves it, and what can be served of it; without torch."""

from collections.abc import Mapping
from typing import Any

CONFIG, WEIGHTS = "adapter_config.json", "adapter_model.safetensors"
# They change what a layer computes in a way that a batch of mixed adapters cannot follow.
NOT_SERVABLE = ("use_dora", "modules_to_save", "alora_invocation_tokens", "trainable_token_indices")


def not_servable(config: Mapping[str, Any]) -> list[str]:
    """The features of a configuration that keep the adapter from answering beside others."""
    found = [name for name in NOT_SERVABLE if config.get(name)]
    return found if config.get("bias", "none") == "none" else [*found, "bias"]
