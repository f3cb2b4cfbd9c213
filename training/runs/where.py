"""Where a run is trained, as asked for beside its recipe: `on` a cluster, on how many `devices`.

No part of the recipe: the card of an adapter, which is given away, does not name our machines.
"""

from collections.abc import Mapping
from typing import Any

KEYS = ("on", "devices")


def recipe_alone(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What is trained."""
    return {key: value for key, value in asked.items() if key not in KEYS}


def where(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The keys for run.json."""
    return {key: asked[key] for key in KEYS if asked.get(key) is not None}
