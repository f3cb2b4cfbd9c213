"""The audit log: who did what to whom, and when. Append-only; holds no text of learners."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from storage.database import Session
from storage.identifiers import new_id
from storage.models import AuditRow
from storage.models.base import columns_for, utc_now


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """`actor_id` and `subject_id` are learners; None where the person was erased or is nobody."""

    id: str
    actor_id: str | None
    action: str
    subject_id: str | None
    community_id: str | None
    details: Mapping[str, Any]
    recorded_at: datetime


async def record(
    session: Session,
    *,
    actor_id: str | None,
    action: str,
    subject_id: str | None = None,
    community_id: str | None = None,
    details: Mapping[str, Any] | None = None,
    now: datetime | None = None,
) -> None:
    """Appends one entry, in the transaction of what it speaks of."""
    entry = {
        "id": new_id(),
        "actor_id": actor_id,
        "action": action,
        "subject_id": subject_id,
        "community_id": community_id,
        "details": dict(details or {}),
        "recorded_at": now or utc_now(),
    }
    await session.execute(insert(AuditRow), entry)


async def entries(
    session: Session,
    *,
    community_id: str | None = None,
    subject_id: str | None = None,
    before: str | None = None,
    limit: int = 100,
) -> list[AuditEntry]:
    """The newest entries first; `before` is the id of the last entry of the page before."""
    query = select(*columns_for(AuditRow, AuditEntry)).order_by(AuditRow.id.desc()).limit(limit)
    if community_id is not None:
        query = query.where(AuditRow.community_id == community_id)
    if subject_id is not None:
        query = query.where(AuditRow.subject_id == subject_id)
    if before is not None:
        query = query.where(AuditRow.id < before)
    return [AuditEntry(*row) for row in await session.execute(query)]
