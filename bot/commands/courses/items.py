"""`/course items`: the problems of a course with their state, page by page, for its teachers."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from bot.commands.arguments import argument
from bot.commands.courses.teaching import Taught, for_teachers, for_teachers_pressing
from bot.commands.offers import offer
from bot.services import Services
from storage import items
from storage.items import Item
from tutor.i18n import mark, say
from tutor.language import Language
from tutor.messages import Button, ReplyPart, Text
from tutor.names import name_in
from tutor.turn import Turn

PAGE = 15
SHOWN_CHARACTERS = 90
STATES = (
    ("verified", mark("verified")),
    ("unverified", mark("unverified")),
    ("retired", mark("retired")),
)
ORIGINS = {
    "import": mark("imported"),
    "generator": mark("generated"),
    "teacher": mark("by a teacher"),
    "model": mark("by a language model"),
    "learner": mark("by a learner"),
}


async def _show_items(services: Services, turn: Turn, teaching: Taught) -> AsyncIterator[ReplyPart]:
    state = argument(turn, "state") or "verified"
    async for part in _page(services, turn, teaching, state, ""):
        yield part


async def _turn_page(
    services: Services, turn: Turn, teaching: Taught, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    async for part in _page(services, turn, teaching, payload["state"], payload["after"]):
        yield part


show_items = for_teachers(_show_items)
turn_page = for_teachers_pressing(_turn_page)


async def _page(
    services: Services, turn: Turn, teaching: Taught, state: str, after: str
) -> AsyncIterator[ReplyPart]:
    course_id = teaching.course.id
    async with services.database.read() as session:
        found = await items.items_of_course(
            session, course_id, state=state, after=after, limit=PAGE + 1
        )
        counts = await items.count_items(session, course_id)
        steps = await items.steps_of(session, [one.id for one in found[:PAGE]])
    name = name_in(teaching.course.names, turn.language)
    lines = [f"**{name}** · {counted(counts, turn.language)}"]
    lines += [item_line(one, steps[one.id][0].prompt, turn.language) for one in found[:PAGE]]
    if not found:
        lines.append(say(turn.language, "No items of this kind."))
    yield Text("\n".join(lines))
    buttons = _buttons(turn.language, course_id, state, found)
    if buttons:
        yield await offer(services, turn, buttons)


def counted(counts: Mapping[str, int], language: Language) -> str:
    """How many items there are in each state."""
    return " · ".join(
        f"{counts[state]} {say(language, label)}" for state, label in STATES if counts.get(state)
    ) or say(language, "no items")


def item_line(one: Item, prompt: str, language: Language) -> str:
    """An item in one line; `prompt` is what its first step asks."""
    asked = headline(one.title or one.stem or prompt)
    return f"- {asked} · {say(language, ORIGINS[one.origin])}"


def headline(asked: str) -> str:
    """What an item asks, as far as fits in a list."""
    text = " ".join(asked.split())
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"


def _buttons(language: Language, course_id: str, state: str, found: Sequence[Item]) -> list[Button]:
    about = {"course_id": course_id}
    buttons = []
    if len(found) > PAGE:
        later = {**about, "state": state, "after": found[PAGE - 1].id}
        buttons.append(Button("course_items", say(language, "More"), later))
    if state == "unverified" and found:
        buttons.append(
            Button("item_next", say(language, "Go through them"), {**about, "after": ""})
        )
    return buttons
