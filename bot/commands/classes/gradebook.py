"""`/class gradebook`: everybody's results as a table for a spreadsheet."""

import re
from collections.abc import AsyncIterator

from bot.commands.courses.teaching import Taught, for_teachers
from bot.services import Services
from storage import audit
from tutor.classes.gradebook import gradebook as written
from tutor.classes.naming import register_for
from tutor.i18n import say
from tutor.messages import File, ReplyPart, Text
from tutor.names import name_in
from tutor.turn import Turn


async def _gradebook(services: Services, turn: Turn, teaching: Taught) -> AsyncIterator[ReplyPart]:
    course, now = teaching.course, services.now()
    async with services.database.long_read() as session:
        register = await register_for(
            session, course.id, turn.language, sees_names=teaching.sees_names
        )
        data = await written(session, course.id, register, now)
    async with services.database.write() as session:
        await audit.record(
            session,
            actor_id=turn.learner.id,
            action="course.gradebook",
            community_id=course.community_id,
            details={"course_id": course.id, "names": not register.anonymous},
            now=now,
        )
    yield Text(say(turn.language, "The gradebook, as a table for any spreadsheet."))
    name = re.sub(r"[^\w-]+", "-", name_in(course.names, turn.language)).strip("-").lower()
    yield File(data, f"{name or 'course'}-{now:%Y-%m-%d}.csv", "text/csv")


gradebook = for_teachers(_gradebook)
