"""Erases a person: everything about them is deleted or made anonymous in one transaction."""

from datetime import datetime

from sqlalchemy import Select, delete, or_, select, union, update

from storage.database import Session
from storage.datasets import withdraw
from storage.erasures import record_erasure
from storage.items import delete_parts_of_own_items
from storage.learners import identities
from storage.models import (
    AdapterTrialRow,
    AssignmentChangeRow,
    AssignmentRow,
    AuditRow,
    Base,
    ChoiceSetRow,
    ClaimRow,
    CommunityRow,
    ConversationRow,
    CorrectionRow,
    LearnerRow,
    RatingRow,
    ReportRow,
    TurnRevisionRow,
    TurnRow,
)
from storage.models.base import OnErase
from storage.personal import by_identity, learner_columns

SCOPES_AT_ONCE = 1000  # a statement takes so many values, and not any number


async def erase_learner(session: Session, learner_id: str, now: datetime) -> bool:
    """Erases a learner; False when there is none. Their blobs go with the next clean-up.

    Data sets with their words are withdrawn first, while it is known which those are.
    """
    known = await identities(session, learner_id)
    here = LearnerRow.id == learner_id
    if (await session.execute(select(LearnerRow.id).where(here))).first() is None:
        return False
    await withdraw(session, learner_id, now)
    for identity in known:
        await record_erasure(session, identity.platform, identity.workspace, identity.user_id, now)
    await session.execute(
        update(AuditRow)
        .where(or_(AuditRow.subject_id == learner_id, AuditRow.actor_id == learner_id))
        .values(details={})
    )
    if known:
        for table, theirs in by_identity(known).items():
            await session.execute(delete(Base.metadata.tables[table]).where(theirs))
    await _erase_dialogue(session, learner_id)
    await delete_parts_of_own_items(session, learner_id)
    await _erase_scopes(session, learner_id)
    for reference in learner_columns():
        theirs = reference.column == learner_id
        if reference.on_erase is OnErase.DELETE:
            await session.execute(delete(reference.table).where(theirs))
        else:
            clear = update(reference.table).where(theirs).values({reference.column: None})
            await session.execute(clear)
    await session.execute(delete(LearnerRow).where(here))
    return True


async def _erase_scopes(session: Session, learner_id: str) -> None:
    """What was chosen or tried for them alone, in a community or wherever they write."""
    communities = (await session.execute(select(CommunityRow.id))).scalars()
    alone = [f"learner:{learner_id}", *(f"learner:{one}:{learner_id}" for one in communities)]
    for row in (AssignmentRow, AssignmentChangeRow, AdapterTrialRow):
        for start in range(0, len(alone), SCOPES_AT_ONCE):
            scopes = alone[start : start + SCOPES_AT_ONCE]
            await session.execute(delete(row).where(row.scope.in_(scopes)))


async def _erase_dialogue(session: Session, learner_id: str) -> None:
    """What they said and were answered, also where an answer does not name them."""
    await _forget_shared_summaries(session, learner_id)
    private = select(ConversationRow.id).where(ConversationRow.learner_id == learner_id)
    turns = turns_about(learner_id)
    await session.execute(delete(ClaimRow).where(ClaimRow.key.in_(_claims_of(turns))))
    await session.execute(delete(ChoiceSetRow).where(ChoiceSetRow.conversation_id.in_(private)))
    await delete_turns(session, turns)


async def delete_turns(session: Session, turns: Select[str]) -> int:
    """Deletes turns with all that hangs on them; reports of them stay without the text."""
    await session.execute(delete(ChoiceSetRow).where(ChoiceSetRow.turn_id.in_(turns)))
    await session.execute(delete(RatingRow).where(RatingRow.turn_id.in_(turns)))
    await session.execute(delete(CorrectionRow).where(CorrectionRow.turn_id.in_(turns)))
    await session.execute(delete(TurnRevisionRow).where(TurnRevisionRow.turn_id.in_(turns)))
    await session.execute(
        update(ReportRow).where(ReportRow.turn_id.in_(turns)).values(turn_id=None)
    )
    return (await session.execute(delete(TurnRow).where(TurnRow.id.in_(turns)))).rowcount


async def _forget_shared_summaries(session: Session, learner_id: str) -> None:
    """A shared thread's summary may hold their words; it is made anew from what remains."""
    took_part = select(TurnRow.conversation_id).where(TurnRow.learner_id == learner_id)
    await session.execute(
        update(ConversationRow)
        .where(ConversationRow.id.in_(took_part))
        .values(summary="", summary_until=None)
    )


def turns_about(learner_id: str) -> Select[str]:
    """Their own turns, those in their private conversations, and the replies to their turns."""
    private = select(ConversationRow.id).where(ConversationRow.learner_id == learner_id)
    asked = select(TurnRow.claim_key).where(
        TurnRow.learner_id == learner_id, TurnRow.claim_key.is_not(None)
    )
    found = union(
        select(TurnRow.id).where(TurnRow.learner_id == learner_id),
        select(TurnRow.id).where(TurnRow.conversation_id.in_(private)),
        select(TurnRow.id).where(TurnRow.claim_key.in_(asked)),
    ).subquery()
    return select(found.c.id)


def _claims_of(turns: Select[str]) -> Select[str | None]:
    return select(TurnRow.claim_key).where(TurnRow.id.in_(turns), TurnRow.claim_key.is_not(None))
