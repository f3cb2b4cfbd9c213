"""Conversations: one open at a time for each place, and for each learner where it is private."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.database import Session
from storage.identifiers import new_id
from storage.models import ConversationRow
from storage.models.base import columns_for
from storage.turns import (
    StoredTurn,
    add_turn,
    learner_history,
    rate_turn,
    recent_turns,
    rewrite_turn,
    turn_by_id,
    turn_by_message,
)

__all__ = [
    "Conversation",
    "StoredTurn",
    "add_turn",
    "conversation_by_id",
    "learner_history",
    "open_conversation",
    "rate_turn",
    "recent_turns",
    "rewrite_turn",
    "set_summary",
    "start_new_conversation",
    "turn_by_id",
    "turn_by_message",
]


@dataclass(frozen=True, slots=True)
class Conversation:
    """Without a learner it is a thread that everybody there shares.

    `summary` stands for the turns up to and including the one with the id `summary_until`.
    """

    id: str
    platform: str
    community_id: str
    channel: str
    thread: str | None
    learner_id: str | None
    summary: str
    summary_until: str | None
    started_at: datetime


_CONVERSATION = columns_for(ConversationRow, Conversation)
_OPEN_HERE = (
    ConversationRow.ended_at.is_(None)
    & (ConversationRow.community_id == bindparam("for_community"))
    & (ConversationRow.channel == bindparam("for_channel"))
    & (ConversationRow.thread == bindparam("for_thread"))
)
_THEIRS = ConversationRow.learner_id == bindparam("for_learner")
_NOBODYS = ConversationRow.learner_id.is_(None)
_FIND_PRIVATE = select(*_CONVERSATION).where(_OPEN_HERE, ConversationRow.learner_id.is_not(None))
_FIND_PRIVATE = _FIND_PRIVATE.where(_THEIRS)
_FIND_SHARED = select(*_CONVERSATION).where(_OPEN_HERE, _NOBODYS)
_ADD = upsert(ConversationRow).on_conflict_do_nothing()


async def open_conversation(
    session: Session,
    *,
    platform: str,
    community_id: str,
    channel: str,
    thread: str | None,
    learner_id: str | None,
    now: datetime,
) -> Conversation:
    """The current conversation of a place, begun when there is none."""
    place = {
        "for_community": community_id,
        "for_channel": channel,
        "for_thread": thread or "",
    }
    query = _FIND_SHARED
    if learner_id is not None:
        query, place = _FIND_PRIVATE, place | {"for_learner": learner_id}
    row = (await session.execute(query, place)).one_or_none()
    if row is None:
        await session.execute(
            _ADD,
            {
                "id": new_id(),
                "platform": platform,
                "community_id": community_id,
                "channel": channel,
                "thread": thread or "",
                "learner_id": learner_id,
                "summary": "",
                "summary_until": None,
                "started_at": now,
                "ended_at": None,
            },
        )
        row = (await session.execute(query, place)).one()
    return _conversation(row)


async def start_new_conversation(
    session: Session,
    *,
    platform: str,
    community_id: str,
    channel: str,
    thread: str | None,
    learner_id: str | None,
    now: datetime,
) -> Conversation:
    """Ends the current conversation of a place, and begins the next."""
    statement = update(ConversationRow).where(
        ConversationRow.ended_at.is_(None),
        ConversationRow.community_id == community_id,
        ConversationRow.channel == channel,
        ConversationRow.thread == (thread or ""),
    )
    if learner_id is None:
        statement = statement.where(_NOBODYS)
    else:
        statement = statement.where(
            ConversationRow.learner_id.is_not(None), ConversationRow.learner_id == learner_id
        )
    await session.execute(statement.values(ended_at=now))
    return await open_conversation(
        session,
        platform=platform,
        community_id=community_id,
        channel=channel,
        thread=thread,
        learner_id=learner_id,
        now=now,
    )


async def conversation_by_id(session: Session, conversation_id: str) -> Conversation | None:
    """A conversation as it stands now, also an ended one."""
    query = _BY_ID
    row = (await session.execute(query, {"for_id": conversation_id})).one_or_none()
    return _conversation(row) if row else None


_BY_ID = select(*_CONVERSATION).where(ConversationRow.id == bindparam("for_id"))


async def set_summary(
    session: Session, conversation_id: str, summary: str, until_turn_id: str | None
) -> None:
    """Replaces the running summary, which now covers the turns up to `until_turn_id`."""
    await session.execute(
        update(ConversationRow)
        .where(ConversationRow.id == conversation_id)
        .values(summary=summary, summary_until=until_turn_id)
    )


def _conversation(row: tuple[object, ...]) -> Conversation:
    id_, platform, community_id, channel, thread, *rest = row
    return Conversation(id_, platform, community_id, channel, thread or None, *rest)  # type: ignore[arg-type]
