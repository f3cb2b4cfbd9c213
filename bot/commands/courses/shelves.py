"""Where material stands: with a course for its members, or with a channel for those who ask there.

Teachers look after the material of their course; for a channel that is whoever teaches or looks
after its community.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from bot.commands.arguments import argument
from bot.commands.command import Handler
from bot.commands.courses.teaching import (
    CourseButtons,
    Taught,
    course_buttons,
    for_teachers,
    taught,
    taught_courses,
)
from bot.commands.permissions import has_role
from bot.services import Services
from storage.courses import Course
from storage.database import Session
from storage.materials import Material, MaterialScope
from tutor.i18n import mark, say
from tutor.language import Language
from tutor.messages import ReplyPart, Role, Text
from tutor.names import name_in
from tutor.turn import Turn

NOT_HERE = mark(
    "A channel's own documents are for its teachers to manage: give the command in the channel."
)
NOT_YOURS = mark("Only those who teach there may do that.")


@dataclass(frozen=True, slots=True)
class Shelf:
    """Either a course, or a channel of a community."""

    course: Course | None
    community_id: str = ""
    channel: str = ""

    @property
    def scope(self) -> MaterialScope:
        ids = (self.course.id,) if self.course else ()
        return MaterialScope(ids, self.community_id, self.channel)

    def name(self, language: Language) -> str:
        """As it stands in a sentence."""
        return (
            name_in(self.course.names, language) if self.course else say(language, "this channel")
        )


ShelfHandler = Callable[[Services, Turn, Shelf], AsyncIterator[ReplyPart]]


def for_keepers(handle: ShelfHandler, buttons: CourseButtons = course_buttons) -> Handler:
    """A command for whoever looks after a shelf: the channel's if asked for or the only one."""

    async def of_course(
        services: Services, turn: Turn, teaching: Taught
    ) -> AsyncIterator[ReplyPart]:
        async for part in handle(services, turn, Shelf(teaching.course)):
            yield part

    with_course = for_teachers(of_course, buttons)

    async def run(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
        async with services.database.read() as session:
            wants_channel = await _means_channel(session, turn)
        shelf = channel_shelf(turn) if wants_channel else None
        if shelf is not None:
            parts = handle(services, turn, shelf)
        elif wants_channel:
            parts = _refused(turn)
        else:
            parts = with_course(services, turn)
        async for part in parts:
            yield part

    return run


def channel_shelf(turn: Turn) -> Shelf | None:
    """That of the channel where somebody asks, if they may look after it."""
    place = turn.question.place
    if not place.community or not has_role(turn.question.roles, Role.TEACHER):
        return None
    return Shelf(None, turn.community.id, place.channel)


async def shelf_of(session: Session, turn: Turn, kept: Material) -> Shelf | None:
    """The shelf of a document if the one who asks looks after it here and now, else None."""
    if kept.course_id is not None:
        teaching = await taught(session, turn, kept.course_id)
        return Shelf(teaching.course) if teaching else None
    here = channel_shelf(turn)
    if here is None or here.community_id != kept.community_id:
        return None
    return Shelf(None, here.community_id, kept.channel)


async def _means_channel(session: Session, turn: Turn) -> bool:
    """Whether this is about the channel: said so, or there is no course that it could be about."""
    if argument(turn, "here") == "yes":
        return True
    if argument(turn, "course") or channel_shelf(turn) is None:
        return False
    return not await taught_courses(session, turn)


async def _refused(turn: Turn) -> AsyncIterator[ReplyPart]:
    yield Text(say(turn.language, NOT_HERE))
