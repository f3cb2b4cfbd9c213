"""Learners, their identities on platforms, what they agreed to, and how two become one."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, OnErase, learner_reference


class LearnerRow(Base):
    __tablename__ = "learners"

    id: Mapped[str] = mapped_column(primary_key=True)
    display_name: Mapped[str]
    language: Mapped[str | None]
    status: Mapped[str] = mapped_column(default="active")
    status_reason: Mapped[str | None]
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]


class StandingRow(Base):
    """That the staff of a community has paused or blocked a learner there; none means active."""

    __tablename__ = "standings"

    community_id: Mapped[str] = mapped_column(ForeignKey("communities.id"), primary_key=True)
    learner_id: Mapped[str] = learner_reference(OnErase.DELETE, primary_key=True, index=True)
    status: Mapped[str]
    reason: Mapped[str]
    set_by: Mapped[str | None] = learner_reference(OnErase.ANONYMISE, index=True)
    set_at: Mapped[datetime]


class IdentityRow(Base):
    """A learner as one platform knows them."""

    __tablename__ = "identities"

    platform: Mapped[str] = mapped_column(primary_key=True)
    workspace: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    learner_id: Mapped[str] = learner_reference(OnErase.DELETE, index=True)
    display_name: Mapped[str]
    locale: Mapped[str | None]
    created_at: Mapped[datetime]


class ConsentRow(Base):
    """Append-only: the latest row of a purpose holds."""

    __tablename__ = "consents"
    __table_args__ = (Index(None, "learner_id", "purpose", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    learner_id: Mapped[str] = learner_reference(OnErase.DELETE)
    purpose: Mapped[str]
    granted: Mapped[bool]
    source: Mapped[str]
    recorded_at: Mapped[datetime]


class LinkCodeRow(Base):
    """A one-time code: found by its selector, proved by its digest."""

    __tablename__ = "link_codes"

    id: Mapped[str] = mapped_column(primary_key=True)
    selector: Mapped[str] = mapped_column(unique=True)
    salt: Mapped[str]
    digest: Mapped[str]
    learner_id: Mapped[str] = learner_reference(OnErase.DELETE, index=True)
    guest_id: Mapped[str | None] = learner_reference(OnErase.DELETE, index=True)
    tries_left: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class LinkAttemptRow(Base):
    """A code somebody entered, right or wrong; counted to stop guessing."""

    __tablename__ = "link_attempts"
    __table_args__ = (Index(None, "learner_id", "attempted_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    learner_id: Mapped[str] = learner_reference(OnErase.DELETE)
    attempted_at: Mapped[datetime] = mapped_column(index=True)


class ErasureRow(Base):
    """That somebody was erased, without saying who; a restore finds them again by the digest."""

    __tablename__ = "erasures"

    id: Mapped[str] = mapped_column(primary_key=True)
    salt: Mapped[str]
    identity_digest: Mapped[str]
    erased_at: Mapped[datetime] = mapped_column(index=True)
