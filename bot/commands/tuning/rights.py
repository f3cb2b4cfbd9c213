"""Whose data sets, trainings and adapters somebody may handle.

Who looks after a community handles what is made there; operators, whatever is for everybody. What a
button does takes the same right as the command, whenever and wherever it is pressed.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from functools import wraps
from typing import Any

from bot.commands.command import Handler
from bot.commands.permissions import has_role
from bot.commands.wording import typed
from bot.services import Services
from storage.communities import community_by_id
from storage.courses import course_by_id
from tutor.adapters.refusals import AdapterRefused
from tutor.adapters.scopes import GLOBAL, Level, for_community, parse
from tutor.i18n import say
from tutor.messages import ReplyPart, Role, Text
from tutor.tuning.evaluations import REOPENED
from tutor.tuning.runs import RunRefused
from tutor.turn import Turn

ActionHandler = Callable[[Services, Turn, Mapping[str, Any]], AsyncIterator[ReplyPart]]


def home_scope(turn: Turn) -> str:
    """Where what somebody makes here belongs: to the community, or to all of this Daoshi where an
    operator writes to it directly."""
    return for_community(turn.community.id) if turn.community.external_id else GLOBAL


def scopes_of(turn: Turn) -> list[str]:
    """What somebody may see and use here."""
    return list(dict.fromkeys((home_scope(turn), *([GLOBAL] if is_operator(turn) else []))))


def is_operator(turn: Turn) -> bool:
    return has_role(turn.question.roles, Role.OPERATOR)


async def looks_after(services: Services, turn: Turn, community_id: str) -> bool:
    """Whether somebody has the rights of an admin in a community, by what their platform says now.

    A direct message tells their rights in the workspace that they belong to; where there is none,
    nobody but an operator has any.
    """
    if is_operator(turn):
        return True
    if not has_role(turn.question.roles, Role.ADMIN):
        return False
    if turn.community.external_id:
        return community_id == turn.community.id
    async with services.database.read() as session:
        community = await community_by_id(session, community_id)
    author = turn.question.author
    return (
        community is not None
        and bool(author.workspace)
        and (community.platform, community.external_id) == (author.platform, author.workspace)
    )


async def may_handle(services: Services, turn: Turn, scope: str) -> bool:
    """Whether somebody may change what belongs to a scope."""
    if is_operator(turn):
        return True
    community_id = await community_around(services, scope)
    return community_id is not None and await looks_after(services, turn, community_id)


async def community_around(services: Services, scope: str) -> str | None:
    """The community that a scope lies in; None for one that lies in none."""
    where = parse(scope)
    if where.level is not Level.COURSE:
        return where.community or None
    async with services.database.read() as session:
        course = await course_by_id(session, where.id)
    return course.community_id if course else None


def not_yours(turn: Turn) -> Text:
    if turn.question.place.community:
        return Text(say(turn.language, "Only the operators of Daoshi may do that."))
    platform = turn.question.place.platform
    return Text(
        say(
            turn.language,
            "A direct message does not tell me what you may do in a community. Please do that in "
            "the community itself; {status} and {report} have the same buttons.",
            status=typed(platform, "tune status"),
            report=typed(platform, "tune report"),
        )
    )


def given_here(handle: Handler) -> Handler:
    """A command about the community where it is given; in a direct message it is for operators,
    and about all of this Daoshi."""

    @wraps(handle)
    async def run(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
        if not (turn.community.external_id or is_operator(turn)):
            yield not_yours(turn)
            return
        async for part in handle(services, turn):
            yield part

    return run


def pressed_with_right(handle: ActionHandler) -> ActionHandler:
    """A press about a community counts only for those who look after it when they press."""

    @wraps(handle)
    async def run(
        services: Services, turn: Turn, payload: Mapping[str, Any]
    ) -> AsyncIterator[ReplyPart]:
        if not await looks_after(services, turn, payload.get("community_id", turn.community.id)):
            yield not_yours(turn)
            return
        async for part in handle(services, turn, payload):
            yield part

    return run


Handle = Callable[..., AsyncIterator[ReplyPart]]


def with_refusals(handle: Handle) -> Handle:
    """What the use cases refuse is said in the reader's language."""

    @wraps(handle)
    async def run(*arguments: Any) -> AsyncIterator[ReplyPart]:
        turn: Turn = arguments[1]
        try:
            async for part in handle(*arguments):
                yield part
        except (RunRefused, AdapterRefused) as error:
            yield Text(refusal(turn, error))

    return run


def refusal(turn: Turn, error: RunRefused | AdapterRefused) -> str:
    """Why something is refused, and the command that helps where one does."""
    said = sentence(error.reason.said(turn.language))
    if error.reason.message not in REOPENED:
        return said
    command = typed(turn.question.place.platform, "adapter evaluate")
    return f"{said} " + say(turn.language, "{command} does that.", command=command)


def sentence(text: str) -> str:
    """A reason that can stand alone: with a capital letter."""
    return text[:1].upper() + text[1:]
