"""Commands that hand a text to the tutor: ask, explain, rewrite, summarise."""

from collections.abc import AsyncIterator
from dataclasses import replace

from bot.services import Services
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


async def rewrite(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    kind = _argument(turn, "kind") or "clearer"
    async for part in services.tutor.rewrite(turn, kind, _argument(turn, "text")):
        yield part


async def summarise(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    async for part in services.tutor.summarise(turn, _argument(turn, "text")):
        yield part


def _argument(turn: Turn, name: str) -> str:
    call = turn.question.command
    return call.arguments.get(name, "") if call else ""
