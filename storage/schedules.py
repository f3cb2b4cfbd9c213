"""Schedules: what comes due by itself. Two processes that see it due act on it once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.database import Session
from storage.identifiers import new_id
from storage.models import ScheduleRow
from storage.models.base import columns_for


@dataclass(frozen=True, slots=True)
class Schedule:
    """`name` is unique; `rule` says how to find the next time and is the kind's own business."""

    id: str
    name: str
    kind: str
    scope: str
    payload: Mapping[str, Any]
    rule: Mapping[str, Any]
    due_at: datetime
    last_run_at: datetime | None
    version: int
    enabled: bool
    learner_id: str | None
    created_at: datetime


_SCHEDULE = columns_for(ScheduleRow, Schedule)


async def put_schedule(
    session: Session,
    *,
    name: str,
    kind: str,
    due_at: datetime,
    now: datetime,
    scope: str = "global",
    payload: Mapping[str, Any] | None = None,
    rule: Mapping[str, Any] | None = None,
    learner_id: str | None = None,
    enabled: bool = True,
) -> Schedule:
    """Makes a schedule, or replaces the one of that name."""
    statement = upsert(ScheduleRow).values(
        id=new_id(),
        name=name,
        kind=kind,
        scope=scope,
        payload=dict(payload or {}),
        rule=dict(rule or {}),
        due_at=due_at,
        version=1,
        enabled=enabled,
        learner_id=learner_id,
        created_at=now,
    )
    changed = {
        field: statement.excluded[field]
        for field in ("kind", "scope", "payload", "rule", "due_at", "enabled", "learner_id")
    }
    statement = statement.on_conflict_do_update(
        index_elements=["name"], set_=changed | {"version": ScheduleRow.version + 1}
    )
    return Schedule(*(await session.execute(statement.returning(*_SCHEDULE))).one())


async def due_schedules(session: Session, now: datetime, limit: int = 100) -> list[Schedule]:
    """What is due, the longest overdue first."""
    query = (
        select(*_SCHEDULE)
        .where(ScheduleRow.enabled.is_(True), ScheduleRow.due_at <= now)
        .order_by(ScheduleRow.due_at)
        .limit(limit)
    )
    return [Schedule(*row) for row in await session.execute(query)]


async def advance_schedule(
    session: Session, schedule: Schedule, next_due: datetime | None, now: datetime
) -> bool:
    """Moves a schedule on; only who gets True may act on it. None as next time ends it."""
    values: dict[str, Any] = {"version": ScheduleRow.version + 1, "last_run_at": now}
    values |= {"enabled": False} if next_due is None else {"due_at": next_due}
    statement = (
        update(ScheduleRow)
        .where(ScheduleRow.id == schedule.id, ScheduleRow.version == schedule.version)
        .values(**values)
        .returning(ScheduleRow.id)
    )
    return (await session.execute(statement)).first() is not None


async def schedule_by_name(session: Session, name: str) -> Schedule | None:
    """A schedule by its unique name."""
    query = select(*_SCHEDULE).where(ScheduleRow.name == name)
    row = (await session.execute(query)).one_or_none()
    return Schedule(*row) if row else None


async def remove_schedule(session: Session, name: str) -> None:
    """Ends a schedule for good."""
    await session.execute(delete(ScheduleRow).where(ScheduleRow.name == name))
