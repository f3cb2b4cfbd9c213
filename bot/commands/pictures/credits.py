"""`/credits`: whose pictures, words and texts Daoshi learnt from or ships, under which licences.

Taken from the cards of what is installed here, so that it says what is true of this installation.
"""

import json
from collections.abc import AsyncIterator, Iterable

from bot.commands.about import WORD_SOURCES
from bot.services import Services
from tutor.adapters.shipped import SHIPPED as ADAPTERS
from tutor.i18n import say
from tutor.images.atlas import Atlas
from tutor.images.card import GeneratorCard, Source
from tutor.language import Language
from tutor.messages import ReplyPart, Text
from tutor.turn import Turn


async def show_credits(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """Pictures first, then words and the tutoring adapter."""
    language = turn.language
    paragraphs = [say(language, "**Whose work Daoshi learnt from**")]
    paragraphs += _pictures(await services.picturing.atlases.of(turn), language)
    paragraphs += [say(language, "**Words:** {sources}", sources="; ".join(WORD_SOURCES))]
    paragraphs += [
        say(language, "**Tutoring adapter {name}:** {sources}", name=name, sources=sources)
        for name, sources in shipped_adapters()
    ]
    yield Text("\n\n".join(paragraphs))


def shipped_adapters() -> Iterable[tuple[str, str]]:
    """Each adapter that ships with whom it learnt from."""
    for file in sorted(ADAPTERS.glob("*/card.json")):
        card = json.loads(file.read_text(encoding="utf-8"))
        yield card["name"], "; ".join([*card.get("attribution", ()), card["licence"]])


def _pictures(atlas: Atlas | None, language: Language) -> list[str]:
    if atlas is None:
        return [say(language, "There is no picture generator in this installation.")]
    return [_generator(card, language) for card in atlas.generators]


def _generator(card: GeneratorCard, language: Language) -> str:
    title = say(
        language,
        "**Picture generator {name}** ({licence}), trained on:",
        name=card.name,
        licence=card.licence,
    )
    return "\n".join([title, *(f"- {_source(one)}" for one in card.sources)])


def _source(source: Source) -> str:
    named = " ".join(filter(None, (source.name, source.version)))
    return ", ".join(filter(None, (named, source.attribution, source.licence, _url(source))))


def _url(source: Source) -> str:
    """Between angle brackets no platform shows a preview of it."""
    return f"<{source.url}>" if source.url else ""
