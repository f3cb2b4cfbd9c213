"""Who belongs to which course, as a learner or a teacher, in which group and under which alias."""

import random
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.aliases import new_alias
from storage.database import Session
from storage.models import CourseMemberRow, CourseRow, LearnerRow
from storage.models.base import columns_for

LEARNER, TEACHER = "learner", "teacher"
ROLES = (LEARNER, TEACHER)


@dataclass(frozen=True, slots=True)
class CourseMember:
    """`alias` stands for the name wherever the reader may not see names; `group` "" is none.

    `sees_names` is a teacher's right to the names of the learners.
    """

    course_id: str
    learner_id: str
    role: str
    group: str
    alias: str
    sees_names: bool
    joined_at: datetime

    @property
    def teaches(self) -> bool:
        return self.role == TEACHER


_MEMBER = columns_for(CourseMemberRow, CourseMember)
_KEY = ["course_id", "learner_id"]


async def add_member(
    session: Session,
    course_id: str,
    learner_id: str,
    *,
    now: datetime,
    role: str = LEARNER,
    group: str = "",
    sees_names: bool = False,
) -> CourseMember:
    """Makes somebody a member. Who is one already moves to a named group, or up to teacher."""
    assert role in ROLES, role
    known = await member(session, course_id, learner_id)
    if known is None:
        known = await _insert(
            session,
            course_id=course_id,
            learner_id=learner_id,
            role=role,
            group=group,
            sees_names=sees_names,
            joined_at=now,
        )
    changes: dict[str, Any] = {}
    if role == TEACHER and not known.teaches:
        changes = {"role": role, "sees_names": sees_names}
    if group and group != known.group:
        changes["group"] = group
    return await change_member(session, course_id, learner_id, **changes) if changes else known


async def member(session: Session, course_id: str, learner_id: str) -> CourseMember | None:
    """Somebody's membership in a course, None where they have none."""
    query = select(*_MEMBER).where(
        CourseMemberRow.course_id == course_id, CourseMemberRow.learner_id == learner_id
    )
    row = (await session.execute(query)).one_or_none()
    return CourseMember(*row) if row else None


async def members_of(
    session: Session, course_id: str, *, role: str | None = None, group: str | None = None
) -> list[CourseMember]:
    """The members of a course by alias: all, or those with a role or in a group."""
    query = select(*_MEMBER).where(CourseMemberRow.course_id == course_id)
    if role is not None:
        query = query.where(CourseMemberRow.role == role)
    if group is not None:
        query = query.where(CourseMemberRow.group == group)
    rows = await session.execute(query.order_by(CourseMemberRow.alias))
    return [CourseMember(*row) for row in rows]


async def names_of(session: Session, course_id: str) -> dict[str, str]:
    """The names of a course's members by learner id, for those who may see them."""
    query = (
        select(LearnerRow.id, LearnerRow.display_name)
        .join(CourseMemberRow, CourseMemberRow.learner_id == LearnerRow.id)
        .where(CourseMemberRow.course_id == course_id)
    )
    return {row.id: row.display_name for row in await session.execute(query)}


async def memberships(session: Session, learner_id: str) -> list[CourseMember]:
    """Every course that somebody belongs to, in the order of joining."""
    query = (
        select(*_MEMBER)
        .where(CourseMemberRow.learner_id == learner_id)
        .order_by(CourseMemberRow.joined_at, CourseMemberRow.course_id)
    )
    return [CourseMember(*row) for row in await session.execute(query)]


async def courses_joined(session: Session, learner_id: str) -> tuple[str, ...]:
    """The ids of the courses that somebody belongs to and that are not archived."""
    query = (
        select(CourseMemberRow.course_id)
        .join(CourseRow, CourseRow.id == CourseMemberRow.course_id)
        .where(CourseMemberRow.learner_id == learner_id, CourseRow.archived_at.is_(None))
    )
    return tuple((await session.execute(query)).scalars())


async def groups_of(session: Session, course_id: str) -> dict[str, int]:
    """The groups of a course with how many learners each has; "" are those in none."""
    query = (
        select(CourseMemberRow.group, func.count())
        .where(CourseMemberRow.course_id == course_id, CourseMemberRow.role == LEARNER)
        .group_by(CourseMemberRow.group)
        .order_by(CourseMemberRow.group)
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def change_member(
    session: Session, course_id: str, learner_id: str, **changes: Any
) -> CourseMember:
    """Changes the named fields of a membership: role, group, sees_names."""
    allowed = {"role", "group", "sees_names"}
    assert changes.keys() <= allowed, changes.keys() - allowed
    query = (
        update(CourseMemberRow)
        .where(CourseMemberRow.course_id == course_id, CourseMemberRow.learner_id == learner_id)
        .values(**changes)
        .returning(*_MEMBER)
    )
    return CourseMember(*(await session.execute(query)).one())


async def remove_member(session: Session, course_id: str, learner_id: str) -> bool:
    """Ends a membership; what was learnt stays. False where there was none."""
    statement = delete(CourseMemberRow).where(
        CourseMemberRow.course_id == course_id, CourseMemberRow.learner_id == learner_id
    )
    return bool((await session.execute(statement)).rowcount)


async def _insert(session: Session, **values: Any) -> CourseMember:
    """Another process may take the alias, or make the membership, at the same moment."""
    course_id, rng = values["course_id"], random.SystemRandom()
    query = select(CourseMemberRow.alias).where(CourseMemberRow.course_id == course_id)
    taken = set((await session.execute(query)).scalars())
    while True:
        alias = new_alias(taken, rng)
        statement = upsert(CourseMemberRow).values(alias=alias, **values)
        await session.execute(statement.on_conflict_do_nothing())
        made = await member(session, course_id, values["learner_id"])
        if made is not None:
            return made
        taken.add(alias)
