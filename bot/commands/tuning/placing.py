"""Where an adapter is to answer: what `where`, `learner` and `course` of a command mean."""

from collections.abc import AsyncIterator

from bot.commands.arguments import argument
from bot.commands.courses.teaching import MOST_OFFERED, taught_courses
from bot.commands.moderation import find_learner
from bot.commands.offers import offer
from bot.commands.tuning.rights import home_scope, is_operator
from bot.services import Services
from storage.courses import Course
from tutor.adapters.refusals import NotPromotable
from tutor.adapters.scopes import (
    GLOBAL,
    Level,
    community_of,
    for_channel,
    for_course,
    for_learner,
    parse,
    scope_name,
)
from tutor.i18n import mark, say
from tutor.messages import Button, ReplyPart, Text
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


async def scope_meant(services: Services, turn: Turn) -> str | None:
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


async def ask_course(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """The courses to choose from, each of which gives the command again."""
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


def place_name(turn: Turn, scope: str) -> str:
    """Where that is, for somebody here."""
    if community_of(scope) == turn.community.id:
        match parse(scope).level:
            case Level.COMMUNITY:
                return say(turn.language, "in this community")
            case Level.LEARNER:
                return say(turn.language, "for one learner in this community")
    return scope_name(scope, turn.language)
