"""Policy windows: how much help the learners of a course get, from one time until another.

Append-only. Of the windows of a course that hold at a time, the latest row counts, so that setting
a policy now also ends what was set before.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, insert, or_, select

from storage import audit
from storage.database import Session
from storage.identifiers import new_id
from storage.members import LEARNER
from storage.models import CourseMemberRow, CourseRow, PolicyWindowRow
from storage.models.base import columns_for


@dataclass(frozen=True, slots=True)
class PolicyWindow:
    """`ends_at` None: until further notice."""

    id: str
    course_id: str
    policy: str
    starts_at: datetime
    ends_at: datetime | None
    set_by: str | None
    set_at: datetime


_WINDOW = columns_for(PolicyWindowRow, PolicyWindow)


def _holds(at: ColumnElement[datetime]) -> tuple[ColumnElement[bool], ...]:
    ends_at = PolicyWindowRow.ends_at
    return PolicyWindowRow.starts_at <= at, or_(ends_at.is_(None), ends_at > at)


_AT = bindparam("at", type_=PolicyWindowRow.starts_at.type)
_IN_FORCE = (
    select(PolicyWindowRow.course_id, PolicyWindowRow.policy)
    .join(CourseMemberRow, CourseMemberRow.course_id == PolicyWindowRow.course_id)
    .join(CourseRow, CourseRow.id == PolicyWindowRow.course_id)
    .where(
        CourseMemberRow.learner_id == bindparam("for_learner"),
        CourseMemberRow.role == LEARNER,
        CourseRow.archived_at.is_(None),
        *_holds(_AT),
    )
    .order_by(PolicyWindowRow.id)
)


async def set_policy(
    session: Session,
    course_id: str,
    policy: str,
    *,
    starts_at: datetime,
    ends_at: datetime | None,
    by: str | None,
    now: datetime,
) -> PolicyWindow:
    """Sets the policy of a course for a time; who did it is audited."""
    assert ends_at is None or starts_at < ends_at, (starts_at, ends_at)
    made = PolicyWindow(new_id(), course_id, policy, starts_at, ends_at, by, now)
    values = {name: getattr(made, name) for name in PolicyWindow.__slots__}
    await session.execute(insert(PolicyWindowRow), values)
    await audit.record(
        session,
        actor_id=by,
        action="course.policy",
        details={"course_id": course_id, "policy": policy, "window_id": made.id},
        now=now,
    )
    return made


async def policies_in_force(session: Session, learner_id: str, now: datetime) -> list[str]:
    """The policy of each course that somebody is a learner of, where one is set for now."""
    rows = await session.execute(_IN_FORCE, {"for_learner": learner_id, "at": now})
    return list({row.course_id: row.policy for row in rows}.values())


async def policy_of_course(session: Session, course_id: str, now: datetime) -> PolicyWindow | None:
    """The window of a course that counts now, None where none is set."""
    query = (
        select(*_WINDOW)
        .where(PolicyWindowRow.course_id == course_id, *_holds(_AT))
        .order_by(PolicyWindowRow.id.desc())
        .limit(1)
    )
    row = (await session.execute(query, {"at": now})).one_or_none()
    return PolicyWindow(*row) if row else None


async def coming_windows(session: Session, course_id: str, now: datetime) -> list[PolicyWindow]:
    """The windows of a course that begin later, the next first."""
    query = (
        select(*_WINDOW)
        .where(PolicyWindowRow.course_id == course_id, PolicyWindowRow.starts_at > now)
        .order_by(PolicyWindowRow.starts_at)
    )
    return [PolicyWindow(*row) for row in await session.execute(query)]
