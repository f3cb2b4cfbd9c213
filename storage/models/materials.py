"""Material that answers cite: uploaded documents and their searchable pieces."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, OnErase, learner_reference


class MaterialRow(Base):
    """A document of a course, or of one channel; only its members ever see a word of it.

    `state` is queued, ready or failed.
    """

    __tablename__ = "materials"
    __table_args__ = (
        Index(None, "course_id", "state"),
        Index(None, "community_id", "channel", "state"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    course_id: Mapped[str | None] = mapped_column(ForeignKey("courses.id"))
    community_id: Mapped[str | None] = mapped_column(ForeignKey("communities.id"))
    channel: Mapped[str]
    name: Mapped[str]
    media_type: Mapped[str]
    blob_hash: Mapped[str] = mapped_column(index=True)
    pages: Mapped[int]
    state: Mapped[str]
    error: Mapped[str]
    uploaded_by: Mapped[str | None] = learner_reference(OnErase.ANONYMISE, index=True)
    uploaded_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class PassageRow(Base):
    """A piece of a material, small enough for a prompt. `page` counts from 1.

    `embedding` holds float16 numbers, little-endian; empty where no embedding model fits.
    """

    __tablename__ = "passages"
    __table_args__ = (UniqueConstraint("material_id", "position"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    material_id: Mapped[str] = mapped_column(ForeignKey("materials.id"))
    position: Mapped[int]
    page: Mapped[int]
    heading: Mapped[str]
    text: Mapped[str]
    embedding: Mapped[bytes]
