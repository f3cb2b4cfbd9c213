"""`/adapter list|use|rollback`: which trained adapter answers where.

Without a pass of its report an adapter is used only with a reason, which the audit log keeps.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from bot.commands.arguments import argument, form_field
from bot.commands.courses.teaching import MOST_OFFERED, taught_courses
from bot.commands.moderation import find_learner
from bot.commands.offers import offer
from bot.commands.tuning.rights import (
    home_scope,
    is_operator,
    may_handle,
    not_yours,
    scopes_of,
    sentence,
    with_refusals,
)
from bot.commands.wording import typed
from bot.services import Services
from storage.artifacts import Artifact, artifact_by_id
from storage.courses import Course
from storage.tuning_runs import run_of_artifact
from tutor.adapters.listing import ListedAdapter, listed, named
from tutor.adapters.promoting import (
    NONE_EARLIER,
    Promoted,
    RolledBack,
    promote,
    roll_back,
    use_base,
)
from tutor.adapters.refusals import AdapterUnknown, NotPromotable
from tutor.adapters.scopes import (
    GLOBAL,
    Level,
    community_of,
    for_channel,
    for_community,
    for_course,
    for_learner,
    parse,
    scope_name,
)
from tutor.engine.contract import Capabilities, EngineError
from tutor.i18n import mark, say
from tutor.messages import Button, ReplyPart, Style, Text
from tutor.names import name_in
from tutor.turn import Turn

HERE, CHANNEL, COURSE, LEARNER, EVERYWHERE = "here", "channel", "course", "learner", "everywhere"
PLACES = (
    (HERE, mark("In this community")),
    (CHANNEL, mark("In this channel")),
    (COURSE, mark("In a course")),
    (LEARNER, mark("For one learner")),
    (EVERYWHERE, mark("Everywhere")),
)
BASE_NAMES = ("base", "none", "基础", "无")
SHOWN = 15


async def show_list(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """The adapters of this place with what is known of each."""
    capabilities = await capabilities_of(services)
    async with services.database.read() as session:
        found = await listed(session, visible(turn), capabilities)
    if not found:
        yield Text(
            say(
                turn.language,
                "There are no adapters yet. {start} trains one.",
                start=typed(turn.question.place.platform, "tune start"),
            )
        )
        return
    lines = [say(turn.language, "**Adapters**"), *(line_of(turn, one) for one in found[:SHOWN])]
    if len(found) > SHOWN:
        lines.append(say(turn.language, "and {count} more", count=len(found) - SHOWN))
    yield Text("\n".join(lines))


@with_refusals
async def use(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """Lets an adapter answer in a scope; `base` is the model as it is."""
    scope = await _scope_meant(services, turn)
    if scope is None:
        async for part in _ask_course(services, turn):
            yield part
        return
    if not _may_use_in(turn, scope):
        yield not_yours(turn)
        return
    if argument(turn, "adapter").lower() in BASE_NAMES:
        async with services.database.write() as session:
            done = await use_base(session, scope=scope, by=turn.learner.id, now=services.now())
        yield Text(_used(turn, done))
        return
    adapter = await adapter_meant(services, turn, argument(turn, "adapter"))
    async for part in _use(services, turn, adapter.id, scope):
        yield part


@with_refusals
async def press_promote(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """The adapter of a report, in the scope where it was made unless another is named."""
    scope = payload.get("scope") or await _scope_of_run(services, payload)
    if not _may_press(turn, scope, payload):
        yield not_yours(turn)
        return
    async for part in _use(services, turn, payload["artifact_id"], scope):
        yield part


@with_refusals
async def press_override(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """The same in spite of its report, with the reason that was entered."""
    scope = payload.get("scope") or await _scope_of_run(services, payload)
    if not _may_press(turn, scope, payload):
        yield not_yours(turn)
        return
    reason = form_field(turn, "reason")
    if not reason:
        yield Text(say(turn.language, "Without a reason it can't be used."))
        return
    async for part in _use(services, turn, payload["artifact_id"], scope, reason):
        yield part


@with_refusals
async def press_roll_back(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    if not _may_press(turn, payload["scope"], payload):
        yield not_yours(turn)
        return
    yield Text(await _rolled_back(services, turn, payload["scope"], payload["artifact_id"]))


@with_refusals
async def rollback(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """Goes back to what answered before, in one step."""
    scope = await _scope_meant(services, turn)
    if scope is None:
        async for part in _ask_course(services, turn):
            yield part
        return
    if not _may_use_in(turn, scope):
        yield not_yours(turn)
        return
    yield Text(await _rolled_back(services, turn, scope, None))


async def adapter_meant(services: Services, turn: Turn, written: str) -> ListedAdapter:
    """The adapter of a name or id; raises AdapterUnknown."""
    capabilities = await capabilities_of(services)
    async with services.database.read() as session:
        found = await named(session, written, visible(turn), capabilities)
    if found is None:
        raise AdapterUnknown
    return found


def visible(turn: Turn) -> list[str] | None:
    """The scopes whose adapters somebody sees: all of them as an operator."""
    return None if is_operator(turn) else scopes_of(turn)


async def capabilities_of(services: Services) -> Capabilities | None:
    """What the engine says of itself; None where it can't be asked."""
    try:
        return await services.engine.capabilities()
    except EngineError:
        return None


