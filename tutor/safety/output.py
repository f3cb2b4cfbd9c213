"""What models say is read before learners do: abuse, hate, sexual talk, ways to harm oneself.

A light check of a sentence, well under a millisecond, for a text that is shown as it is made.
English abuse is found by badwords-py's list, the rest by rules of our own; a model that means harm
in other words is not caught. Knows nothing of what is shown instead.
"""

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from badwords import ProfanityFilter

RULES_FILE = "output.toml"
_SPACES = re.compile(r"\s+")
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")


class Harm(StrEnum):
    SELF_HARM = "self_harm"
    HATE = "hate"
    SEXUAL = "sexual"
    ABUSE = "abuse"


@dataclass(frozen=True, slots=True)
class _Checks:
    patterns: tuple[tuple[Harm, re.Pattern[str]], ...]
    words: ProfanityFilter


def harm_in(text: str) -> Harm | None:
    """Why a text must not be shown, None where it may."""
    checks = _checks()
    plain = _SPACES.sub(" ", _APOSTROPHE.sub("", text)).casefold()
    for harm, pattern in checks.patterns:
        if pattern.search(plain):
            return harm
    return Harm.ABUSE if checks.words.is_profane(text) else None


@cache
def _checks() -> _Checks:
    source = resources.files("tutor.safety").joinpath(RULES_FILE).read_text(encoding="utf-8")
    data = tomllib.loads(source)
    words = ProfanityFilter()
    words.init(languages=["en"])
    words.add_whitelist(data["fine"])
    patterns = tuple((harm, re.compile("|".join(data[harm]))) for harm in Harm)
    return _Checks(patterns, words)
