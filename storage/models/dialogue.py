"""Conversations, their turns, and the buttons under replies."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, OnErase, learner_reference

SHARED_AND_OPEN = text("ended_at IS NULL AND learner_id IS NULL")
PRIVATE_AND_OPEN = text("ended_at IS NULL AND learner_id IS NOT NULL")


class ConversationRow(Base):
    """One conversation in one place; with a learner it is theirs alone, without one it is shared.

    `thread` is "" outside threads. Only one of a kind is open at a time.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        Index(
            "uq_conversations_shared",
            "community_id",
            "channel",
            "thread",
            unique=True,
            sqlite_where=SHARED_AND_OPEN,
            postgresql_where=SHARED_AND_OPEN,
        ),
        Index(
            "uq_conversations_private",
            "community_id",
            "channel",
            "thread",
            "learner_id",
            unique=True,
            sqlite_where=PRIVATE_AND_OPEN,
            postgresql_where=PRIVATE_AND_OPEN,
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    platform: Mapped[str]
    community_id: Mapped[str] = mapped_column(ForeignKey("communities.id"), index=True)
    channel: Mapped[str]
    thread: Mapped[str]
    learner_id: Mapped[str | None] = learner_reference(OnErase.DELETE, index=True)
    summary: Mapped[str]
    summary_until: Mapped[str | None]  # the id of the last turn that the summary covers
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class TurnRow(Base):
    """What one side said. A claim gives at most one turn of each role, however often it is run."""

    __tablename__ = "turns"
    __table_args__ = (
        UniqueConstraint("claim_key", "role"),
        Index(None, "conversation_id", "id"),
        Index(None, "learner_id", "id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    role: Mapped[str]
    learner_id: Mapped[str | None] = learner_reference(OnErase.DELETE)  # who wrote or was answered
    speaker: Mapped[str]  # how the author was called then
    text: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(index=True)
    claim_key: Mapped[str | None]
    message_id: Mapped[str | None] = mapped_column(index=True)
    move: Mapped[str | None]
    adapter: Mapped[str | None]
    state: Mapped[str]
    prompt_tokens: Mapped[int | None]
    completion_tokens: Mapped[int | None]


class TurnRevisionRow(Base):
    """Append-only: what a turn said before it was edited or generated again."""

    __tablename__ = "turn_revisions"

    id: Mapped[str] = mapped_column(primary_key=True)
    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id"), index=True)
    text: Mapped[str]
    replaced_at: Mapped[datetime]


class RatingRow(Base):
    """A thumb: one for each person and reply, 1 or -1."""

    __tablename__ = "ratings"

    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id"), primary_key=True)
    learner_id: Mapped[str] = learner_reference(OnErase.DELETE, primary_key=True, index=True)
    rating: Mapped[int]
    rated_at: Mapped[datetime]


class ChoiceSetRow(Base):
    """The buttons that were offered together. Without a learner anybody may press them.

    `used_by` holds the key of the claim that used an option up, by the option's number.
    """

    __tablename__ = "choice_sets"

    token: Mapped[str] = mapped_column(primary_key=True)
    learner_id: Mapped[str | None] = learner_reference(OnErase.DELETE, index=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    turn_id: Mapped[str | None] = mapped_column(ForeignKey("turns.id"), index=True)
    version: Mapped[int]
    options: Mapped[list[Any]]
    used_mask: Mapped[int] = mapped_column(BigInteger)  # bit n: option n was pressed
    used_by: Mapped[dict[str, Any] | None]
    closed: Mapped[bool]
    used_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