def line_of(turn: Turn, one: ListedAdapter) -> str:
    """An adapter in a line: how good, whether it can answer, and where it does."""
    language = turn.language
    notes = [say(language, _verdict(one))]
    if one.parked:
        notes.append(say(language, "parked: made for another model"))
    elif one.passed and not one.valid:
        notes.append(say(language, "to be evaluated again"))
    if one.withdrawn:
        notes.append(say(language, "somebody withdrew their words"))
    if one.used_by:
        places = ", ".join(_place_name(turn, scope) for scope in one.used_by)
        notes.append(say(language, "in use {places}", places=places))
    return f"- **{one.name}** {one.number} ({one.id[-6:]}): {'; '.join(notes)}"


def _verdict(one: ListedAdapter) -> str:
    if one.passed is None:
        return mark("not evaluated")
    return mark("passed its evaluation") if one.passed else mark("did not pass its evaluation")


def _place_name(turn: Turn, scope: str) -> str:
    if community_of(scope) == turn.community.id:
        match parse(scope).level:
            case Level.COMMUNITY:
                return say(turn.language, "in this community")
            case Level.LEARNER:
                return say(turn.language, "for one learner in this community")
    return scope_name(scope, turn.language)


async def _use(
    services: Services, turn: Turn, artifact_id: str, scope: str, reason: str = ""
) -> AsyncIterator[ReplyPart]:
    capabilities, now = await capabilities_of(services), services.now()
    try:
        async with services.database.write() as session:
            done = await promote(
                session,
                artifact_id=artifact_id,
                scope=scope,
                by=turn.learner.id,
                now=now,
                capabilities=capabilities,
                override_reason=reason,
            )
    except NotPromotable as error:
        if reason or not await _may_be_overridden(services, artifact_id, capabilities):
            raise
        yield Text(sentence(error.reason.said(turn.language)))
        yield await offer(services, turn, [_override_button(turn, artifact_id, scope)])
        return
    yield Text(_used(turn, done))
    label = say(turn.language, "Roll back")
    about = {"community_id": turn.community.id, "scope": scope, "artifact_id": artifact_id}
    yield await offer(services, turn, [Button("adapter_rollback", label, about, emoji="↩️")])


async def _may_be_overridden(
    services: Services, artifact_id: str, capabilities: Capabilities | None
) -> bool:
    """A reason helps against a verdict, not against another base model."""
    async with services.database.read() as session:
        artifact = await artifact_by_id(session, artifact_id)
    return artifact is not None and fits(artifact, capabilities)


def fits(artifact: Artifact, capabilities: Capabilities | None) -> bool:
    from tutor.adapters.fitness import fits_base

    return artifact.retired_at is None and fits_base(artifact.base_hash, capabilities)


def _override_button(turn: Turn, artifact_id: str, scope: str) -> Button:
    about = {"community_id": turn.community.id, "artifact_id": artifact_id, "scope": scope}
    label = say(turn.language, "Promote all the same…")
    return Button("adapter_override", label, about, Style.DANGER)


def _used(turn: Turn, done: Promoted) -> str:
    place = _place_name(turn, done.scope)
    if done.artifact is None:
        return say(turn.language, "The model as it is answers {place} now.", place=place)
    name = done.artifact.name
    if not done.changed:
        return say(turn.language, "It is “{name}” that answers {place}.", name=name, place=place)
    if done.overridden:
        return say(
            turn.language,
            "“{name}” answers {place} from now on, in spite of its report. Your reason is in the "
            "audit log.",
            name=name,
            place=place,
        )
    return say(turn.language, "“{name}” answers {place} from now on.", name=name, place=place)


