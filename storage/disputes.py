"""Disputes: grades that learners contest, in the queue of their teachers until settled."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage import audit
from storage.database import Session
from storage.identifiers import new_id
from storage.models import AttemptRow, DisputeRow
from storage.models.base import columns_for

OPEN, ACCEPTED, REJECTED = "open", "accepted", "rejected"


@dataclass(frozen=True, slots=True)
class Dispute:
    """`answer` is what the teacher wrote back. An attempt is contested once."""

    id: str
    attempt_id: str
    course_id: str | None
    learner_id: str
    reason: str
    state: str
    answer: str
    settled_by: str | None
    opened_at: datetime
    settled_at: datetime | None


_DISPUTE = columns_for(DisputeRow, Dispute)


async def open_dispute(
    session: Session,
    attempt_id: str,
    *,
    learner_id: str,
    course_id: str | None,
    reason: str,
    now: datetime,
) -> Dispute | None:
    """Puts a grade into the teachers' queue; None when it was contested before."""
    statement = upsert(DisputeRow).values(
        id=new_id(),
        attempt_id=attempt_id,
        course_id=course_id,
        learner_id=learner_id,
        reason=reason,
        state=OPEN,
        answer="",
        opened_at=now,
    )
    statement = statement.on_conflict_do_nothing(index_elements=["attempt_id"])
    row = (await session.execute(statement.returning(*_DISPUTE))).one_or_none()
    return Dispute(*row) if row else None


async def dispute_by_id(session: Session, dispute_id: str) -> Dispute | None:
    """A dispute, None when its learner was erased."""
    query = select(*_DISPUTE).where(DisputeRow.id == dispute_id)
    row = (await session.execute(query)).one_or_none()
    return Dispute(*row) if row else None


async def accepted_attempts(session: Session, item_id: str) -> set[str]:
    """The attempts on an item that a teacher has counted as right, whatever its key says."""
    query = (
        select(DisputeRow.attempt_id)
        .join(AttemptRow, AttemptRow.id == DisputeRow.attempt_id)
        .where(AttemptRow.item_id == item_id, DisputeRow.state == ACCEPTED)
    )
    return set((await session.execute(query)).scalars())


async def open_disputes(session: Session, course_id: str, limit: int = 20) -> list[Dispute]:
    """The queue of a course, the oldest first."""
    query = (
        select(*_DISPUTE)
        .where(DisputeRow.course_id == course_id, DisputeRow.state == OPEN)
        .order_by(DisputeRow.id)
        .limit(limit)
    )
    return [Dispute(*row) for row in await session.execute(query)]


async def count_open_disputes(session: Session, course_id: str) -> int:
    """How many grades of a course wait for a teacher."""
    query = select(func.count()).where(DisputeRow.course_id == course_id, DisputeRow.state == OPEN)
    return (await session.execute(query)).scalar_one()


async def settle_dispute(
    session: Session, dispute_id: str, state: str, *, by: str, answer: str, now: datetime
) -> Dispute | None:
    """Accepts or rejects; None when another teacher was faster. Who decided it is audited."""
    assert state in (ACCEPTED, REJECTED), state
    statement = (
        update(DisputeRow)
        .where(DisputeRow.id == dispute_id, DisputeRow.state == OPEN)
        .values(state=state, answer=answer, settled_by=by, settled_at=now)
        .returning(*_DISPUTE)
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        return None
    settled = Dispute(*row)
    await audit.record(
        session,
        actor_id=by,
        action=f"dispute.{state}",
        subject_id=settled.learner_id,
        details={"dispute_id": dispute_id},
        now=now,
    )
    return settled
