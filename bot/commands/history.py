"""A learner's latest questions, from every place and platform, for their eyes only."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from bot.commands.offers import offer
from bot.services import Services
from storage import conversations
from storage.conversations import StoredTurn
from tutor.i18n import say
from tutor.messages import Button, ReplyPart, Text
from tutor.turn import Turn

PAGE = 10
LARGEST_PAGE = 20
_SHOWN_CHARACTERS = 90


async def show_history(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """The option `count` questions, newest first, with a button for those before."""
    call = turn.question.command
    wanted = call.arguments.get("count", "") if call else ""
    count = min(max(int(wanted or PAGE), 1), LARGEST_PAGE)
    async for part in _page(services, turn, count, None):
        yield part


async def older_history(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """The page before the one that carried the button."""
    async for part in _page(services, turn, payload["count"], payload["before"]):
        yield part


async def latest_questions(
    services: Services, learner_id: str, count: int, before: str | None = None
) -> tuple[list[StoredTurn], bool]:
    """What a learner asked, newest first, and whether there is more before that."""
    found: list[StoredTurn] = []
    async with services.database.read() as session:
        while len(found) <= count:
            turns = await conversations.learner_history(session, learner_id, 2 * count, before)
            found += [t for t in turns if t.role == "user" and t.learner_id == learner_id]
            if len(turns) < 2 * count:
                break
            before = turns[-1].id
    return found[:count], len(found) > count


def question_line(stored: StoredTurn) -> str:
    """One question as one line of a list."""
    text = " ".join(stored.text.split())
    if len(text) > _SHOWN_CHARACTERS:
        text = text[: _SHOWN_CHARACTERS - 1] + "…"
    return f"- {stored.created_at:%Y-%m-%d %H:%M} · {text}"


async def _page(
    services: Services, turn: Turn, count: int, before: str | None
) -> AsyncIterator[ReplyPart]:
    questions, more = await latest_questions(services, turn.learner.id, count, before)
    if not questions:
        yield Text(say(turn.language, "There are no questions of yours here yet."))
        return
    title = say(turn.language, "**Your latest questions** (times in UTC)")
    yield Text("\n".join([title, *map(question_line, questions)]))
    if more:
        payload = {"count": count, "before": questions[-1].id}
        button = Button("history_page", say(turn.language, "Earlier"), payload, emoji="⬅️")
        yield await offer(services, turn, [button])
