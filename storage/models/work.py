"""Long work that a worker does, and when work comes due by itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, OnErase, learner_reference

UNFINISHED = text("finished_at IS NULL")


class JobRow(Base):
    """`lease_until` is when it may be taken (again): back-off while queued, lease while running.

    `scope` names what the job is for, such as "community:7f…" or "global".
    """

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_due", "lease_until", sqlite_where=UNFINISHED, postgresql_where=UNFINISHED),
        Index(None, "scope", "id"),
        Index(None, "kind", "id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str | None] = mapped_column(unique=True)
    kind: Mapped[str]
    scope: Mapped[str]
    payload: Mapped[dict[str, Any]]
    state: Mapped[str]
    priority: Mapped[int]
    owner: Mapped[str | None]
    lease_until: Mapped[datetime]
    heartbeat_at: Mapped[datetime | None]
    attempts: Mapped[int]
    max_attempts: Mapped[int]
    cancel_requested: Mapped[bool]
    progress: Mapped[dict[str, Any]]
    result: Mapped[dict[str, Any] | None]
    error: Mapped[str | None]
    created_by: Mapped[str | None] = learner_reference(OnErase.ANONYMISE, index=True)
    learner_id: Mapped[str | None] = learner_reference(OnErase.DELETE, index=True)
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None] = mapped_column(index=True)


class ScheduleRow(Base):
    """Something that comes due; `rule` says how to find the time after, and is its owner's."""

    __tablename__ = "schedules"
    __table_args__ = (Index(None, "enabled", "due_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    scope: Mapped[str]
    payload: Mapped[dict[str, Any]]
    rule: Mapped[dict[str, Any]]
    due_at: Mapped[datetime]
    last_run_at: Mapped[datetime | None]
    version: Mapped[int]
    enabled: Mapped[bool]
    learner_id: Mapped[str | None] = learner_reference(OnErase.DELETE, index=True)
    created_at: Mapped[datetime]
