"""What came in and must be answered once, and what must go out once."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, OnErase, learner_reference

UNFINISHED = text("finished_at IS NULL")


class ClaimRow(Base):
    """A lease on one question. `question` is its JSON and is emptied once it is no longer needed.

    `author` is what `storage.claims.author_key` makes of the author's identity.
    """

    __tablename__ = "claims"
    __table_args__ = (
        Index(
            "ix_claims_unfinished",
            "lease_until",
            sqlite_where=UNFINISHED,
            postgresql_where=UNFINISHED,
        ),
        Index(None, "channel", "received_at"),
        Index(None, "platform", "received_at"),
        Index(None, "platform", "author"),
    )

    key: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str]
    state: Mapped[str]
    platform: Mapped[str]
    community: Mapped[str]
    channel: Mapped[str]
    thread: Mapped[str | None]
    message_id: Mapped[str]
    author: Mapped[str]
    question: Mapped[str]
    address_channel: Mapped[str | None]
    address_message_id: Mapped[str | None] = mapped_column(index=True)
    owner: Mapped[str | None]
    lease_until: Mapped[datetime]
    attempts: Mapped[int]
    received_at: Mapped[datetime]
    finished_at: Mapped[datetime | None] = mapped_column(index=True)


class OutboxRow(Base):
    """Something that Daoshi says on its own, delivered once by whoever serves the platform.

    `recipient` is the platform's user id, `place` the JSON of a place; one of them may be absent.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_due",
            "platform",
            "not_before",
            sqlite_where=UNFINISHED,
            postgresql_where=UNFINISHED,
        ),
        Index(None, "platform", "recipient"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str | None] = mapped_column(unique=True)
    platform: Mapped[str]
    recipient: Mapped[str | None]
    learner_id: Mapped[str | None] = learner_reference(OnErase.DELETE, index=True)
    place: Mapped[dict[str, Any] | None]
    body: Mapped[dict[str, Any]]
    state: Mapped[str]
    attempts: Mapped[int]
    owner: Mapped[str | None]
    not_before: Mapped[datetime]  # while it is being delivered: until when the lease holds
    edits_channel: Mapped[str | None]
    edits_message_id: Mapped[str | None]
    address_channel: Mapped[str | None]
    address_message_id: Mapped[str | None]
    error: Mapped[str | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None] = mapped_column(index=True)
