"""Who answers for the data of a class: controller, age of the learners, and the legal basis.

Parental consents are append-only; the latest of a learner in a class holds, none means no. What
follows from all this is for `tutor.safety` to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from storage import audit
from storage.database import Session
from storage.identifiers import new_id
from storage.members import LEARNER
from storage.models import ClassRecordRow, CourseMemberRow, ParentalConsentRow
from storage.models.base import columns_for


@dataclass(frozen=True, slots=True)
class ClassRecord:
    """`basis` is school, parental_consent, or "" for adults; `country` is an ISO 3166 code.

    `contact` is the safeguarding contact: {name, platform, workspace, user_id}.
    """

    course_id: str
    controller: str
    age_band: str
    basis: str
    country: str
    contact: Mapping[str, Any]
    recorded_by: str | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ClassOfLearner:
    """A class that somebody learns in, and whether a parent of theirs agreed there."""

    record: ClassRecord
    parent_agreed: bool


_RECORD = columns_for(ClassRecordRow, ClassRecord)


async def record_class(
    session: Session,
    course_id: str,
    *,
    controller: str,
    age_band: str,
    basis: str,
    country: str,
    contact: Mapping[str, Any],
    by: str | None,
    now: datetime,
) -> ClassRecord:
    """Records the class anew; who did it, and what stood in it, is audited."""
    values = {
        "controller": controller,
        "age_band": age_band,
        "basis": basis,
        "country": country,
        "contact": dict(contact),
        "recorded_by": by,
        "recorded_at": now,
    }
    statement = upsert(ClassRecordRow).values(course_id=course_id, **values)
    statement = statement.on_conflict_do_update(index_elements=["course_id"], set_=values)
    row = (await session.execute(statement.returning(*_RECORD))).one()
    details = {"course_id": course_id, "age_band": age_band, "basis": basis}
    await audit.record(session, actor_id=by, action="class.recorded", details=details, now=now)
    return ClassRecord(*row)


async def class_record(session: Session, course_id: str) -> ClassRecord | None:
    """The record of a class, None where nobody made one."""
    query = select(*_RECORD).where(ClassRecordRow.course_id == course_id)
    row = (await session.execute(query)).one_or_none()
    return ClassRecord(*row) if row else None


async def classes_of(session: Session, learner_id: str) -> list[ClassOfLearner]:
    """The recorded classes that somebody learns in, in one statement."""
    agreed = _latest_consent(CourseMemberRow.course_id, CourseMemberRow.learner_id)
    query = (
        select(agreed, *_RECORD)
        .select_from(CourseMemberRow)
        .join(ClassRecordRow, ClassRecordRow.course_id == CourseMemberRow.course_id)
        .where(CourseMemberRow.learner_id == learner_id, CourseMemberRow.role == LEARNER)
        .order_by(ClassRecordRow.course_id)
    )
    return [
        ClassOfLearner(ClassRecord(*record), bool(consent))
        for consent, *record in await session.execute(query)
    ]


async def record_parental_consent(
    session: Session,
    course_id: str,
    learner_id: str,
    *,
    granted: bool,
    by: str | None,
    now: datetime,
) -> None:
    """Notes that a parent agreed, or withdrew."""
    entry = {
        "id": new_id(),
        "course_id": course_id,
        "learner_id": learner_id,
        "granted": granted,
        "recorded_by": by,
        "recorded_at": now,
    }
    await session.execute(insert(ParentalConsentRow), entry)


async def parents_agreed(session: Session, course_id: str) -> dict[str, bool]:
    """What holds for each learner of a class for whom a parent ever said something."""
    query = (
        select(ParentalConsentRow.learner_id, ParentalConsentRow.granted)
        .where(ParentalConsentRow.course_id == course_id)
        .order_by(ParentalConsentRow.id)
    )
    return {row.learner_id: row.granted for row in await session.execute(query)}


def _latest_consent(course_id: Any, learner_id: Any) -> ColumnElement[bool | None]:
    return (
        select(ParentalConsentRow.granted)
        .where(
            ParentalConsentRow.learner_id == learner_id,
            ParentalConsentRow.course_id == course_id,
        )
        .order_by(ParentalConsentRow.id.desc())
        .limit(1)
        .correlate(CourseMemberRow)
        .scalar_subquery()
    )
