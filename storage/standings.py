"""How learners stand in single communities: what the staff of one decides holds there alone.

The status in `storage.learners` holds everywhere and is the operators'.
"""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from storage import audit
from storage.database import Session
from storage.models import CommunityRow, StandingRow

STRICTNESS = ("active", "paused", "blocked")


def stricter(*statuses: str) -> str:
    """The status that leaves least."""
    return max(statuses, key=STRICTNESS.index)


async def set_standing(
    session: Session,
    community_id: str,
    learner_id: str,
    status: str,
    *,
    by: str | None,
    reason: str,
    now: datetime,
) -> None:
    """Pauses, blocks or reactivates a learner in one community; `by` is who decided it."""
    assert status in STRICTNESS, status
    if status == "active":
        await session.execute(
            delete(StandingRow).where(
                StandingRow.community_id == community_id, StandingRow.learner_id == learner_id
            )
        )
    else:
        await _put(session, community_id, learner_id, status, by, reason, now)
    await audit.record(
        session,
        actor_id=by,
        action=f"learner.{status}",
        subject_id=learner_id,
        community_id=community_id,
        details={"reason": reason},
        now=now,
    )


async def standing(session: Session, platform: str, external_id: str, learner_id: str) -> str:
    """How a learner stands in a community; "active" where nobody has decided anything."""
    query = (
        select(StandingRow.status)
        .join(CommunityRow, CommunityRow.id == StandingRow.community_id)
        .where(
            CommunityRow.platform == platform,
            CommunityRow.external_id == external_id,
            StandingRow.learner_id == learner_id,
        )
    )
    return (await session.execute(query)).scalar_one_or_none() or "active"


async def _put(
    session: Session,
    community_id: str,
    learner_id: str,
    status: str,
    by: str | None,
    reason: str,
    now: datetime,
) -> None:
    statement = upsert(StandingRow).values(
        community_id=community_id,
        learner_id=learner_id,
        status=status,
        reason=reason,
        set_by=by,
        set_at=now,
    )
    changed = {name: statement.excluded[name] for name in ("status", "reason", "set_by", "set_at")}
    await session.execute(
        statement.on_conflict_do_update(index_elements=["community_id", "learner_id"], set_=changed)
    )
