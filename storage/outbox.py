"""The outbox: what Daoshi says on its own, delivered once by whoever serves the platform."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
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


CARD_PAUSE = timedelta(seconds=5)
"""The least time between two edits of a card."""

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


async def put_card(
    session: Session,
    *,
    key: str,
    platform: str,
    body: Mapping[str, Any],
    now: datetime,
    recipient: str | None = None,
    place: Mapping[str, Any] | None = None,
) -> None:
    """What a card says from now on: one message for each key, edited in place.

    Only the newest body is delivered, not more often than every CARD_PAUSE. A card that can never
    be shown stays so.
    """
    present = select(*_ROW, _table.finished_at).where(_table.dedupe_key == key).with_for_update()
    found = (await session.execute(present)).one_or_none()
    if found is None:
        await add_notice(
            session,
            platform=platform,
            body=body,
            now=now,
            recipient=recipient,
            place=place,
            dedupe_key=key,
        )
        return
    *values, finished_at = found
    card = OutboxRow(*values)
    if card.state == "impossible" or card.body == body:
        return
    if finished_at is None:  # on its way: it is noticed there that there is something newer
        await _change(session, card.id, body=dict(body))
    else:
        await _show_again(session, card, max(now, finished_at + CARD_PAUSE), body=dict(body))


async def card_body(session: Session, key: str) -> Mapping[str, Any] | None:
    """What a card says at present."""
    query = select(_table.body).where(_table.dedupe_key == key)
    body: Mapping[str, Any] | None = (await session.execute(query)).scalar_one_or_none()
    return body


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
    session: Session, delivered: OutboxRow, channel: str, message_id: str, now: datetime
) -> None:
    """It was delivered, and this is where it can be found again.

    A card that has something newer to say by now is due once more.
    """
    await _change(
        session,
        delivered.id,
        state="sent",
        finished_at=now,
        address_channel=channel,
        address_message_id=message_id,
        error=None,
    )
    query = select(*_ROW).where(_table.id == delivered.id)
    row = (await session.execute(query)).one_or_none()
    if row is not None and row.body != delivered.body:
        await _show_again(session, OutboxRow(*row), now + CARD_PAUSE)


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


async def _show_again(
    session: Session, card: OutboxRow, not_before: datetime, **values: Any
) -> None:
    """Has a card that was sent edited; where it could not be sent, it is sent after all."""
    await _change(
        session,
        card.id,
        state="waiting",
        owner=None,
        attempts=0,
        finished_at=None,
        not_before=not_before,
        edits_channel=card.address_channel,
        edits_message_id=card.address_message_id,
        **values,
    )


async def _change(session: Session, notice_id: str, **values: Any) -> None:
    await session.execute(update(_table).where(_table.id == notice_id).values(**values))
