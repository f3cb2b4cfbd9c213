"""Checklists of communities, and how far each person is with one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.database import Session
from storage.identifiers import new_id
from storage.models import ChecklistProgressRow, ChecklistRow
from storage.models.base import columns_for

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Checklist:
    """`tasks` are {key, text, material_id, page}, as `tutor.onboarding.tasks` makes them."""

    id: str
    community_id: str
    title: str
    tasks: list[dict[str, Any]]
    created_by: str | None
    created_at: datetime
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class ChecklistProgress:
    """`done` says when each task was done, by its key."""

    checklist_id: str
    learner_id: str
    done: dict[str, Any]
    started_at: datetime
    finished_at: datetime | None


_CHECKLIST = columns_for(ChecklistRow, Checklist)
_PROGRESS = columns_for(ChecklistProgressRow, ChecklistProgress)


async def add_checklist(
    session: Session,
    community_id: str,
    title: str,
    tasks: Sequence[Mapping[str, Any]],
    *,
    by: str,
    now: datetime,
) -> Checklist:
    made = Checklist(new_id(), community_id, title, [dict(task) for task in tasks], by, now, None)
    values = {name: getattr(made, name) for name in Checklist.__slots__}
    await session.execute(insert(ChecklistRow), values)
    return made


async def change_checklist(
    session: Session, checklist_id: str, title: str, tasks: Sequence[Mapping[str, Any]]
) -> None:
    """Another title and other tasks; what people have done of those that stay remains done."""
    values = {"title": title, "tasks": [dict(task) for task in tasks]}
    here = ChecklistRow.id == checklist_id
    await session.execute(update(ChecklistRow).where(here).values(values))


async def retire_checklist(session: Session, checklist_id: str, now: datetime) -> None:
    """Nobody starts or sees it any more."""
    here = ChecklistRow.id == checklist_id
    await session.execute(update(ChecklistRow).where(here).values(retired_at=now))


async def checklist_by_id(session: Session, checklist_id: str) -> Checklist | None:
    query = select(*_CHECKLIST).where(
        ChecklistRow.id == checklist_id, ChecklistRow.retired_at.is_(None)
    )
    row = (await session.execute(query)).one_or_none()
    return Checklist(*row) if row else None


async def checklists_of(session: Session, community_id: str) -> list[Checklist]:
    """Those of a community, the oldest first."""
    query = (
        select(*_CHECKLIST)
        .where(ChecklistRow.community_id == community_id, ChecklistRow.retired_at.is_(None))
        .order_by(ChecklistRow.id)
        .limit(MOST_SHOWN)
    )
    return [Checklist(*row) for row in await session.execute(query)]


async def checklists_for(session: Session, learner_id: str) -> list[Checklist]:
    """Those that somebody goes through, the oldest first."""
    query = (
        select(*_CHECKLIST)
        .join(ChecklistProgressRow, ChecklistProgressRow.checklist_id == ChecklistRow.id)
        .where(ChecklistProgressRow.learner_id == learner_id, ChecklistRow.retired_at.is_(None))
        .order_by(ChecklistRow.id)
        .limit(MOST_SHOWN)
    )
    return [Checklist(*row) for row in await session.execute(query)]


async def start_checklist(
    session: Session, checklist_id: str, learner_id: str, now: datetime
) -> bool:
    """Somebody begins; False where they had begun before."""
    statement = (
        upsert(ChecklistProgressRow)
        .values(checklist_id=checklist_id, learner_id=learner_id, done={}, started_at=now)
        .on_conflict_do_nothing()
    )
    return bool((await session.execute(statement)).rowcount)


async def checklist_progress(
    session: Session, checklist_id: str, learner_id: str
) -> ChecklistProgress | None:
    query = select(*_PROGRESS).where(
        ChecklistProgressRow.checklist_id == checklist_id,
        ChecklistProgressRow.learner_id == learner_id,
    )
    row = (await session.execute(query)).one_or_none()
    return ChecklistProgress(*row) if row else None


async def progress_of_all(
    session: Session, checklist_id: str, limit: int = MOST_SHOWN
) -> list[ChecklistProgress]:
    """Everybody who goes through it, in the order of their ids."""
    query = (
        select(*_PROGRESS)
        .where(ChecklistProgressRow.checklist_id == checklist_id)
        .order_by(ChecklistProgressRow.learner_id)
        .limit(limit)
    )
    return [ChecklistProgress(*row) for row in await session.execute(query)]


async def mark_task(
    session: Session, checklist: Checklist, learner_id: str, key: str, *, done: bool, now: datetime
) -> ChecklistProgress | None:
    """Marks a task as done or not done; None for somebody who has not begun."""
    before = await checklist_progress(session, checklist.id, learner_id)
    if before is None:
        return None
    marked = {other: when for other, when in before.done.items() if other != key}
    if done:
        marked[key] = before.done.get(key) or now.isoformat()
    complete = all(task["key"] in marked for task in checklist.tasks)
    values = {"done": marked, "finished_at": (before.finished_at or now) if complete else None}
    here = (
        ChecklistProgressRow.checklist_id == checklist.id,
        ChecklistProgressRow.learner_id == learner_id,
    )
    await session.execute(update(ChecklistProgressRow).where(*here).values(values))
    return await checklist_progress(session, checklist.id, learner_id)
