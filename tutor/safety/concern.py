"""What somebody may need more than teaching: recognised in what they write, in any words.

First by rules kept as data, then by learnt weights for wording that no rule names. Reads English,
Chinese and a mixture; needs no language model. `python -m benchmarks.concerns` says how well. Knows
nothing of what is answered.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from tutor.pedagogy.normal_text import normal
from tutor.safety.sieve import Sieve
from tutor.safety.wording import wording

RULES_FILE = "concerns.toml"
SENTENCE_END = re.compile(r"[.!?;。！？；\n]+")
JUDGED = range(8, 160)
"""Letters that a sentence must have for its wording to be judged; a Chinese character is two."""
TASK = re.compile(r"[=<>^\\]|^/|\d\s*[-+*×÷/]\s*\d|\d.*[^\d.,:].*\d")
"""A formula, a command, several numbers: a task or an answer rather than a life."""
QUOTED = re.compile(r"\"[^\"\n]+\"|“[^”\n]+”|「[^」\n]+」|『[^』\n]+』|《[^》\n]+》")

NOTHING = re.compile(r"(?!)")


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
    any: Sieve


@dataclass(frozen=True, slots=True)
class _Meant:
    """What of a message its author means: sentences made even, and all of them as one."""

    sentences: tuple[str, ...]
    whole: str
    studying: bool


@lru_cache(maxsize=32)
def find_concern(text: str) -> Concern | None:
    """The most urgent concern in a message, None where there is none.

    One message is asked about more than once on its way.
    """
    meant = _meant(text)
    return _by_rules(meant) or _by_wording(meant)


def _meant(text: str) -> _Meant:
    rules = _rules()
    parts = [normal(part) for part in SENTENCE_END.split(_own_words(text, rules))]
    meant = tuple(part for part in parts if part and not rules.language.search(part))
    studying = bool(rules.study.search(normal(text)))
    return _Meant(meant, " ".join(meant), studying)


def _by_rules(meant: _Meant) -> Concern | None:
    rules = _rules()
    # a concern may begin in one sentence and end in the next
    every = dict.fromkeys((*meant.sentences, meant.whole))
    if not any(rules.any.passes(part) for part in every):
        return None
    for concern in Concern:
        if any(rules.certain[concern].search(part) for part in meant.sentences):
            return concern
        if not meant.studying and any(rules.likely[concern].search(part) for part in every):
            return concern
    return None


def _by_wording(meant: _Meant) -> Concern | None:
    judged = dict.fromkeys((*meant.sentences, meant.whole))
    kinds = (wording().kind(part) for part in judged if _can_judge(meant, part))
    found = {Concern(kind) for kind in kinds if kind}
    return next((concern for concern in Concern if concern in found), None)


def _can_judge(meant: _Meant, part: str) -> bool:
    """Whether a part could be somebody speaking of life, rather than of a task or to a program."""
    letters = sum(1 + (one >= "\u4e00") for one in part if one.isalpha())
    return not meant.studying and letters in JUDGED and not TASK.search(meant.whole)


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
    certain = {concern: _either(data[concern]["certain"], people) for concern in Concern}
    likely = {concern: _either(data[concern]["likely"], people) for concern in Concern}
    every = (one.pattern for one in (*certain.values(), *likely.values()) if one is not NOTHING)
    return _Rules(
        language=_either(data["language"], people),
        study=_either(data["study"], people),
        certain=certain,
        likely=likely,
        any=Sieve(every),
    )


def _either(patterns: list[str], people: Mapping[str, Any]) -> re.Pattern[str]:
    """All patterns as one; none fits nothing."""
    if not patterns:
        return NOTHING
    return re.compile("|".join(f"(?:{_with_people(one, people)})" for one in patterns))


def _with_people(pattern: str, people: Mapping[str, Any]) -> str:
    chinese = re.search(r"[\u4e00-\u9fff]", pattern) is not None
    return pattern.replace("{person}", people["chinese" if chinese else "english"])
