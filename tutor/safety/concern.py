"""What somebody may need more than teaching: recognised in what they write, by rules kept as data.

Reads English, Chinese and a mixture; needs no model. `python -m benchmarks.concerns` says how well.
Knows nothing of what is answered.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from tutor.pedagogy.normal_text import normal

RULES_FILE = "concerns.toml"
SENTENCE_END = re.compile(r"[.!?;。！？；\n]+")
QUOTED = re.compile(r"\"[^\"\n]+\"|“[^”\n]+”|「[^」\n]+」|『[^』\n]+』|《[^》\n]+》")


class Concern(StrEnum):
    """The most urgent first: where several fit, this is the order."""

    SELF_HARM = "self_harm"
    ABUSE = "abuse"
    EMERGENCY = "emergency"
    MEDICAL = "medical"
    LEGAL = "legal"

    @property
    def in_danger(self) -> bool:
        """Whether a person may be in danger, rather than in want of a professional."""
        return self in (Concern.SELF_HARM, Concern.ABUSE, Concern.EMERGENCY)


@dataclass(frozen=True, slots=True)
class _Rules:
    language: re.Pattern[str]
    study: re.Pattern[str]
    certain: Mapping[Concern, re.Pattern[str]]
    likely: Mapping[Concern, re.Pattern[str]]


def find_concern(text: str) -> Concern | None:
    """The most urgent concern in a message, None where there is none."""
    rules = _rules()
    studying = bool(rules.study.search(normal(text)))
    sentences = [normal(part) for part in SENTENCE_END.split(_own_words(text, rules))]
    meant = [part for part in sentences if part and not rules.language.search(part)]
    whole = " ".join(meant)  # a concern may begin in one sentence and end in the next
    for concern in Concern:
        if any(rules.certain[concern].search(part) for part in meant):
            return concern
        if not studying and any(rules.likely[concern].search(part) for part in (*meant, whole)):
            return concern
    return None


def _own_words(text: str, rules: _Rules) -> str:
    """Without what is quoted in order to study it; what else is quoted may well be meant."""
    rest = QUOTED.sub(" ", text)
    asked = normal(rest)
    about_words = rules.language.search(asked) or rules.study.search(asked)
    return rest if about_words else text


@cache
def _rules() -> _Rules:
    source = resources.files("tutor.safety").joinpath(RULES_FILE).read_text(encoding="utf-8")
    data = tomllib.loads(source)
    people = data["person"]
    return _Rules(
        language=_either(data["language"], people),
        study=_either(data["study"], people),
        certain={concern: _either(data[concern]["certain"], people) for concern in Concern},
        likely={concern: _either(data[concern]["likely"], people) for concern in Concern},
    )


def _either(patterns: list[str], people: Mapping[str, Any]) -> re.Pattern[str]:
    """All patterns as one; none fits nothing."""
    if not patterns:
        return re.compile(r"(?!)")
    return re.compile("|".join(f"(?:{_with_people(one, people)})" for one in patterns))


def _with_people(pattern: str, people: Mapping[str, Any]) -> str:
    chinese = re.search(r"[\u4e00-\u9fff]", pattern) is not None
    return pattern.replace("{person}", people["chinese" if chinese else "english"])
