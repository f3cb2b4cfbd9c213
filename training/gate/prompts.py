"""The committed prompts: general ones, and requests that are to be turned down.

No training set holds them: the general ones are not those of the replay.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from tutor.language import Language

GENERAL, REFUSALS = "gate_prompts.jsonl", "refusal_prompts.jsonl"


@dataclass(frozen=True, slots=True)
class Prompt:
    id: str
    language: Language
    text: str


@cache
def prompts(file: str) -> tuple[Prompt, ...]:
    """All prompts of a file, in its order."""
    return tuple(Prompt(one["id"], Language(one["language"]), one["text"]) for one in lines(file))


def spread(file: str, languages: Collection[Language], most: int) -> tuple[Prompt, ...]:
    """At most so many in the languages that a model knows, from all over the file."""
    known = [one for one in prompts(file) if one.language in languages]
    if len(known) <= most:
        return tuple(known)
    return tuple(known[index * len(known) // most] for index in range(most))


def lines(file: str) -> Iterator[dict[str, Any]]:
    """The records of a file of `training/data`; none where it does not exist."""
    source = resources.files("training").joinpath("data", file)
    if source.is_file():
        for line in source.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)
