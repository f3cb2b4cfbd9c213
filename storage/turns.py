"""Turns: what learners and the tutor said, and how it was rated."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, union, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.database import Session
from storage.identifiers import new_id
from storage.models import ClaimRow, ConversationRow, RatingRow, TurnRevisionRow, TurnRow
from storage.models.base import columns_for, utc_now


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """`role` is user or assistant; `learner_id` who wrote it, or whom it answers.

    `state` is done, stopped, interrupted or failed; `adapter` what shaped the model's answer.
    """

    id: str
    conversation_id: str
    role: str
    learner_id: str | None
    text: str
    created_at: datetime
    claim_key: str | None = None
    message_id: str | None = None
    move: str | None = None
    adapter: str | None = None
    state: str = "done"
    speaker: str = ""
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


_TURN = columns_for(TurnRow, StoredTurn)
_insert_turn = upsert(TurnRow)
_ADD = _insert_turn.on_conflict_do_update(
    index_elements=["claim_key", "role"],
    set_={
        name: _insert_turn.excluded[name]
        for name in (
            "text",
            "message_id",
            "move",
            "adapter",
            "state",
            "prompt_tokens",
            "completion_tokens",
        )
    },
).returning(*_TURN)
_RECENT = (
    select(*_TURN)
    .where(
        TurnRow.conversation_id == bindparam("for_conversation"),
        TurnRow.id > bindparam("after"),
    )
    .order_by(TurnRow.id.desc())
    .limit(bindparam("most"))
)


async def add_turn(
    session: Session,
    *,
    conversation_id: str,
    role: str,
    text: str,
    now: datetime,
    learner_id: str | None = None,
    speaker: str = "",
    claim_key: str | None = None,
    message_id: str | None = None,
    move: str | None = None,
    adapter: str | None = None,
    state: str = "done",
    prompt_tokens: int | None = None,
    completion_tokens: int | None = None,
) -> StoredTurn:
    """Records a turn. A claim that is answered again replaces what it had recorded."""
    assert role in ("user", "assistant"), role
    values = {
        "id": new_id(),
        "conversation_id": conversation_id,
        "role": role,
        "learner_id": learner_id,
        "speaker": speaker,
        "text": text,
        "created_at": now,
        "claim_key": claim_key,
        "message_id": message_id,
        "move": move,
        "adapter": adapter,
        "state": state,
        "prompt_tokens": prompt_tokens,
        "completion_tokens": completion_tokens,
    }
    return StoredTurn(*(await session.execute(_ADD, values)).one())


async def recent_turns(
    session: Session, conversation_id: str, limit: int, after_id: str | None = None
) -> list[StoredTurn]:
    """The newest turns of a conversation (after the one named), oldest of them first."""
    values = {"for_conversation": conversation_id, "after": after_id or "", "most": limit}
    rows = (await session.execute(_RECENT, values)).all()
    return [StoredTurn(*row) for row in reversed(rows)]


async def turn_by_id(session: Session, turn_id: str) -> StoredTurn | None:
    """A turn, None when retention or erasure took it."""
    row = (await session.execute(select(*_TURN).where(TurnRow.id == turn_id))).one_or_none()
    return StoredTurn(*row) if row else None


async def turn_by_message(
    session: Session, platform: str, channel: str, message_id: str
) -> StoredTurn | None:
    """The turn that a platform's message shows: a learner's own, or a reply by its address."""
    said = (
        select(TurnRow.id)
        .join(ConversationRow, ConversationRow.id == TurnRow.conversation_id)
        .where(
            TurnRow.message_id == message_id,
            ConversationRow.platform == platform,
            (ConversationRow.channel == channel) | (ConversationRow.thread == channel),
        )
    )
    replied = (
        select(TurnRow.id)
        .join(ClaimRow, ClaimRow.key == TurnRow.claim_key)
        .where(
            ClaimRow.address_message_id == message_id,
            ClaimRow.platform == platform,
            ClaimRow.address_channel == channel,
            TurnRow.role == "assistant",
        )
    )
    found = union(said, replied).subquery()
    query = select(*_TURN).join(found, found.c.id == TurnRow.id).order_by(TurnRow.id).limit(1)
    row = (await session.execute(query)).one_or_none()
    return StoredTurn(*row) if row else None


async def rewrite_turn(
    session: Session, turn_id: str, text: str, now: datetime | None = None
) -> None:
    """Changes a turn's text and keeps the earlier version."""
    earlier = select(TurnRow.text).where(TurnRow.id == turn_id)
    before = (await session.execute(earlier)).scalar_one_or_none()
    if before is None or before == text:
        return
    revision = {
        "id": new_id(),
        "turn_id": turn_id,
        "text": before,
        "replaced_at": now or utc_now(),
    }
    await session.execute(insert(TurnRevisionRow), revision)
    await session.execute(update(TurnRow).where(TurnRow.id == turn_id).values(text=text))


async def earlier_versions(session: Session, turn_id: str) -> list[str]:
    """What a turn said before, oldest first."""
    query = (
        select(TurnRevisionRow.text)
        .where(TurnRevisionRow.turn_id == turn_id)
        .order_by(TurnRevisionRow.id)
    )
    return list((await session.execute(query)).scalars())


async def learner_history(
    session: Session, learner_id: str, limit: int, before: str | None = None
) -> list[StoredTurn]:
    """What a learner said and was answered, in every place, newest first.

    `before` is the id of the last turn of the page before.
    """
    own = select(TurnRow.id).where(TurnRow.learner_id == learner_id)
    private = (
        select(TurnRow.id)
        .join(ConversationRow, ConversationRow.id == TurnRow.conversation_id)
        .where(ConversationRow.learner_id == learner_id)
    )
    if before is not None:
        own, private = own.where(TurnRow.id < before), private.where(TurnRow.id < before)
    newest = [
        part.order_by(TurnRow.id.desc()).limit(limit).subquery().select() for part in (own, private)
    ]
    found = union(*newest).subquery()
    query = (
        select(*_TURN)
        .join(found, found.c.id == TurnRow.id)
        .order_by(TurnRow.id.desc())
        .limit(limit)
    )
    return [StoredTurn(*row) for row in await session.execute(query)]


async def rate_turn(
    session: Session, turn_id: str, learner_id: str, rating: int, now: datetime
) -> None:
    """A thumb up (1) or down (-1); a later one of the same person replaces it."""
    assert rating in (-1, 1), rating
    statement = upsert(RatingRow).values(
        turn_id=turn_id, learner_id=learner_id, rating=rating, rated_at=now
    )
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["turn_id", "learner_id"],
            set_={"rating": statement.excluded.rating, "rated_at": statement.excluded.rated_at},
        )
    )
