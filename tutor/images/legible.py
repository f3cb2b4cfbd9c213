"""JSON that a person can read and compare: a line for each entry of what the object holds."""

import json
from collections.abc import Mapping
from typing import Any


def legible(record: Mapping[str, Any]) -> str:
    """The object as text; lists and objects in it have one entry a line, however deep that is."""
    lines = [f" {json.dumps(key)}: {_entries(value)}" for key, value in record.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _entries(value: Any) -> str:
    if isinstance(value, Mapping) and value:
        pairs = [f"  {_compact(key)}: {_compact(one)}" for key, one in value.items()]
        return "{\n" + ",\n".join(pairs) + "\n }"
    if isinstance(value, list | tuple) and any(isinstance(one, Mapping) for one in value):
        return "[\n" + ",\n".join(f"  {_compact(one)}" for one in value) + "\n ]"
    return _compact(value)


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
