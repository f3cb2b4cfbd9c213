"""What admins do with checklists: make, change and give them, and see how far people are."""

import re
from collections.abc import AsyncIterator, Mapping
from typing import Any

from bot.commands.arguments import argument, form_field
from bot.commands.offers import offer
from bot.commands.onboarding.going import gone, show
from bot.commands.permissions import has_role
from bot.commands.wording import typed
from bot.services import Services
from storage import checklists, learners, materials
from storage.checklists import Checklist, ChecklistProgress
from storage.database import Session
from storage.materials import MaterialScope
from tutor.i18n import mark, say
from tutor.language import Language
from tutor.messages import Button, ReplyPart, Role, Style, Text
from tutor.notices import tell_learner
from tutor.onboarding.tasks import as_written, loaded, stored, tasks_in
from tutor.turn import Turn

LONGEST_TITLE = 80
MOST_BUTTONS = 5
_USER = re.compile(r"<@!?([A-Za-z0-9]+)(?:\|[^>]*)?>|@?([^\s<>@]+)")
NOT_ADMIN = mark("Only the people who look after this community may do that.")


async def overview(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """One's own checklists; for admins also those of the community."""
    async with services.database.read() as session:
        mine = await checklists.checklists_for(session, turn.learner.id)
        progress = [
            await checklists.checklist_progress(session, one.id, turn.learner.id) for one in mine
        ]
        offered = (
            await checklists.checklists_of(session, turn.community.id) if _is_admin(turn) else []
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
        yield Text(_nothing(turn))


async def create(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """A button that opens the form for a new checklist."""
    if not _is_admin(turn):
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
    if not _is_admin(turn):
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


async def start(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """Somebody begins a checklist: oneself, or whom an admin names."""
    who = argument(turn, "learner")
    if who and not _is_admin(turn):
        yield Text(say(turn.language, NOT_ADMIN))
        return
    async with services.database.read() as session:
        among = await checklists.checklists_of(session, turn.community.id)
    wanted = argument(turn, "list").casefold()
    named = [one for one in among if wanted in (one.id, one.title.casefold())] if wanted else among
    if not among:
        yield Text(_nothing(turn))
    elif len(named) == 1:
        async for part in _begin(services, turn, named[0], who):
            yield part
    else:
        yield Text(say(turn.language, "Which checklist?"))
        yield await offer(services, turn, _which(turn, among, who))


async def begin(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """The same with a button; a person is named by admins only."""
    if payload["who"] and not _is_admin(turn):
        yield Text(say(turn.language, NOT_ADMIN))
        return
    checklist = await _of_here(services, turn, payload["checklist_id"])
    if checklist is None:
        yield Text(gone(turn))
        return
    async for part in _begin(services, turn, checklist, payload["who"]):
        yield part


async def progress(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """How far everybody is with each checklist of the community."""
    if not _is_admin(turn):
        yield Text(say(turn.language, NOT_ADMIN))
        return
    async with services.database.read() as session:
        among = await checklists.checklists_of(session, turn.community.id)
        paragraphs = [await _standing(session, turn, one) for one in among]
    yield Text("\n\n".join(paragraphs) or _nothing(turn))
    buttons = [
        Button(
            "onboard_remind",
            say(turn.language, "Remind: {title}", title=one.title[:40]),
            {"checklist_id": one.id},
            emoji="🔔",
        )
        for one in among[:MOST_BUTTONS]
    ]
    if buttons:
        yield await offer(services, turn, buttons)


async def remind(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """A message to everybody who has not finished; once a day at most."""
    checklist = await _of_here(services, turn, payload["checklist_id"])
    if checklist is None or not _is_admin(turn):
        yield Text(gone(turn) if _is_admin(turn) else say(turn.language, NOT_ADMIN))
        return
    day = services.now().date().isoformat()
    async with services.database.write() as session:
        everybody = await checklists.progress_of_all(session, checklist.id)
        waiting = [one.learner_id for one in everybody if one.finished_at is None]
        for learner_id in waiting:
            key = f"onboard:{checklist.id}:{learner_id}:{day}"
            await _tell(session, services, turn, checklist, learner_id, key)
    yield Text(say(turn.language, "Reminded: {count}", count=len(waiting)))


async def retire(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    checklist = await _of_here(services, turn, payload["checklist_id"])
    if checklist is None or not _is_admin(turn):
        yield Text(gone(turn) if _is_admin(turn) else say(turn.language, NOT_ADMIN))
        return
    async with services.database.write() as session:
        await checklists.retire_checklist(session, checklist.id, services.now())
    yield Text(say(turn.language, "Removed: **{title}**", title=checklist.title))


async def _begin(
    services: Services, turn: Turn, checklist: Checklist, who: str
) -> AsyncIterator[ReplyPart]:
    async with services.database.write() as session:
        learner_id = await _person(session, services, turn, who) if who else turn.learner.id
        if learner_id is not None:
            await checklists.start_checklist(session, checklist.id, learner_id, services.now())
            own = await checklists.checklist_progress(session, checklist.id, learner_id)
        if learner_id is not None and who:
            key = f"onboard:{checklist.id}:{learner_id}:start"
            await _tell(session, services, turn, checklist, learner_id, key)
    if learner_id is None:
        yield Text(say(turn.language, "I know nobody by that. Please mention the person."))
    elif who:
        yield Text(
            say(
                turn.language,
                "{who} has the checklist **{title}** now, and I have told them.",
                who=who,
                title=checklist.title,
            )
        )
    else:
        assert own is not None, checklist.id
        async for part in show(services, turn, checklist, own):
            yield part


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


async def _of_here(services: Services, turn: Turn, checklist_id: str) -> Checklist | None:
    """A checklist of this community."""
    async with services.database.read() as session:
        found = await checklists.checklist_by_id(session, checklist_id)
    return found if found and found.community_id == turn.community.id else None


async def _person(session: Session, services: Services, turn: Turn, written: str) -> str | None:
    """The learner behind a mention, who may never have written to the tutor yet."""
    match = _USER.fullmatch(written.strip())
    if match is None:
        return None
    author = turn.question.author
    user_id = match[1] or match[2]
    identity = await learners.find_identity(session, author.platform, author.workspace, user_id)
    if identity is not None or match[1] is None:
        return identity.learner_id if identity else None
    made = await learners.recognise(
        session,
        platform=author.platform,
        workspace=author.workspace,
        user_id=user_id,
        display_name=user_id,
        locale=None,
        now=services.now(),
    )
    return made.id


async def _tell(
    session: Session,
    services: Services,
    turn: Turn,
    checklist: Checklist,
    learner_id: str,
    key: str,
) -> None:
    """Sends somebody to their checklist, in their own language."""
    learner = await learners.learner_by_id(session, learner_id)
    setting = Language(learner.language) if learner and learner.language else None
    language = setting or turn.language
    text = say(
        language,
        "The checklist **{title}** waits for you: {onboard} shows it, and only you and the people "
        "who look after the community see how far you are.",
        title=checklist.title,
        onboard=typed(turn.question.place.platform, "onboard list"),
    )
    known = await learners.identities(session, learner_id)
    await tell_learner(session, known, text, now=services.now(), key=key)


async def _standing(session: Session, turn: Turn, checklist: Checklist) -> str:
    """A checklist with everybody who goes through it."""
    lines = [f"**{checklist.title}**"]
    for one in await checklists.progress_of_all(session, checklist.id):
        learner = await learners.learner_by_id(session, one.learner_id)
        name = learner.display_name if learner else one.learner_id
        lines.append(f"- {name}: {_how_far(turn, checklist, one)}")
    if len(lines) == 1:
        lines.append(say(turn.language, "Nobody has begun yet."))
    return "\n".join(lines)


def _how_far(turn: Turn, checklist: Checklist, own: ChecklistProgress) -> str:
    tasks = loaded(checklist.tasks)
    left = [task.text for task in tasks if task.key not in own.done]
    if not left:
        return say(turn.language, "all done ✅")
    return say(
        turn.language,
        "{done} of {count}, next: {task}",
        done=len(tasks) - len(left),
        count=len(tasks),
        task=left[0],
    )


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


def _which(turn: Turn, among: list[Checklist], who: str) -> list[Button]:
    menu = say(turn.language, "Choose a checklist")
    return [
        Button("onboard_begin", one.title, {"checklist_id": one.id, "who": who}, menu=menu)
        for one in among
    ]


def _nothing(turn: Turn) -> str:
    return say(
        turn.language,
        "There is no checklist yet. Whoever looks after this community makes one with {create}.",
        create=typed(turn.question.place.platform, "onboard create"),
    )


def _is_admin(turn: Turn) -> bool:
    return has_role(turn.question.roles, Role.ADMIN)
