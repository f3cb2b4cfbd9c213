"""Who goes through a checklist: beginning one, giving it to somebody, and how far all are."""

import re
from collections.abc import AsyncIterator, Mapping
from typing import Any

from bot.commands.arguments import argument
from bot.commands.offers import offer
from bot.commands.onboarding.going import gone, show
from bot.commands.onboarding.rights import NOT_ADMIN, is_admin, nothing, of_here
from bot.commands.wording import typed
from bot.services import Services
from storage import checklists, learners
from storage.checklists import Checklist, ChecklistProgress
from storage.database import Session
from tutor.i18n import say
from tutor.language import Language
from tutor.messages import Button, ReplyPart, Text
from tutor.notices import tell_learner
from tutor.onboarding.tasks import loaded
from tutor.turn import Turn

MOST_BUTTONS = 5
_USER = re.compile(r"<@!?([A-Za-z0-9]+)(?:\|[^>]*)?>|@?([^\s<>@]+)")


async def start(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """Somebody begins a checklist: oneself, or whom an admin names."""
    who = argument(turn, "learner")
    if who and not is_admin(turn):
        yield Text(say(turn.language, NOT_ADMIN))
        return
    async with services.database.read() as session:
        among = await checklists.checklists_of(session, turn.community.id)
    wanted = argument(turn, "list").casefold()
    named = [one for one in among if wanted in (one.id, one.title.casefold())] if wanted else among
    if not among:
        yield Text(nothing(turn))
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
    if payload["who"] and not is_admin(turn):
        yield Text(say(turn.language, NOT_ADMIN))
        return
    checklist = await of_here(services, turn, payload["checklist_id"])
    if checklist is None:
        yield Text(gone(turn))
        return
    async for part in _begin(services, turn, checklist, payload["who"]):
        yield part


async def progress(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """How far everybody is with each checklist of the community."""
    if not is_admin(turn):
        yield Text(say(turn.language, NOT_ADMIN))
        return
    async with services.database.read() as session:
        among = await checklists.checklists_of(session, turn.community.id)
        paragraphs = [await _standing(session, turn, one) for one in among]
    yield Text("\n\n".join(paragraphs) or nothing(turn))
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
    checklist = await of_here(services, turn, payload["checklist_id"])
    if checklist is None or not is_admin(turn):
        yield Text(gone(turn) if is_admin(turn) else say(turn.language, NOT_ADMIN))
        return
    day = services.now().date().isoformat()
    async with services.database.write() as session:
        everybody = await checklists.progress_of_all(session, checklist.id)
        waiting = [one.learner_id for one in everybody if one.finished_at is None]
        for learner_id in waiting:
            key = f"onboard:{checklist.id}:{learner_id}:{day}"
            await _tell(session, services, turn, checklist, learner_id, key)
    yield Text(say(turn.language, "Reminded: {count}", count=len(waiting)))


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


def _which(turn: Turn, among: list[Checklist], who: str) -> list[Button]:
    menu = say(turn.language, "Choose a checklist")
    return [
        Button("onboard_begin", one.title, {"checklist_id": one.id, "who": who}, menu=menu)
        for one in among
    ]
