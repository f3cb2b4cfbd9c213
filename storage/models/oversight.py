"""How much is used, who did what, and what people complained about."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, OnErase, learner_reference


class LearnerUsageRow(Base):
    """Counts of one learner in one window ("hour" or "day") that begins at `starts_at`."""

    __tablename__ = "learner_usage"
    __table_args__ = (Index(None, "span", "starts_at"),)

    learner_id: Mapped[str] = learner_reference(OnErase.DELETE, primary_key=True)
    span: Mapped[str] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    questions: Mapped[int]
    prompt_tokens: Mapped[int] = mapped_column(BigInteger)
    completion_tokens: Mapped[int] = mapped_column(BigInteger)


class CommunityUsageRow(Base):
    """The same counts of a whole community; they outlive its learners."""

    __tablename__ = "community_usage"
    __table_args__ = (Index(None, "span", "starts_at"),)

    community_id: Mapped[str] = mapped_column(ForeignKey("communities.id"), primary_key=True)
    span: Mapped[str] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    questions: Mapped[int]
    prompt_tokens: Mapped[int] = mapped_column(BigInteger)
    completion_tokens: Mapped[int] = mapped_column(BigInteger)


class AuditRow(Base):
    """Append-only: who did what to whom. Holds no text of learners."""

    __tablename__ = "audit_log"
    __table_args__ = (Index(None, "community_id", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    actor_id: Mapped[str | None] = learner_reference(OnErase.ANONYMISE, index=True)
    action: Mapped[str]
    subject_id: Mapped[str | None] = learner_reference(OnErase.ANONYMISE, index=True)
    community_id: Mapped[str | None] = mapped_column(ForeignKey("communities.id"))
    details: Mapped[dict[str, Any]]
    recorded_at: Mapped[datetime]


class ReportRow(Base):
    """A reply that somebody reported, in the moderators' queue until it is handled."""

    __tablename__ = "reports"
    __table_args__ = (Index(None, "community_id", "state", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    community_id: Mapped[str] = mapped_column(ForeignKey("communities.id"))
    turn_id: Mapped[str | None] = mapped_column(ForeignKey("turns.id"), index=True)
    reporter_id: Mapped[str | None] = learner_reference(OnErase.DELETE, index=True)
    reason: Mapped[str]
    note: Mapped[str]
    state: Mapped[str]
    handled_by: Mapped[str | None] = learner_reference(OnErase.ANONYMISE, index=True)
    outcome: Mapped[str]
    reported_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
