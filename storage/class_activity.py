"""What the learners of one course have been doing, counted by learner: for reports to teachers.

Grades count as they are now, after regrades; opinions never count.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select

from storage.models import AttemptRow, RegradeRow
from storage.session import Session

_LATEST = (
    select(RegradeRow.outcome)
    .where(RegradeRow.attempt_id == AttemptRow.id)
    .order_by(RegradeRow.id.desc())
    .limit(1)
    .correlate(AttemptRow)
    .scalar_subquery()
)
_OUTCOME = func.coalesce(_LATEST, AttemptRow.outcome)
_GRADES = ("right", "partly", "wrong")


@dataclass(frozen=True, slots=True)
class Activity:
    """How many answers somebody gave in a course, how many were right, and when the last."""

    learner_id: str
    answers: int
    right: int
    last_at: datetime


async def activity_in_course(
    session: Session,
    course_id: str,
    *,
    since: datetime,
    until: datetime | None = None,
    skill_ids: Collection[str] | None = None,
    first_tries: bool = False,
) -> dict[str, Activity]:
    """What each learner did in a course in a time, in all skills or some; those who did anything.

    `first_tries` counts one answer for each question.
    """
    which: list[ColumnElement[bool]] = [AttemptRow.attempted_at >= since]
    if until is not None:
        which.append(AttemptRow.attempted_at < until)
    if skill_ids is not None:
        which.append(AttemptRow.skill_id.in_(skill_ids))
    if first_tries:
        which.append(AttemptRow.first_try.is_(True))
    query = (
        select(
            AttemptRow.learner_id,
            func.count(),
            func.sum(case((_OUTCOME == "right", 1), else_=0)),
            func.max(AttemptRow.attempted_at),
        )
        .where(AttemptRow.course_id == course_id, AttemptRow.outcome.in_(_GRADES), *which)
        .group_by(AttemptRow.learner_id)
    )
    return {row[0]: Activity(*row) for row in await session.execute(query)}


async def latest_outcomes(
    session: Session, course_id: str, *, since: datetime, count: int
) -> dict[str, list[tuple[str, str | None]]]:
    """The outcome and skill of each learner's latest answers in a course, the newest first."""
    place = func.row_number().over(
        partition_by=AttemptRow.learner_id, order_by=AttemptRow.id.desc()
    )
    ranked = (
        select(
            AttemptRow.learner_id,
            _OUTCOME.label("outcome"),
            AttemptRow.skill_id,
            AttemptRow.id,
            place.label("place"),
        )
        .where(
            AttemptRow.course_id == course_id,
            AttemptRow.attempted_at >= since,
            AttemptRow.outcome.in_(_GRADES),
        )
        .subquery()
    )
    query = (
        select(ranked.c.learner_id, ranked.c.outcome, ranked.c.skill_id)
        .where(ranked.c.place <= count)
        .order_by(ranked.c.learner_id, ranked.c.place)
    )
    found: dict[str, list[tuple[str, str | None]]] = {}
    for learner_id, outcome, skill_id in await session.execute(query):
        found.setdefault(learner_id, []).append((outcome, skill_id))
    return found
