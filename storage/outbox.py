"""The outbox: what Daoshi says on its own, delivered once by whoever serves the platform."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage import models
from storage.database import Session
from storage.identifiers import new_id
from storage.models.base import columns_for


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """`recipient` is the platform's user id; `place` and `body` are the JSON of their owners.

    `state` is waiting, sending, sent, failed or impossible. `edits_*` name a message to edit
    instead of sending a new one, `address_*` the one that was sent.
    """

    id: str
    platform: str
    recipient: str | None
    learner_id: str | None
    place: Mapping[str, Any] | None
    body: Mapping[str, Any]
    state: str
    attempts: int
    not_before: datetime
    edits_channel: str | None
    edits_message_id: str | None
    address_channel: str | None
    address_message_id: str | None
    error: str | None
    created_at: datetime


_table = models.OutboxRow
_ROW = columns_for(models.OutboxRow, OutboxRow)


async def add_notice(
    session: Session,
    *,
    platform: str,
    body: Mapping[str, Any],
    now: datetime,
    recipient: str | None = None,
    learner_id: str | None = None,
    place: Mapping[str, Any] | None = None,
    not_before: datetime | None = None,
    edits: tuple[str, str] | None = None,
    dedupe_key: str | None = None,
) -> str:
    """Writes a notice and returns its id; one with the same dedupe key is not written twice."""
    edits_channel, edits_message_id = edits or (None, None)
    statement = upsert(_table).values(
        id=new_id(),
        dedupe_key=dedupe_key,
        platform=platform,
        recipient=recipient,
        learner_id=learner_id,
        place=None if place is None else dict(place),
        body=dict(body),
        state="waiting",
        attempts=0,
        not_before=not_before or now,
        edits_channel=edits_channel,
        edits_message_id=edits_message_id,
        created_at=now,
    )
    statement = statement.on_conflict_do_nothing(index_elements=["dedupe_key"])
    made = (await session.execute(statement.returning(_table.id))).scalar_one_or_none()
    if made is None:
        same = select(_table.id).where(_table.dedupe_key == dedupe_key)
        made = (await session.execute(same)).scalar_one()
    return made


async def take_due(
    session: Session,
    *,
    platforms: Sequence[str],
    owner: str,
    lease_until: datetime,
    now: datetime,
    limit: int = 20,
) -> list[OutboxRow]:
    """Takes notices that are due, or whose deliverer fell silent, oldest first."""
    due = (
        select(_table.id)
        .where(
            _table.platform.in_(platforms),
            _table.finished_at.is_(None),
            _table.not_before <= now,
        )
        .order_by(_table.not_before)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list((await session.execute(due)).scalars())
    if not ids:
        return []
    statement = (
        update(_table)
        .where(_table.id.in_(ids))
        .values(state="sending", owner=owner, not_before=lease_until, attempts=_table.attempts + 1)
        .returning(*_ROW)
    )
    taken = [OutboxRow(*row) for row in await session.execute(statement)]
    return sorted(taken, key=lambda row: row.id)


async def mark_sent(
    session: Session, notice_id: str, channel: str, message_id: str, now: datetime
) -> None:
    """It was delivered, and this is where it can be found again."""
    await _change(
        session,
        notice_id,
        state="sent",
        finished_at=now,
        address_channel=channel,
        address_message_id=message_id,
        error=None,
    )


async def retry_later(session: Session, notice_id: str, error: str, not_before: datetime) -> None:
    """It could not be delivered now."""
    await _change(
        session, notice_id, state="waiting", owner=None, error=error, not_before=not_before
    )


async def mark_failed(session: Session, notice_id: str, error: str, now: datetime) -> None:
    """It could not be delivered in all its attempts."""
    await _change(session, notice_id, state="failed", finished_at=now, error=error)


async def mark_impossible(session: Session, notice_id: str, error: str, now: datetime) -> None:
    """The recipient or the place can never be reached."""
    await _change(session, notice_id, state="impossible", finished_at=now, error=error)


async def notice_by_id(session: Session, notice_id: str) -> OutboxRow | None:
    """A notice as it stands, for editing what it became."""
    row = (await session.execute(select(*_ROW).where(_table.id == notice_id))).one_or_none()
    return OutboxRow(*row) if row else None


async def purge_outbox(session: Session, before: datetime) -> int:
    """Deletes notices that were finished before then."""
    return (await session.execute(delete(_table).where(_table.finished_at < before))).rowcount


async def _change(session: Session, notice_id: str, **values: Any) -> None:
    await session.execute(update(_table).where(_table.id == notice_id).values(**values))