async def _rolled_back(services: Services, turn: Turn, scope: str, seen: str | None) -> str:
    capabilities = await capabilities_of(services)
    async with services.database.write() as session:
        done = await roll_back(
            session,
            scope=scope,
            by=turn.learner.id,
            now=services.now(),
            capabilities=capabilities,
            seen=seen,
        )
    lines = [reason.said(turn.language) for reason in done.skipped]
    if lines and done.artifact is None:
        lines.append(say(turn.language, NONE_EARLIER))
    return "\n".join([_rolled_back_to(turn, done), *lines])


def _rolled_back_to(turn: Turn, done: RolledBack) -> str:
    place = _place_name(turn, done.scope)
    if not done.changed:
        return say(
            turn.language,
            "Nothing was changed: something else answers {place} by now.",
            place=place,
        )
    if done.artifact is not None:
        name = done.artifact.name
        return say(turn.language, "Rolled back: “{name}” answers {place}.", name=name, place=place)
    if done.inherits and done.scope != GLOBAL:
        return say(
            turn.language, "Rolled back: {place} answers what is used elsewhere.", place=place
        )
    return say(turn.language, "Rolled back: the model as it is answers {place}.", place=place)


async def _scope_of_run(services: Services, payload: Mapping[str, Any]) -> str:
    """Where the run of a report was started for."""
    async with services.database.read() as session:
        run = await run_of_artifact(session, payload["artifact_id"])
    return run.scope if run else for_community(payload["community_id"])


def _may_press(turn: Turn, scope: str, payload: Mapping[str, Any]) -> bool:
    """A scope within a community is for those who may handle what belongs to it."""
    narrow = parse(scope).level in (Level.CHANNEL, Level.COURSE, Level.LEARNER)
    return may_handle(turn, for_community(payload["community_id"]) if narrow else scope, payload)


def _may_use_in(turn: Turn, scope: str) -> bool:
    return is_operator(turn) or (scope != GLOBAL and bool(turn.community.external_id))


async def _scope_meant(services: Services, turn: Turn) -> str | None:
    """Where somebody wants it; None where a course has to be chosen first.

    Raises AdapterRefused for a learner whom nobody knows here.
    """
    where = argument(turn, "where") or (LEARNER if argument(turn, "learner") else HERE)
    match where:
        case "channel":
            return for_channel(turn.community.id, turn.question.place.channel)
        case "course":
            return await _course_scope(services, turn)
        case "learner":
            written = argument(turn, "learner")
            person = await find_learner(services, turn, written) if written else turn.learner
            if person is None:
                raise NotPromotable(mark("I know nobody by that here. Please mention the person."))
            return for_learner(person.id, turn.community.id if turn.community.external_id else "")
        case "everywhere":
            return GLOBAL
        case _:
            return home_scope(turn)


async def _courses_here(services: Services, turn: Turn) -> list[Course]:
    """Those of this community; an operator's are everywhere. A right here is none elsewhere."""
    async with services.database.read() as session:
        taught = await taught_courses(session, turn)
    here = turn.community.id
    return [one for one in taught if is_operator(turn) or one.community_id == here]


async def _course_scope(services: Services, turn: Turn) -> str | None:
    """The course that was chosen, or the only one there is."""
    taught = await _courses_here(services, turn)
    wanted = argument(turn, "course")
    among = [one for one in taught if wanted in (one.id, one.key)] if wanted else taught
    if not among:
        raise NotPromotable(mark("You look after no such course here."))
    return for_course(among[0].id) if len(among) == 1 else None


async def _ask_course(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    call = turn.question.command
    assert call is not None, turn.question.event_id
    among = await _courses_here(services, turn)
    yield Text(say(turn.language, "In which course?"))
    yield await offer(
        services,
        turn,
        [
            Button(
                "command_again",
                name_in(course.names, turn.language),
                {
                    "command": call.name,
                    "arguments": {**call.arguments, "course": course.id},
                },
                menu=say(turn.language, "Choose a course"),
            )
            for course in among[:MOST_OFFERED]
        ],
    )
