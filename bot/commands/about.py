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
_LICENCE_CHARACTERS = 100


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
                say(language, "- Built with: {libraries}", libraries=", ".join(libraries())),
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
    """The libraries that Daoshi needs, with their licences as their own metadata state them."""
    required = metadata.requires(DISTRIBUTION) or []
    names = [re.split(r"[^\w.-]", line)[0] for line in required if "extra ==" not in line]
    return tuple(sorted(_with_licence(name) for name in names if _is_installed(name)))


def _is_installed(name: str) -> bool:
    return any(True for _ in metadata.distributions(name=name))


def _with_licence(name: str) -> str:
    fields = metadata.metadata(name)
    licence = _first_line(fields, "License-Expression") or _first_line(fields, "License")
    licence = licence or _classified(fields.get_all("Classifier") or [])
    return f"{name} ({licence})" if licence else name


def _first_line(fields: metadata.PackageMetadata, name: str) -> str:
    """A field about the licence, unless somebody put a whole licence in it."""
    line = fields[name].strip() if name in fields else ""
    return line if len(line) <= _LICENCE_CHARACTERS and "\n" not in line else ""


def _classified(classifiers: list[str]) -> str:
    licences = [c.rsplit(" :: ", 1)[-1] for c in classifiers if c.startswith("License ::")]
    return licences[-1] if licences else ""
