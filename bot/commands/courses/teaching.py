"""Which course a teacher's command is about, and whether the one who asks may give it.

Teachers of a course are its members with that role, the admins and teachers (by a role of the
platform) of the community that it belongs to, and operators.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.commands.arguments import argument
from bot.commands.command import Handler
from bot.commands.offers import offer
from bot.commands.permissions import has_role
from bot.commands.wording import typed
from bot.services import Services
from storage import courses
from storage.course_places import course_of_place
from storage.courses import Course
from storage.database import Session
from storage.members import member, memberships
from tutor.i18n import say
from tutor.messages import Button, ReplyPart, Role, Text
from tutor.names import name_in
from tutor.turn import Turn

MOST_OFFERED = 25  # what a select menu holds


@dataclass(frozen=True, slots=True)
class Taught:
    """A course with one of its teachers; `sees_names` is their right to the learners' names."""

    course: Course
    sees_names: bool


CourseHandler = Callable[[Services, Turn, Taught], AsyncIterator[ReplyPart]]
CourseAction = Callable[[Services, Turn, Taught, Mapping[str, Any]], AsyncIterator[ReplyPart]]
ActionHandler = Callable[[Services, Turn, Mapping[str, Any]], AsyncIterator[ReplyPart]]


CourseButtons = Callable[[Services, Turn, list[Course]], Awaitable[list[Button]]]


async def course_buttons(services: Services, turn: Turn, among: list[Course]) -> list[Button]:
    """A button for each course, which gives the same command again for it."""
    call = turn.question.command
    assert call is not None, turn.question.event_id
    placeholder = say(turn.language, "Choose a course")
    again = {"command": call.name}
    return [
        Button(
            "command_again",
            name_in(course.names, turn.language),
            {**again, "arguments": {**call.arguments, "course": course.id}},
            menu=placeholder,
        )
        for course in among[:MOST_OFFERED]
    ]


def for_teachers(handle: CourseHandler, buttons: CourseButtons = course_buttons) -> Handler:
    """A command for the teachers of a course: finds the course, or offers those there are."""

    async def run(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
        async with services.database.read() as session:
            among = await taught_courses(session, turn)
            chosen = await _chosen(session, turn, among)
            teaching = await taught(session, turn, chosen.id) if chosen else None
        if teaching is not None:
            async for part in handle(services, turn, teaching):
                yield part
        elif among:
            yield Text(say(turn.language, "Which course?"))
            yield await offer(services, turn, await buttons(services, turn, among))
        else:
            yield Text(_teaches_none(turn))

    return run


def for_teachers_pressing(handle: CourseAction) -> ActionHandler:
    """An action for the teachers of the course in its payload, as they are at the time."""

    async def run(
        services: Services, turn: Turn, payload: Mapping[str, Any]
    ) -> AsyncIterator[ReplyPart]:
        async with services.database.read() as session:
            teaching = await taught(session, turn, payload["course_id"])
        if teaching is None:
            yield Text(say(turn.language, "Only the teachers of that course may do that."))
            return
        async for part in handle(services, turn, teaching, payload):
            yield part

    return run


async def taught(session: Session, turn: Turn, course_id: str) -> Taught | None:
    """The course, if the one who asks is a teacher of it."""
    course = await courses.course_by_id(session, course_id)
    if course is None or course.archived_at is not None:
        return None
    roles = turn.question.roles
    known = await member(session, course_id, turn.learner.id)
    here = course.community_id == turn.community.id and bool(turn.community.external_id)
    governs = has_role(roles, Role.OPERATOR) or (here and has_role(roles, Role.ADMIN))
    if governs or (known is not None and known.teaches):
        return Taught(course, governs or (known is not None and known.sees_names))
    return Taught(course, sees_names=False) if here and has_role(roles, Role.TEACHER) else None


async def taught_courses(session: Session, turn: Turn) -> list[Course]:
    """The courses that the one who asks teaches, their own first."""
    roles, found = turn.question.roles, []
    for membership in await memberships(session, turn.learner.id):
        course = await courses.course_by_id(session, membership.course_id)
        if membership.teaches and course is not None and course.archived_at is None:
            found.append(course)
    if has_role(roles, Role.OPERATOR):
        found += await courses.courses(session)
    elif has_role(roles, Role.TEACHER) and turn.community.external_id:
        found += await courses.courses_of_community(session, turn.community.id)
    return list({course.id: course for course in found}.values())


async def _chosen(session: Session, turn: Turn, among: list[Course]) -> Course | None:
    """The course that was named, that of the place, or the only one."""
    named = argument(turn, "course").casefold()
    if named:
        return next((course for course in among if named in handles(course)), None)
    place = turn.question.place
    here = await course_of_place(session, turn.community.id, place.channel, place.thread)
    of_place = next((course for course in among if course.id == here), None)
    return of_place or (among[0] if len(among) == 1 else None)


def handles(course: Course) -> set[str]:
    """Whatever a course can be called."""
    return {course.id, course.key.casefold(), *(name.casefold() for name in course.names.values())}


def _teaches_none(turn: Turn) -> str:
    platform = turn.question.place.platform
    return say(
        turn.language,
        "You are no teacher of a course here. Whoever teaches one can make you a teacher with "
        "{roles}; who looks after this community can make a course with {create}.",
        roles=typed(platform, "class roles"),
        create=typed(platform, "course create"),
    )
