"""`/course materials`: the documents of a course or channel, their state, and taking them out."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.commands.courses.shelves import NOT_YOURS, Shelf, for_keepers, shelf_of
from bot.commands.offers import offer
from bot.commands.wording import typed
from bot.services import Services
from storage.materials import Material, MaterialState, material, materials_in
from tutor.i18n import say, say_count
from tutor.knowledge.attachments import Problem
from tutor.knowledge.filing import read_material, take_out
from tutor.knowledge.material import explain_unread
from tutor.language import Language
from tutor.messages import Button, ReplyPart, Style, Text
from tutor.turn import Turn

MOST_BUTTONS = 25  # what a select menu holds
SHOWN_NAME = 60
STUCK_AFTER = timedelta(hours=1)


async def _show(services: Services, turn: Turn, shelf: Shelf) -> AsyncIterator[ReplyPart]:
    async with services.database.read() as session:
        kept = await materials_in(session, shelf.scope)
    title = f"**{shelf.name(turn.language)}**"
    if not kept:
        yield Text(
            say(
                turn.language,
                "{place}: no documents yet. {upload} brings one in.",
                place=title,
                upload=typed(turn.question.place.platform, "course upload"),
            )
        )
        return
    yield Text("\n".join([title, *(_line(one, turn.language) for one in kept)]))
    yield await offer(services, turn, _buttons(kept, turn.language, services.now()))


show = for_keepers(_show)


async def ask_to_remove(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """Makes sure that it is meant."""
    kept = await _own(services, turn, payload["material_id"])
    if kept is None:
        yield Text(say(turn.language, NOT_YOURS))
        return
    yield Text(
        say(
            turn.language,
            "Remove “{name}”? No answer comes from it any more, and the file is deleted.",
            name=kept.name,
        )
    )
    label = say(turn.language, "Remove it")
    yield await offer(
        services,
        turn,
        [Button("material_remove", label, dict(payload), Style.DANGER, once=True)],
    )


async def remove(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """Takes a document out for good."""
    kept = await _own(services, turn, payload["material_id"])
    if kept is None:
        yield Text(say(turn.language, NOT_YOURS))
        return
    async with services.database.write() as session:
        await take_out(session, kept, services.now())
    yield Text(say(turn.language, "“{name}” is removed.", name=kept.name))


async def read_again(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """Has a document read whose reading never ended."""
    kept = await _own(services, turn, payload["material_id"])
    if kept is None:
        yield Text(say(turn.language, NOT_YOURS))
        return
    async with services.database.write() as session:
        await read_material(session, kept, services.now())
    yield Text(say(turn.language, "I'm reading “{name}” once more.", name=kept.name))


async def _own(services: Services, turn: Turn, material_id: str) -> Material | None:
    """The document, if it is still there and the one who asks looks after it."""
    async with services.database.read() as session:
        kept = await material(session, material_id)
        if kept is None or kept.removed_at is not None:
            return None
        return kept if await shelf_of(session, turn, kept) else None


def _line(kept: Material, language: Language) -> str:
    match kept.state:
        case MaterialState.READY:
            state = say_count(language, "{count} page", "{count} pages", kept.pages)
        case MaterialState.FAILED:
            problem = Problem(kept.error)
            state = "⚠️ " + explain_unread(problem, kept.name, language)
        case _:
            state = say(language, "being read")
    return f"- {_short(kept.name)} · {state}"


def _buttons(kept: Sequence[Material], language: Language, now: datetime) -> list[Button]:
    stuck = [
        Button(
            "material_again",
            say(language, "Read “{name}” again", name=_short(one.name)),
            {"material_id": one.id},
            once=True,
        )
        for one in kept
        if one.state == MaterialState.QUEUED and one.uploaded_at < now - STUCK_AFTER
    ]
    removals = [
        Button(
            "material_ask",
            _short(one.name),
            {"material_id": one.id},
            menu=say(language, "Remove a document"),
        )
        for one in kept[:MOST_BUTTONS]
    ]
    return [*stuck[:1], *removals]


def _short(name: str) -> str:
    line = " ".join(name.split())
    return line if len(line) <= SHOWN_NAME else line[: SHOWN_NAME - 1] + "…"
