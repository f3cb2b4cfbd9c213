"""Practices: running lessons, quizzes and reviews, one open for each learner in a conversation.

What `plan` and `dialogue` hold is the business of whoever teaches; here they are JSON.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from storage.identifiers import new_id
from storage.models import PracticeRow
from storage.models.base import columns_for
from storage.session import Session


@dataclass(frozen=True, slots=True)
class Practice:
    """`version` grows with every save; `ended_at` None while it runs.

    `conversation_id` is None once the conversation was too old to be kept.
    """

    id: str
    learner_id: str
    conversation_id: str | None
    course_id: str | None
    homework_id: str | None
    kind: str
    language: str
    item_id: str | None
    plan: Mapping[str, Any]
    dialogue: Mapping[str, Any]
    version: int
    started_at: datetime
    updated_at: datetime
    ended_at: datetime | None


_PRACTICE = columns_for(PracticeRow, Practice)
_OPEN = select(*_PRACTICE).where(
    PracticeRow.ended_at.is_(None), PracticeRow.learner_id == bindparam("for_learner")
)
_OPEN_HERE = _OPEN.where(PracticeRow.conversation_id == bindparam("for_conversation"))
_LATEST_OPEN = _OPEN.order_by(PracticeRow.updated_at.desc(), PracticeRow.id.desc()).limit(1)
_BY_ID = select(*_PRACTICE).where(PracticeRow.id == bindparam("for_id"))


async def begin_practice(
    session: Session,
    *,
    learner_id: str,
    conversation_id: str,
    kind: str,
    language: str,
    plan: Mapping[str, Any],
    now: datetime,
    dialogue: Mapping[str, Any] | None = None,
    course_id: str | None = None,
    homework_id: str | None = None,
    item_id: str | None = None,
) -> Practice:
    """Begins a practice; one that the learner has open in that conversation ends."""
    await session.execute(
        update(PracticeRow)
        .where(
            PracticeRow.ended_at.is_(None),
            PracticeRow.learner_id == learner_id,
            PracticeRow.conversation_id == conversation_id,
        )
        .values(ended_at=now, updated_at=now, version=PracticeRow.version + 1)
    )
    values: dict[str, Any] = {
        "id": new_id(),
        "learner_id": learner_id,
        "conversation_id": conversation_id,
        "course_id": course_id,
        "homework_id": homework_id,
        "kind": kind,
        "language": language,
        "item_id": item_id,
        "plan": dict(plan),
        "dialogue": dict(dialogue or {}),
        "version": 1,
        "started_at": now,
        "updated_at": now,
        "ended_at": None,
    }
    await session.execute(insert(PracticeRow), values)
    return Practice(**values)


async def practice_by_id(session: Session, practice_id: str) -> Practice | None:
    """A practice as it stands now, also an ended one."""
    return _one(await session.execute(_BY_ID, {"for_id": practice_id}))


async def open_practice(session: Session, learner_id: str, conversation_id: str) -> Practice | None:
    """What the learner has open in a conversation."""
    here = {"for_learner": learner_id, "for_conversation": conversation_id}
    return _one(await session.execute(_OPEN_HERE, here))


async def latest_open_practice(session: Session, learner_id: str) -> Practice | None:
    """What the learner worked on last and has not ended, wherever that is."""
    return _one(await session.execute(_LATEST_OPEN, {"for_learner": learner_id}))


async def save_practice(session: Session, practice: Practice, now: datetime) -> Practice | None:
    """Saves item, plan, dialogue and language of a running practice as changed in `practice`.

    None where it was saved by somebody else or ended since it was loaded: load it again.
    """
    saved = replace(practice, version=practice.version + 1, updated_at=now)
    return saved if await _change(session, practice, saved) else None


async def end_practice(session: Session, practice: Practice, now: datetime) -> Practice | None:
    """Saves a practice for the last time; None as in `save_practice`."""
    ended = replace(practice, version=practice.version + 1, updated_at=now, ended_at=now)
    return ended if await _change(session, practice, ended) else None


async def practices_of(
    session: Session, learner_id: str, *, limit: int = 20, before: datetime | None = None
) -> list[Practice]:
    """A learner's practices, the one they worked on last first."""
    query = select(*_PRACTICE).where(PracticeRow.learner_id == learner_id)
    if before is not None:
        query = query.where(PracticeRow.updated_at < before)
    rows = await session.execute(query.order_by(PracticeRow.updated_at.desc()).limit(limit))
    return [Practice(*row) for row in rows]


async def forget_conversations(
    session: Session, conversation_ids: Sequence[str], now: datetime
) -> None:
    """Ends what ran in these conversations, which go; what was practised there stays."""
    here = PracticeRow.conversation_id.in_(conversation_ids)
    open_here = here & PracticeRow.ended_at.is_(None)
    ended = {"ended_at": now, "version": PracticeRow.version + 1}
    await session.execute(update(PracticeRow).where(open_here).values(ended))
    forgotten: dict[str, Any] = {"conversation_id": None, "dialogue": {}}
    await session.execute(update(PracticeRow).where(here).values(forgotten))


async def _change(session: Session, loaded: Practice, changed: Practice) -> bool:
    statement = (
        update(PracticeRow)
        .where(
            PracticeRow.id == loaded.id,
            PracticeRow.version == loaded.version,
            PracticeRow.ended_at.is_(None),
        )
        .values(
            item_id=changed.item_id,
            plan=dict(changed.plan),
            dialogue=dict(changed.dialogue),
            language=changed.language,
            version=changed.version,
            updated_at=changed.updated_at,
            ended_at=changed.ended_at,
        )
        .returning(PracticeRow.id)
    )
    return (await session.execute(statement)).first() is not None


def _one(result: Any) -> Practice | None:
    row = result.one_or_none()
    return Practice(*row) if row else None
