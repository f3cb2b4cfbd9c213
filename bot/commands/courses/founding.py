"""Making a course and giving it a place: `/course create`, `/course place`."""

import shlex
from collections.abc import AsyncIterator

from bot.commands.arguments import argument
from bot.commands.courses.teaching import Taught, for_teachers
from bot.commands.permissions import has_role
from bot.commands.wording import typed
from bot.services import Services
from storage import course_places, courses
from storage.courses import MEMBERS, Course
from storage.database import Session
from storage.identifiers import new_id
from storage.members import TEACHER, add_member, memberships
from tutor.i18n import say
from tutor.messages import Platform, ReplyPart, Role, Text
from tutor.names import name_in
from tutor.turn import Turn

LONGEST_NAME = 80


async def create(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """An empty course with the one who makes it as its teacher."""
    name = " ".join(argument(turn, "name").split())[:LONGEST_NAME]
    async with services.database.read() as session:
        allowed = await may_found(session, turn)
    if not allowed:
        yield Text(not_founding(turn))
        return
    async with services.database.write() as session:
        course = _empty(turn, name, services)
        await courses.add_course(session, course)
        await add_member(
            session,
            course.id,
            turn.learner.id,
            role=TEACHER,
            sees_names=has_role(turn.question.roles, Role.ADMIN),
            now=services.now(),
        )
    platform = turn.question.place.platform
    yield Text(
        say(
            turn.language,
            "The course **{course}** is there, and you teach it. {import_} fills it with "
            "questions, {code} lets learners in, and {place} makes a channel its own.",
            course=name,
            import_=typed(platform, "course import"),
            code=typed(platform, "class join-code"),
            place=typed(platform, "course place"),
        )
    )


async def _place(services: Services, turn: Turn, teaching: Taught) -> AsyncIterator[ReplyPart]:
    """Binds this channel or thread to a course, or releases it."""
    place, name = turn.question.place, name_in(teaching.course.names, turn.language)
    if not place.community:
        yield Text(say(turn.language, "Please say that in the channel or thread that is meant."))
        return
    where = (turn.community.id, place.channel, place.thread)
    async with services.database.write() as session:
        if argument(turn, "here") == "no":
            await course_places.release_place(session, *where)
        else:
            await course_places.bind_place(session, *where, teaching.course.id)
    if argument(turn, "here") == "no":
        yield Text(say(turn.language, "This place belongs to no course any more."))
    elif place.thread:
        yield Text(say(turn.language, "This thread is now about **{course}**.", course=name))
    else:
        yield Text(say(turn.language, "This channel is now about **{course}**.", course=name))


place = for_teachers(_place)


async def may_found(session: Session, turn: Turn) -> bool:
    """Whether somebody may make courses here: whoever teaches or looks after the community."""
    if has_role(turn.question.roles, Role.TEACHER):
        return True
    return any(one.teaches for one in await memberships(session, turn.learner.id))


def not_founding(turn: Turn) -> str:
    """Why somebody can't make courses here, and in a terminal what to do about it."""
    if turn.question.place.platform is not Platform.TERMINAL:
        return say(
            turn.language,
            "Only teachers and the people who look after this community make courses.",
        )
    person = shlex.quote(f"terminal:{turn.question.author.user_id}")
    return say(
        turn.language,
        "You are here as a learner, and only teachers make courses. Start {chat} without "
        "{learner} to be the owner; or let the owner make you a teacher of a course: {role}",
        chat="`daoshi chat`",
        learner="`--learner`",
        role=f"`daoshi course role KEY {person} teacher`",
    )


def _empty(turn: Turn, name: str, services: Services) -> Course:
    made = new_id()
    return Course(
        id=made,
        key=f"course-{made}",
        names={turn.language.value: name},
        language=turn.language.value,
        source="",
        licence="",
        attribution="",
        visibility=MEMBERS,
        community_id=turn.community.id if turn.community.external_id else None,
        owner_id=turn.learner.id,
        settings={},
        created_at=services.now(),
        archived_at=None,
    )
