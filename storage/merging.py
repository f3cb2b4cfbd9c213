"""Two learners become one: every row re-pointed, nothing counted twice, the stricter rule kept."""

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage import audit, consents, datasets
from storage.database import Session
from storage.learners import Learner, learner_by_id
from storage.members import TEACHER
from storage.merging_practice import end_second_practices, join_checklists, make_practice_again
from storage.models import (
    ConversationRow,
    CorrectionRow,
    CourseMemberRow,
    LearnerRow,
    LearnerUsageRow,
    LinkAttemptRow,
    LinkCodeRow,
    RatingRow,
    StandingRow,
)
from storage.personal import learner_columns
from storage.standings import STRICTNESS

TRAINING = "training"  # the purpose under which people agree that their chats train models


async def merge_learners(session: Session, *, keep_id: str, gone_id: str, now: datetime) -> Learner:
    """Gives everything of `gone_id` to `keep_id` and removes the empty learner."""
    assert keep_id != gone_id, keep_id
    keep, gone = await learner_by_id(session, keep_id), await learner_by_id(session, gone_id)
    assert keep is not None, keep_id
    assert gone is not None, gone_id
    await _keep_stricter_consents(session, keep_id, gone_id, now)
    for make_room in MAKE_ROOM:
        await make_room(session, keep_id, gone_id, now)
    for reference in learner_columns():
        await session.execute(
            update(reference.table)
            .where(reference.column == gone_id)
            .values({reference.column: keep_id})
        )
    await _join(session, keep, gone)
    await audit.record(
        session,
        actor_id=keep_id,
        action="learner.linked",
        subject_id=keep_id,
        details={"former_id": gone_id},
        now=now,
    )
    merged = await learner_by_id(session, keep_id)
    assert merged is not None, keep_id
    return merged


async def _keep_stricter_consents(
    session: Session, keep_id: str, gone_id: str, now: datetime
) -> None:
    """Agreed only where both had agreed; the entries that follow the others make it hold."""
    kept = await consents.current_consents(session, keep_id)
    gone = await consents.current_consents(session, gone_id)
    for purpose in sorted(kept.keys() | gone.keys()):
        await consents.record_consent(
            session,
            keep_id,
            purpose,
            granted=kept.get(purpose, False) and gone.get(purpose, False),
            source="link",
            now=now,
        )


async def _join(session: Session, keep: Learner, gone: Learner) -> None:
    """What is set once: the own choice first, and the stricter status."""
    stricter = max(keep, gone, key=lambda learner: STRICTNESS.index(learner.status))
    await session.execute(delete(LearnerRow).where(LearnerRow.id == gone.id))
    await session.execute(
        update(LearnerRow)
        .where(LearnerRow.id == keep.id)
        .values(
            language=keep.language or gone.language,
            status=stricter.status,
            status_reason=stricter.status_reason,
            settings={**gone.settings, **keep.settings},
            created_at=min(keep.created_at, gone.created_at),
        )
    )


async def _end_second_conversations(
    session: Session, keep_id: str, gone_id: str, now: datetime
) -> None:
    """Where both have an open private conversation in one place, the second one ends."""
    same_place = (
        ConversationRow.community_id,
        ConversationRow.channel,
        ConversationRow.thread,
    )
    open_now = ConversationRow.ended_at.is_(None)
    places = select(*same_place).where(open_now, ConversationRow.learner_id == keep_id)
    for community_id, channel, thread in (await session.execute(places)).all():
        await session.execute(
            update(ConversationRow)
            .where(
                open_now,
                ConversationRow.learner_id == gone_id,
                ConversationRow.community_id == community_id,
                ConversationRow.channel == channel,
                ConversationRow.thread == thread,
            )
            .values(ended_at=now)
        )


async def _add_up_usage(session: Session, keep_id: str, gone_id: str, _: datetime) -> None:
    """The one person has used what both had used: no quota is doubled."""
    counts = ("questions", "prompt_tokens", "completion_tokens")
    columns = [getattr(LearnerUsageRow, name) for name in ("span", "starts_at", *counts)]
    theirs = select(*columns).where(LearnerUsageRow.learner_id == gone_id)
    for row in (await session.execute(theirs)).mappings().all():
        statement = upsert(LearnerUsageRow).values(learner_id=keep_id, **row)
        await session.execute(
            statement.on_conflict_do_update(
                index_elements=["learner_id", "span", "starts_at"],
                set_={
                    name: getattr(LearnerUsageRow, name) + statement.excluded[name]
                    for name in counts
                },
            )
        )
    await session.execute(delete(LearnerUsageRow).where(LearnerUsageRow.learner_id == gone_id))


