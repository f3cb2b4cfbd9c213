"""Merging of two learners' practice: nothing open twice, and what follows is made again.

Attempts of both become one history. What follows from it (states, ratings, cards) can't be added
up, so the second learner's goes, and a job makes all of it again from the attempts.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import aliased

from storage import jobs
from storage.models import (
    ChecklistProgressRow,
    LearnerParametersRow,
    LearnerRatingRow,
    PracticeRow,
    ReviewCardRow,
    ReviewRow,
    SkillStateRow,
)
from storage.session import Session

REBUILD = "rebuild_learner"
"""The kind of job that makes again what follows from a learner's attempts."""


async def end_second_practices(session: Session, keep_id: str, gone_id: str, now: datetime) -> None:
    """Where both have a practice open in one shared conversation, the second one ends."""
    open_now = PracticeRow.ended_at.is_(None)
    here = select(PracticeRow.conversation_id).where(open_now, PracticeRow.learner_id == keep_id)
    await session.execute(
        update(PracticeRow)
        .where(open_now, PracticeRow.learner_id == gone_id, PracticeRow.conversation_id.in_(here))
        .values(ended_at=now, version=PracticeRow.version + 1)
    )


async def make_practice_again(session: Session, keep_id: str, gone_id: str, now: datetime) -> None:
    """Drops what follows from the second learner's attempts, and asks for all of it again."""
    await session.execute(delete(ReviewRow).where(ReviewRow.learner_id == gone_id))
    for table in (ReviewCardRow, SkillStateRow, LearnerRatingRow, LearnerParametersRow):
        await session.execute(delete(table).where(table.learner_id == gone_id))
    await jobs.enqueue(
        session,
        kind=REBUILD,
        payload={},
        learner_id=keep_id,
        dedupe_key=f"{REBUILD}:{keep_id}",
        now=now,
    )


async def join_checklists(session: Session, keep_id: str, gone_id: str, _: datetime) -> None:
    """Where both go through one checklist, what either has done is done."""
    kept, gone = aliased(ChecklistProgressRow), aliased(ChecklistProgressRow)
    both = (
        select(kept.checklist_id, kept.done, gone.done, kept.finished_at, gone.finished_at)
        .join(gone, gone.checklist_id == kept.checklist_id)
        .where(kept.learner_id == keep_id, gone.learner_id == gone_id)
    )
    for checklist_id, mine, theirs, my_end, their_end in (await session.execute(both)).all():
        values: dict[str, Any] = {"done": {**theirs, **mine}, "finished_at": my_end or their_end}
        here = ChecklistProgressRow.checklist_id == checklist_id
        mine_here = here & (ChecklistProgressRow.learner_id == keep_id)
        await session.execute(update(ChecklistProgressRow).where(mine_here).values(values))
        theirs_here = here & (ChecklistProgressRow.learner_id == gone_id)
        await session.execute(delete(ChecklistProgressRow).where(theirs_here))
