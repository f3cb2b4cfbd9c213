"""Fills OATutor's variables: `@{name}` in texts, with lists of values that belong together."""

import re
from collections.abc import Mapping
from typing import Any

VARIABLE = re.compile(r"@\{(\w+)\}")
FIELD = "variabilization"


def values_of(*documents: Mapping[str, Any]) -> dict[str, str]:
    """The first value of every variable of these documents; the first document that has one wins.

    The values at one place in the lists belong together, so the first ones always fit.
    """
    values: dict[str, str] = {}
    for document in documents:
        variables = document.get(FIELD)
        for name, choices in (variables if isinstance(variables, Mapping) else {}).items():
            if isinstance(choices, list) and choices:
                values.setdefault(name, str(choices[0]))
    return values


def filled(document: Any, values: Mapping[str, str]) -> Any:
    """A document with the variables in all its texts filled."""
    if not values:
        return document
    if isinstance(document, str):
        return VARIABLE.sub(lambda found: values.get(found[1], found[0]), document)
    if isinstance(document, list):
        return [filled(value, values) for value in document]
    if isinstance(document, Mapping):
        return {
            key: value if key == FIELD else filled(value, values) for key, value in document.items()
        }
    return document
