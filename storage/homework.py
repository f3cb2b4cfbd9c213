"""Homework: a lesson or skill that a course, or one group of it, practises between two dates."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, or_, select, update

from storage.database import Session
from storage.identifiers import new_id
from storage.members import LEARNER
from storage.models import CourseMemberRow, HomeworkRow
from storage.models.base import columns_for


@dataclass(frozen=True, slots=True)
class Homework:
    """Exactly one of `lesson_id` and `skill_id` is set; `items` is how many answers it takes.

    `group` "" is the whole course. `title` is what the teacher reads and the learners are told.
    """

    id: str
    course_id: str
    lesson_id: str | None
    skill_id: str | None
    group: str
    title: str
    items: int
    opens_at: datetime
    due_at: datetime
    created_by: str | None
    created_at: datetime
    cancelled_at: datetime | None = None


_HOMEWORK = columns_for(HomeworkRow, Homework)


async def assign_homework(
    session: Session,
    course_id: str,
    *,
    lesson_id: str | None,
    skill_id: str | None,
    title: str,
    items: int,
    opens_at: datetime,
    due_at: datetime,
    by: str | None,
    now: datetime,
    group: str = "",
) -> Homework:
    """Gives homework to a course or a group of it."""
    assert (lesson_id is None) != (skill_id is None), (lesson_id, skill_id)
    assert opens_at < due_at, (opens_at, due_at)
    made = Homework(
        new_id(), course_id, lesson_id, skill_id, group, title, items, opens_at, due_at, by, now
    )
    values = {name: getattr(made, name) for name in Homework.__slots__}
    await session.execute(insert(HomeworkRow), values)
    return made


async def homework_by_id(session: Session, homework_id: str) -> Homework | None:
    """Homework, also cancelled."""
    query = select(*_HOMEWORK).where(HomeworkRow.id == homework_id)
    row = (await session.execute(query)).one_or_none()
    return Homework(*row) if row else None


async def homework_of(
    session: Session, course_id: str, *, due_after: datetime | None = None
) -> list[Homework]:
    """The homework of a course that was not cancelled, by due date."""
    query = select(*_HOMEWORK).where(
        HomeworkRow.course_id == course_id, HomeworkRow.cancelled_at.is_(None)
    )
    if due_after is not None:
        query = query.where(HomeworkRow.due_at > due_after)
    rows = await session.execute(query.order_by(HomeworkRow.due_at, HomeworkRow.id))
    return [Homework(*row) for row in rows]


async def homework_for(session: Session, learner_id: str, now: datetime) -> list[Homework]:
    """What a learner has to do now in all their courses, by due date."""
    query = (
        select(*_HOMEWORK)
        .join(CourseMemberRow, CourseMemberRow.course_id == HomeworkRow.course_id)
        .where(
            CourseMemberRow.learner_id == learner_id,
            CourseMemberRow.role == LEARNER,
            or_(HomeworkRow.group == "", HomeworkRow.group == CourseMemberRow.group),
            HomeworkRow.cancelled_at.is_(None),
            HomeworkRow.opens_at <= now,
            HomeworkRow.due_at > now,
        )
        .order_by(HomeworkRow.due_at, HomeworkRow.id)
    )
    return [Homework(*row) for row in await session.execute(query)]


async def cancel_homework(session: Session, homework_id: str, now: datetime) -> bool:
    """Takes homework back; False when it was already."""
    statement = (
        update(HomeworkRow)
        .where(HomeworkRow.id == homework_id, HomeworkRow.cancelled_at.is_(None))
        .values(cancelled_at=now)
    )
    return bool((await session.execute(statement)).rowcount)
