"""Where people turn in each country: data with its sources, and nothing of when it is said."""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

from tutor.language import Language
from tutor.safety.concern import Concern

DATA_FILE = "helplines.json"
DIRECTORY = "https://findahelpline.com"


@dataclass(frozen=True, slots=True)
class Helpline:
    """`names` by language; `concerns` are those that it is for."""

    names: dict[str, str]
    number: str
    concerns: frozenset[Concern]
    source: str
    checked_on: str | None

    def named(self, language: Language) -> str:
        return self.names[language.value]


@dataclass(frozen=True, slots=True)
class Help:
    """What there is in one country; `emergency` "" where the country is not known."""

    emergency: str = ""
    lines: tuple[Helpline, ...] = ()

    def for_concern(self, concern: Concern) -> tuple[Helpline, ...]:
        return tuple(line for line in self.lines if concern in line.concerns)


def help_in(country: str) -> Help:
    """By ISO 3166 code, in either case; an unknown one has no numbers of its own."""
    return _countries().get(country.upper(), Help())


def known_countries() -> frozenset[str]:
    return frozenset(_countries())


@cache
def _countries() -> dict[str, Help]:
    source = resources.files("tutor.safety").joinpath(DATA_FILE).read_text(encoding="utf-8")
    return {
        country: Help(
            one["emergency"],
            tuple(
                Helpline(
                    line["names"],
                    line["number"],
                    frozenset(Concern(concern) for concern in line["for"]),
                    line["source"],
                    line["checked_on"],
                )
                for line in one["lines"]
            ),
        )
        for country, one in json.loads(source)["countries"].items()
    }
