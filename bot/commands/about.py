"""`/about`: version, language model, and the licences of what Daoshi is made of."""

import re
from collections.abc import AsyncIterator
from functools import cache
from importlib import metadata

from bot.services import Services
from bot.settings import Settings
from tutor.engine import embedded
from tutor.i18n import say
from tutor.messages import ReplyPart, Text
from tutor.turn import Turn

DISTRIBUTION = "daoshi"
UNSTATED = "?"
WORD_SOURCES = (
    "CC-CEDICT (MDBG, CC BY-SA 4.0)",
    "SCOWL, Google Books Ngram (SymSpell)",
)
_LICENCE_CHARACTERS = 100
_SAME = {
    "apache": "Apache-2.0",
    "apache-2.0": "Apache-2.0",
    "apache 2": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "mit": "MIT",
    "bsd": "BSD",
    "new bsd": "BSD-3-Clause",
    "bsd 3-clause": "BSD-3-Clause",
}


async def about(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """What answers here, and under which licences."""
    language = turn.language
    yield Text(
        "\n".join(
            [
                say(
                    language,
                    "**Daoshi {version}**, a self-hosted tutor, licence Apache-2.0.",
                    version=version(),
                ),
                say(language, "- Language model: {model}", model=model_name(services.settings)),
                say(language, "- Words: {sources}", sources="; ".join(WORD_SOURCES)),
                say(language, "- Built with: {libraries}", libraries="; ".join(libraries())),
            ]
        )
    )


def model_name(settings: Settings) -> str:
    """The configured model; the engine is not asked, since that would start it."""
    if embedded.is_embedded(settings.model):
        return f"{embedded.NAME} (Apache-2.0)"
    return settings.model


def version() -> str:
    """The installed version of this program."""
    return metadata.version(DISTRIBUTION)


@cache
def libraries() -> tuple[str, ...]:
    """The libraries that Daoshi needs, by the licences that their own metadata state."""
    required = metadata.requires(DISTRIBUTION) or []
    names = {re.split(r"[^\w.-]", line)[0] for line in required if "extra ==" not in line}
    by_licence: dict[str, list[str]] = {}
    for name in sorted(filter(_is_installed, names), key=str.lower):
        by_licence.setdefault(_licence_of(name), []).append(name)
    return tuple(f"{licence}: {', '.join(by_licence[licence])}" for licence in sorted(by_licence))


def _is_installed(name: str) -> bool:
    return any(True for _ in metadata.distributions(name=name))


def _licence_of(name: str) -> str:
    fields = metadata.metadata(name)
    licence = _first_line(fields, "License-Expression") or _first_line(fields, "License")
    licence = licence or _classified(fields.get_all("Classifier") or [])
    short = re.sub(r"(?i)\b(the|license|licence|software|version|v\.?)\b|,", " ", licence)
    words = " ".join(short.split()).replace("Apache 2.0", "Apache-2.0")
    return _SAME.get(words.lower(), words) or UNSTATED


def _first_line(fields: metadata.PackageMetadata, name: str) -> str:
    """A field about the licence, unless somebody put a whole licence in it."""
    line = fields[name].strip() if name in fields else ""
    return line if len(line) <= _LICENCE_CHARACTERS and "\n" not in line else ""


def _classified(classifiers: list[str]) -> str:
    licences = [c.rsplit(" :: ", 1)[-1] for c in classifiers if c.startswith("License ::")]
    return licences[-1] if licences else ""