async def _drop_second_ratings(session: Session, keep_id: str, gone_id: str, _: datetime) -> None:
    """One thumb a person: where both rated a reply, the first learner's stays."""
    rated = select(RatingRow.turn_id).where(RatingRow.learner_id == keep_id)
    await session.execute(
        delete(RatingRow).where(RatingRow.learner_id == gone_id, RatingRow.turn_id.in_(rated))
    )


async def _keep_stricter_standings(
    session: Session, keep_id: str, gone_id: str, _: datetime
) -> None:
    """Where both are paused or blocked in one community, the stricter decision stays."""
    both = select(StandingRow.community_id, StandingRow.learner_id, StandingRow.status).where(
        StandingRow.learner_id.in_((keep_id, gone_id))
    )
    found: dict[str, dict[str, str]] = {}
    for community_id, learner_id, status in (await session.execute(both)).all():
        found.setdefault(community_id, {})[learner_id] = status
    for community_id, statuses in sorted(found.items()):
        if len(statuses) == 2:
            milder = min((gone_id, keep_id), key=lambda one: STRICTNESS.index(statuses[one]))
            await session.execute(
                delete(StandingRow).where(
                    StandingRow.community_id == community_id, StandingRow.learner_id == milder
                )
            )


async def _join_memberships(session: Session, keep_id: str, gone_id: str, _: datetime) -> None:
    """Where both belong to one course, the first learner's stays; a teacher stays one."""
    theirs = select(
        CourseMemberRow.course_id, CourseMemberRow.role, CourseMemberRow.sees_names
    ).where(CourseMemberRow.learner_id == gone_id)
    for course_id, role, sees_names in (await session.execute(theirs)).all():
        kept = (CourseMemberRow.course_id == course_id, CourseMemberRow.learner_id == keep_id)
        if (await session.execute(select(CourseMemberRow.role).where(*kept))).first() is None:
            continue
        if role == TEACHER:
            better = {"role": role, "sees_names": sees_names}
            learning = CourseMemberRow.role != TEACHER
            await session.execute(update(CourseMemberRow).where(*kept, learning).values(better))
        await session.execute(
            delete(CourseMemberRow).where(
                CourseMemberRow.course_id == course_id, CourseMemberRow.learner_id == gone_id
            )
        )


async def _forget_codes(session: Session, keep_id: str, gone_id: str, _: datetime) -> None:
    """No code of either is good for anything any more."""
    both = (keep_id, gone_id)
    await session.execute(delete(LinkCodeRow).where(LinkCodeRow.learner_id.in_(both)))
    await session.execute(delete(LinkCodeRow).where(LinkCodeRow.guest_id.in_(both)))
    await session.execute(delete(LinkAttemptRow).where(LinkAttemptRow.learner_id == gone_id))


async def _join_contributions(session: Session, keep_id: str, gone_id: str, now: datetime) -> None:
    """Where only one of them had agreed to training, the consent of both ends here."""
    if not await consents.has_consent(session, keep_id, TRAINING):
        for learner_id in (keep_id, gone_id):
            await datasets.withdraw(session, learner_id, now)
    await datasets.merge_contributions(session, keep_id, gone_id)
    corrected = select(CorrectionRow.turn_id).where(CorrectionRow.learner_id == keep_id)
    await session.execute(
        delete(CorrectionRow).where(
            CorrectionRow.learner_id == gone_id, CorrectionRow.turn_id.in_(corrected)
        )
    )


MakeRoom = Callable[[Session, str, str, datetime], Coroutine[Any, Any, None]]
MAKE_ROOM: tuple[MakeRoom, ...] = (
    _end_second_conversations,
    _add_up_usage,
    _drop_second_ratings,
    _join_contributions,
    _keep_stricter_standings,
    _join_memberships,
    end_second_practices,
    make_practice_again,
    join_checklists,
    _forget_codes,
)
