"""`/course approve`: unverified items one by one: approve, correct the key, or retire."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from bot.commands.arguments import form_field
from bot.commands.courses.teaching import Taught, for_teachers, for_teachers_pressing
from bot.commands.forms import MOST_FIELDS
from bot.commands.offers import offer
from bot.services import Services
from storage import items
from tutor.bank.item import ItemState, StoredItem
from tutor.bank.store import load_item, set_item_state
from tutor.classes.regrading import correct_key
from tutor.i18n import mark, say, say_count
from tutor.language import Language
from tutor.messages import Button, ReplyPart, Style, Text
from tutor.turn import Turn

SEPARATOR = "|"
"""Between the accepted forms of an answer, as they are shown and typed."""
LONGEST_TEXT = 1200

_DONE = {
    ItemState.VERIFIED: mark("Approved: learners get it from now on."),
    ItemState.RETIRED: mark("Retired: nobody gets it any more."),
}


async def _begin(services: Services, turn: Turn, teaching: Taught) -> AsyncIterator[ReplyPart]:
    async for part in _next(services, turn, teaching, {"after": ""}):
        yield part


async def _next(
    services: Services, turn: Turn, teaching: Taught, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """The first unverified item behind the last one that was seen."""
    course_id = teaching.course.id
    async with services.database.read() as session:
        found = await items.unverified_items(session, course_id, after=payload["after"], limit=1)
        item = await load_item(session, found[0].id) if found else None
        left = (await items.count_items(session, course_id)).get("unverified", 0)
    if item is None:
        done = mark("Nothing waits for approval in this course.")
        yield Text(say(turn.language, mark("That was the last one.") if payload["after"] else done))
        return
    yield Text(
        say_count(turn.language, "{count} item waits.", "{count} items wait.", left)
        + "\n\n"
        + described(item, turn.language)
    )
    yield await offer(services, turn, _decisions(item, course_id, turn.language))


async def _decide(
    services: Services, turn: Turn, teaching: Taught, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """Approves or retires, and shows the next one."""
    state = ItemState(payload["state"])
    if not await _belongs(services, payload["item_id"], teaching):
        yield Text(say(turn.language, "That item is no longer in this course."))
        return
    async with services.database.write() as session:
        await set_item_state(
            session,
            payload["item_id"],
            state,
            by=turn.learner.id,
            reason="looked at by a teacher",
            now=services.now(),
        )
    yield Text(say(turn.language, _DONE[state]) + "\n\n")
    async for part in _next(services, turn, teaching, {"after": payload["item_id"]}):
        yield part


async def _correct(
    services: Services, turn: Turn, teaching: Taught, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """The submitted key: stored, every answer regraded, and the item approved."""
    if not await _belongs(services, payload["item_id"], teaching):
        yield Text(say(turn.language, "That item is no longer in this course."))
        return
    regraded = 0
    for step, old in enumerate(payload["answers"][:MOST_FIELDS]):
        answers = split_answers(form_field(turn, f"step{step}"))
        if answers and answers != list(old):
            correction = await correct_key(
                services.database,
                services.grader,
                payload["item_id"],
                step,
                answers,
                by=turn.learner.id,
                reason="corrected by a teacher",
                now=services.now(),
            )
            regraded += len(correction.changed)
    if regraded:
        yield Text(
            say_count(
                turn.language,
                "{count} answer has another grade now; its learner is told.",
                "{count} answers have another grade now; their learners are told.",
                regraded,
            )
            + "\n\n"
        )
    verified = {**payload, "state": ItemState.VERIFIED.value}
    async for part in _decide(services, turn, teaching, verified):
        yield part


approve = for_teachers(_begin)
next_item = for_teachers_pressing(_next)
decide = for_teachers_pressing(_decide)
correct = for_teachers_pressing(_correct)


async def _belongs(services: Services, item_id: str, teaching: Taught) -> bool:
    async with services.database.read() as session:
        row = await items.item_by_id(session, item_id)
    return row is not None and row.course_id == teaching.course.id


def described(item: StoredItem, language: Language) -> str:
    """An item as a teacher has to see it: question, steps, keys, and how much help there is."""
    lines = [item.item.stem[:LONGEST_TEXT]] if item.item.stem else []
    for number, step in enumerate(item.item.steps, 1):
        key = f" {SEPARATOR} ".join(step.answer.answers) or "–"
        lines.append(f"**{number}.** {step.prompt[:LONGEST_TEXT]}")
        if step.answer.choices:
            lines.append(
                say(language, "Choices: {choices}", choices=", ".join(step.answer.choices))
            )
        lines.append(say(language, "Key: `{key}`", key=key))
        lines.append(say_count(language, "{count} hint", "{count} hints", len(step.hints)))
    source = " · ".join(filter(None, (item.item.source, item.item.licence)))
    return "\n".join([*lines, *([f"_{source}_"] if source else [])])


def key_button(item: StoredItem, action: str, payload: Mapping[str, Any], label: str) -> Button:
    """A button that opens the form with the keys of an item's steps."""
    answers = [list(step.answer.answers) for step in item.item.steps]
    return Button(action, label, {**payload, "item_id": item.id, "answers": answers})


def split_answers(typed: str) -> list[str]:
    """The accepted forms as they were typed into one field."""
    return [part.strip() for part in typed.split(SEPARATOR) if part.strip()]


def _decisions(item: StoredItem, course_id: str, language: Language) -> Sequence[Button]:
    about = {"course_id": course_id, "item_id": item.id}
    verified, retired = ItemState.VERIFIED.value, ItemState.RETIRED.value
    return [
        Button(
            "item_decide",
            say(language, "Approve"),
            {**about, "state": verified},
            Style.PRIMARY,
            emoji="✅",
            closes=True,
        ),
        key_button(item, "item_correct", about, say(language, "Correct the key")),
        Button(
            "item_decide",
            say(language, "Retire"),
            {**about, "state": retired},
            Style.DANGER,
            closes=True,
        ),
        Button("item_next", say(language, "Later"), {**about, "after": item.id}),
    ]
