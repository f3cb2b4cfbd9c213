"""Commands that hand a text to the tutor: ask, explain, translate, rewrite, summarise."""

from collections.abc import AsyncIterator
from dataclasses import replace

from bot.services import Services
from tutor.language import Language, detect
from tutor.messages import ReplyPart
from tutor.turn import Turn


async def ask(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """Answers the option `question` as if it had been written."""
    question = replace(turn.question, text=_argument(turn, "question"))
    async for part in services.tutor.reply(replace(turn, question=question, questions=())):
        yield part


async def explain(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    async for part in services.tutor.explain(turn, _argument(turn, "text")):
        yield part


async def translate(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    text = _argument(turn, "text")
    language = target_language(_argument(turn, "language"), text, turn.language)
    async for part in services.tutor.translate(turn, text, language):
        yield part


async def rewrite(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    kind = _argument(turn, "kind") or "clearer"
    async for part in services.tutor.rewrite(turn, kind, _argument(turn, "text")):
        yield part


async def summarise(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    async for part in services.tutor.summarise(turn, _argument(turn, "text")):
        yield part


def target_language(wanted: str, text: str, own: Language) -> Language:
    """The language asked for, else the person's own, else the other if the text is in their own."""
    if wanted:
        return Language(wanted)
    if detect(text) is not own:
        return own
    return next(language for language in Language if language is not own)


def _argument(turn: Turn, name: str) -> str:
    call = turn.question.command
    return call.arguments.get(name, "") if call else ""
