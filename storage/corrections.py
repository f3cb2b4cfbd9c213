"""Better answers that people wrote in place of a reply, and the rated replies around them.

One correction a person and reply; a later one replaces it. They live as long as the reply: what
retention or erasure takes is no longer there for a data set.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.database import Session
from storage.models import ConversationRow, CorrectionRow, RatingRow, TurnRow
from storage.models.base import columns_for
from storage.turns import StoredTurn

_PAGE = 200


@dataclass(frozen=True, slots=True)
class Correction:
    """What `learner_id` would have had the tutor say."""

    turn_id: str
    learner_id: str
    text: str
    corrected_at: datetime


@dataclass(frozen=True, slots=True)
class RatedReply:
    """A thumb: `rating` is 1 or -1. `owner_id` is whose private conversation it was, if any."""

    turn_id: str
    learner_id: str
    rating: int
    rated_at: datetime
    community_id: str
    owner_id: str | None


_CORRECTION = columns_for(CorrectionRow, Correction)
_TURN = columns_for(TurnRow, StoredTurn)


async def correct_turn(
    session: Session, turn_id: str, learner_id: str, text: str, now: datetime
) -> Correction:
    """Keeps a better answer to what a reply answered."""
    statement = upsert(CorrectionRow).values(
        turn_id=turn_id, learner_id=learner_id, text=text, corrected_at=now
    )
    statement = statement.on_conflict_do_update(
        index_elements=["turn_id", "learner_id"],
        set_={name: statement.excluded[name] for name in ("text", "corrected_at")},
    )
    return Correction(*(await session.execute(statement.returning(*_CORRECTION))).one())


async def corrections_of(session: Session, turn_ids: Sequence[str]) -> list[Correction]:
    """The better answers to some replies, the oldest first."""
    query = select(*_CORRECTION).where(CorrectionRow.turn_id.in_(turn_ids))
    query = query.order_by(CorrectionRow.turn_id, CorrectionRow.corrected_at)
    return [Correction(*row) for row in await session.execute(query)]


async def corrected_replies(
    session: Session, *, after: str = "", limit: int = _PAGE
) -> list[tuple[Correction, str, str | None]]:
    """Better answers with the community and owner of their conversation, in the replies' order.

    `after` is the reply that the page before ended with; a reply's answers are on one page.
    """
    ids = await _next_replies(session, CorrectionRow.turn_id, after, limit)
    places = await _places(session, ids)
    return [(made, *places[made.turn_id]) for made in await corrections_of(session, ids)]


async def rated_replies(
    session: Session, *, after: str = "", limit: int = _PAGE
) -> list[RatedReply]:
    """Thumbs in the order of the replies; a reply's thumbs are on one page, `after` as above."""
    ids = await _next_replies(session, RatingRow.turn_id, after, limit)
    places = await _places(session, ids)
    query = (
        select(RatingRow.turn_id, RatingRow.learner_id, RatingRow.rating, RatingRow.rated_at)
        .where(RatingRow.turn_id.in_(ids))
        .order_by(RatingRow.turn_id, RatingRow.learner_id)
    )
    return [RatedReply(*row, *places[row.turn_id]) for row in await session.execute(query)]


async def _next_replies(session: Session, column: Any, after: str, limit: int) -> list[str]:
    """A page of the replies that a table has rows about."""
    query = select(column).where(column > after).order_by(column).distinct().limit(limit)
    return list((await session.execute(query)).scalars())


async def _places(session: Session, ids: Sequence[str]) -> dict[str, tuple[str, str | None]]:
    """The community and owner of each reply's conversation."""
    query = (
        select(TurnRow.id, ConversationRow.community_id, ConversationRow.learner_id)
        .join(ConversationRow, ConversationRow.id == TurnRow.conversation_id)
        .where(TurnRow.id.in_(ids))
    )
    rows = await session.execute(query)
    return {reply: (community, owner) for reply, community, owner in rows}


async def turns_up_to(session: Session, turn: StoredTurn, limit: int) -> list[StoredTurn]:
    """A turn after those that led to it in its conversation, the oldest first."""
    query = (
        select(*_TURN)
        .where(TurnRow.conversation_id == turn.conversation_id, TurnRow.id <= turn.id)
        .order_by(TurnRow.id.desc())
        .limit(limit)
    )
    return [StoredTurn(*row) for row in reversed((await session.execute(query)).all())]
