"""How long chat text is kept: per community, by default as the installation says. Counts stay."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, select, update

from storage import choices, claims, outbox, practices, usage
from storage.communities import Community, communities
from storage.database import Database, Session
from storage.erase import delete_turns
from storage.models import ChoiceSetRow, ClaimRow, ConversationRow, PracticeRow, TurnRow

DEFAULT_DAYS = 90
TURNS_AT_ONCE = 1000
QUESTION_LIFETIME = timedelta(days=1)  # after the answer; the turn holds what was said
CLAIM_LIFETIME = timedelta(days=14)  # against redelivery, and to find a reply by its message
NOTICE_LIFETIME = timedelta(days=30)
HOURS_LIFETIME = timedelta(days=7)  # then hours of usage are summed up to days


@dataclass(frozen=True, slots=True)
class Retained:
    """What was deleted."""

    turns: int
    conversations: int
    claims: int


async def apply_retention(
    database: Database, now: datetime, default_days: int = DEFAULT_DAYS
) -> Retained:
    """Deletes what is too old, in small transactions, so that nobody waits long for them."""
    async with database.read() as session:
        everywhere = await communities(session)
    turns = conversations = 0
    for community in everywhere:
        before = now - timedelta(days=community.retention_days or default_days)
        turns += await _forget_turns(database, community, before)
        async with database.long_write() as session:
            conversations += await _forget_conversations(session, community, before, now)
            await _forget_questions(session, community, before)
    async with database.long_write() as session:
        await claims.forget_questions(session, now - QUESTION_LIFETIME)
        gone = await claims.purge_claims(session, now - CLAIM_LIFETIME)
        await choices.purge_choices(session, now)
        await outbox.purge_outbox(session, now - NOTICE_LIFETIME)
        await usage.sum_up_days(session, now - HOURS_LIFETIME)
    return Retained(turns, conversations, gone)


async def _forget_turns(database: Database, community: Community, before: datetime) -> int:
    """Deletes a community's old turns, and the summaries that were made of them."""
    here = select(ConversationRow.id).where(ConversationRow.community_id == community.id)
    old = (
        select(TurnRow.id)
        .where(TurnRow.created_at < before, TurnRow.conversation_id.in_(here))
        .order_by(TurnRow.created_at)
        .limit(TURNS_AT_ONCE)
    )
    deleted = 0
    while True:
        async with database.long_write() as session:
            ids = list((await session.execute(old)).scalars())
            if not ids:
                return deleted
            touched = select(TurnRow.conversation_id).where(TurnRow.id.in_(ids)).distinct()
            await session.execute(
                update(ConversationRow)
                .where(ConversationRow.id.in_(touched))
                .values(summary="", summary_until=None)
            )
            deleted += await delete_turns(session, select(TurnRow.id).where(TurnRow.id.in_(ids)))


async def _forget_conversations(
    session: Session, community: Community, before: datetime, now: datetime
) -> int:
    """Deletes conversations that have nothing left and began before then."""
    empty = ~exists().where(TurnRow.conversation_id == ConversationRow.id)
    idle = ~exists().where(
        PracticeRow.conversation_id == ConversationRow.id, PracticeRow.updated_at >= before
    )
    gone = select(ConversationRow.id).where(
        ConversationRow.community_id == community.id,
        ConversationRow.started_at < before,
        empty,
        idle,
    )
    ids = list((await session.execute(gone.limit(TURNS_AT_ONCE))).scalars())
    await session.execute(delete(ChoiceSetRow).where(ChoiceSetRow.conversation_id.in_(ids)))
    await practices.forget_conversations(session, ids, now)
    await session.execute(delete(ConversationRow).where(ConversationRow.id.in_(ids)))
    return len(ids)


async def _forget_questions(session: Session, community: Community, before: datetime) -> None:
    """Also what a claim still holds of a question, where a community keeps text for hours only."""
    await session.execute(
        update(ClaimRow)
        .where(
            ClaimRow.platform == community.platform,
            ClaimRow.received_at < before,
            ClaimRow.community == community.external_id,
            ClaimRow.finished_at.is_not(None),
            func.length(ClaimRow.question) > 0,
        )
        .values(question="")
    )
