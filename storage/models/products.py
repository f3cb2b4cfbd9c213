"""Artifacts, which of them is used where, and the files behind rows."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, OnErase, learner_reference


class BlobRow(Base):
    """A content-addressed file; the hash is its SHA-256 and its only name."""

    __tablename__ = "blobs"

    hash: Mapped[str] = mapped_column(primary_key=True)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(index=True)


class BlobReferenceRow(Base):
    """Why a blob is kept: `owner` names the row that needs it, such as "artifact:7f…"."""

    __tablename__ = "blob_references"

    hash: Mapped[str] = mapped_column(ForeignKey("blobs.hash"), primary_key=True)
    owner: Mapped[str] = mapped_column(primary_key=True, index=True)
    learner_id: Mapped[str | None] = learner_reference(OnErase.DELETE, index=True)
    name: Mapped[str]
    created_at: Mapped[datetime]


class ArtifactRow(Base):
    """Something made by training, never changed afterwards; the card says how and how good."""

    __tablename__ = "artifacts"
    __table_args__ = (Index(None, "kind", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    base_hash: Mapped[str]
    blob_hash: Mapped[str] = mapped_column(ForeignKey("blobs.hash"), index=True)
    card: Mapped[dict[str, Any]]
    created_by: Mapped[str | None] = learner_reference(OnErase.ANONYMISE, index=True)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class AssignmentRow(Base):
    """Which artifact of a kind a scope uses; None switches back to plain behaviour there."""

    __tablename__ = "assignments"

    scope: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    artifact_id: Mapped[str | None] = mapped_column(ForeignKey("artifacts.id"), index=True)
    version: Mapped[int]
    assigned_at: Mapped[datetime]


class AssignmentChangeRow(Base):
    """Append-only history of assignments."""

    __tablename__ = "assignment_changes"
    __table_args__ = (Index(None, "scope", "kind", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str]
    kind: Mapped[str]
    artifact_id: Mapped[str | None] = mapped_column(ForeignKey("artifacts.id"), index=True)
    previous_id: Mapped[str | None]
    changed_by: Mapped[str | None] = learner_reference(OnErase.ANONYMISE, index=True)
    reason: Mapped[str]
    changed_at: Mapped[datetime]
