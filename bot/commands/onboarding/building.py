"""What admins do with checklists: make them, change them, take them back."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from bot.commands.arguments import argument, form_field
from bot.commands.offers import offer
from bot.commands.onboarding.going import gone, show
from bot.commands.onboarding.rights import NOT_ADMIN, is_admin, nothing, of_here
from bot.services import Services
from storage import checklists, materials
from storage.checklists import Checklist
from storage.database import Session
from storage.materials import MaterialScope
from tutor.i18n import say
from tutor.messages import Button, ReplyPart, Style, Text
from tutor.onboarding.tasks import as_written, loaded, stored, tasks_in
from tutor.turn import Turn

LONGEST_TITLE = 80
MOST_BUTTONS = 5


async def overview(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """One's own checklists; for admins also those of the community."""
    async with services.database.read() as session:
        mine = await checklists.checklists_for(session, turn.learner.id)
        progress = [
            await checklists.checklist_progress(session, one.id, turn.learner.id) for one in mine
        ]
        offered = (
            await checklists.checklists_of(session, turn.community.id) if is_admin(turn) else []
        )
    for one, own in zip(mine, progress, strict=True):
        assert own is not None, one.id
        async for part in show(services, turn, one, own):
            yield part
    if offered:
        lines = [f"- {one.title}" for one in offered]
        yield Text("\n\n".join([say(turn.language, "**Checklists here**"), "\n".join(lines)]))
        buttons = [button for one in offered[:MOST_BUTTONS] for button in _edit_buttons(turn, one)]
        yield await offer(services, turn, buttons)
    if not mine and not offered:
        yield Text(nothing(turn))


async def create(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """A button that opens the form for a new checklist."""
    if not is_admin(turn):
        yield Text(say(turn.language, NOT_ADMIN))
        return
    title = argument(turn, "title")[:LONGEST_TITLE]
    documents = await _documents(services, turn)
    yield Text(
        say(
            turn.language,
            "Write one task a line. A task can name where to read more, in brackets: "
            "Read how holidays work [handbook.pdf p. 12].",
        )
    )
    if documents:
        names = ", ".join(documents)
        yield Text("\n\n" + say(turn.language, "Documents of this channel: {names}", names=names))
    button = Button("onboard_save", say(turn.language, "Write the checklist"), {"title": title})
    yield await offer(services, turn, [button])


async def save(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """What was submitted, as a new checklist or in place of an old one."""
    if not is_admin(turn):
        yield Text(say(turn.language, NOT_ADMIN))
        return
    title = form_field(turn, "title")[:LONGEST_TITLE]
    written = tasks_in(form_field(turn, "tasks"), await _documents(services, turn, payload))
    if not title or not written.tasks:
        yield Text(say(turn.language, "A checklist needs a title and at least one task."))
        return
    async with services.database.write() as session:
        checklist = await _stored(session, services, turn, payload, title, stored(written.tasks))
    if checklist is None:
        yield Text(gone(turn))
        return
    lines = [f"{number}. {line}" for number, line in enumerate(_lines(turn, checklist), 1)]
    yield Text("\n".join([say(turn.language, "Saved: **{title}**", title=title), "", *lines]))
    if written.missing:
        yield Text(
            "\n\n"
            + say(
                turn.language,
                "I know no such document in this channel, so nothing is cited there: {names}",
                names=", ".join(written.missing),
            )
        )
    yield await offer(services, turn, _edit_buttons(turn, checklist))


async def retire(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    checklist = await of_here(services, turn, payload["checklist_id"])
    if checklist is None or not is_admin(turn):
        yield Text(gone(turn) if is_admin(turn) else say(turn.language, NOT_ADMIN))
        return
    async with services.database.write() as session:
        await checklists.retire_checklist(session, checklist.id, services.now())
    yield Text(say(turn.language, "Removed: **{title}**", title=checklist.title))


async def _stored(
    session: Session,
    services: Services,
    turn: Turn,
    payload: Mapping[str, Any],
    title: str,
    tasks: list[dict[str, Any]],
) -> Checklist | None:
    """The checklist as it is now; None where the one to change is no longer there."""
    changed = payload.get("checklist_id")
    if changed is None:
        return await checklists.add_checklist(
            session, turn.community.id, title, tasks, by=turn.learner.id, now=services.now()
        )
    old = await checklists.checklist_by_id(session, changed)
    if old is None or old.community_id != turn.community.id:
        return None
    await checklists.change_checklist(session, changed, title, tasks)
    return await checklists.checklist_by_id(session, changed)


async def _documents(
    services: Services, turn: Turn, payload: Mapping[str, Any] | None = None
) -> dict[str, str]:
    """The ids of what can be cited here, by name: the channel's documents, and those cited."""
    place = turn.question.place
    scope = MaterialScope((), turn.community.id, place.channel if place.community else "")
    async with services.database.read() as session:
        known = await materials.ready_materials(session, scope)
    return {**(payload or {}).get("documents", {}), **{name: id_ for id_, name in known.items()}}


def _lines(turn: Turn, checklist: Checklist) -> list[str]:
    return as_written(loaded(checklist.tasks), turn.language).splitlines()


def _edit_buttons(turn: Turn, checklist: Checklist) -> list[Button]:
    tasks = loaded(checklist.tasks)
    about = {"checklist_id": checklist.id}
    written = {
        "title": checklist.title,
        "tasks": as_written(tasks, turn.language),
        "documents": {task.document: task.material_id for task in tasks if task.material_id},
    }
    title = checklist.title[:40]
    return [
        Button(
            "onboard_begin",
            say(turn.language, "Begin: {title}", title=title),
            {**about, "who": ""},
            Style.PRIMARY,
        ),
        Button(
            "onboard_save", say(turn.language, "Change: {title}", title=title), {**about, **written}
        ),
        Button(
            "onboard_retire",
            say(turn.language, "Remove: {title}", title=title),
            about,
            Style.DANGER,
            once=True,
        ),
    ]
