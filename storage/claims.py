"""Claims: a lease on each question, so that it is answered once, also after a crash.

received → answering → sent | failed. Who holds a claim renews its lease; a lease that ran out may
be taken over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.database import Session
from storage.models import ClaimRow, TurnRow
from storage.models.base import columns_for

RECEIVED_LEASE = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Claim:
    """`question` is the question's JSON; the address is that of the reply, once it has begun."""

    key: str
    event_id: str
    state: str
    platform: str
    community: str
    channel: str
    thread: str | None
    message_id: str
    author: str
    question: str
    address_channel: str | None
    address_message_id: str | None
    owner: str | None
    lease_until: datetime
    attempts: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class ClaimedPlace:
    """A place where something was claimed, for catching up after a reconnect."""

    community: str
    channel: str
    thread: str | None


_CLAIM = columns_for(ClaimRow, Claim)
_INSERT = upsert(ClaimRow).on_conflict_do_nothing().returning(ClaimRow.key)
_ONE = ClaimRow.key == bindparam("keys")
_MANY = ClaimRow.key.in_(bindparam("keys", expanding=True))
_EXPIRED = ClaimRow.lease_until <= bindparam("at")
_OURS = ClaimRow.owner == bindparam("for_owner")
_TAKE = (
    update(ClaimRow)
    .where(
        ClaimRow.finished_at.is_(None),
        _EXPIRED | ((ClaimRow.state == "received") & (ClaimRow.owner.is_(None) | _OURS)),
    )
    .values(
        state="answering",
        owner=bindparam("for_owner"),
        lease_until=bindparam("until"),
        attempts=ClaimRow.attempts + 1,
    )
    .returning(ClaimRow.key)
)
_RENEW = (
    update(ClaimRow)
    .where(_MANY, _OURS, ClaimRow.finished_at.is_(None))
    .values(lease_until=bindparam("until"))
    .returning(ClaimRow.key)
)
_SAVE_ADDRESS = update(ClaimRow).values(
    address_channel=bindparam("reply_channel"), address_message_id=bindparam("reply_message")
)
_FINISH = update(ClaimRow).values(state=bindparam("new_state"), finished_at=bindparam("at"))
_TAKE_ONE, _TAKE_MANY = _TAKE.where(_ONE), _TAKE.where(_MANY)
_SAVE_ADDRESS_OF_ONE, _SAVE_ADDRESS_OF_MANY = _SAVE_ADDRESS.where(_ONE), _SAVE_ADDRESS.where(_MANY)
_FINISH_ONE, _FINISH_MANY = _FINISH.where(_ONE), _FINISH.where(_MANY)
_ABANDONED = (
    select(*_CLAIM)
    .where(ClaimRow.finished_at.is_(None), _EXPIRED)
    .order_by(ClaimRow.lease_until)
    .limit(bindparam("most"))
)
_ABANDONED_ON = _ABANDONED.where(ClaimRow.platform.in_(bindparam("platforms", expanding=True)))


def author_key(workspace: str, user_id: str) -> str:
    """How a claim names its author, so that erasing a person finds their claims."""
    return f"{workspace}:{user_id}"


async def insert_claim(
    session: Session,
    *,
    key: str,
    event_id: str,
    platform: str,
    community: str,
    channel: str,
    thread: str | None,
    message_id: str,
    author: str,
    question: str,
    now: datetime,
    owner: str | None = None,
    lease_until: datetime | None = None,
) -> bool:
    """Stores a claim; False when the question was claimed before.

    With an owner it belongs to that process until the lease runs out; without one, whoever asks
    first may take it.
    """
    values = {
        "key": key,
        "event_id": event_id,
        "state": "received",
        "platform": platform,
        "community": community,
        "channel": channel,
        "thread": thread,
        "message_id": message_id,
        "author": author,
        "question": question,
        "address_channel": None,
        "address_message_id": None,
        "owner": owner,
        "lease_until": lease_until or now + RECEIVED_LEASE,
        "attempts": 0,
        "received_at": now,
        "finished_at": None,
    }
    return (await session.execute(_INSERT, values)).first() is not None


async def take_claims(
    session: Session, *, keys: Sequence[str], owner: str, lease_until: datetime, now: datetime
) -> list[str]:
    """Takes what is ours, nobody's or abandoned; returns the keys of what we now hold."""
    if not keys:
        return []
    statement = _TAKE_ONE if len(keys) == 1 else _TAKE_MANY
    values = {"keys": _bound(keys), "for_owner": owner, "until": lease_until, "at": now}
    return list((await session.execute(statement, values)).scalars())


async def renew_claims(
    session: Session, keys: Sequence[str], owner: str, lease_until: datetime
) -> list[str]:
    """Prolongs our leases; returns the keys that are still ours."""
    if not keys:
        return []
    values = {"keys": list(keys), "for_owner": owner, "until": lease_until}
    return list((await session.execute(_RENEW, values)).scalars())


async def save_address(
    session: Session, keys: str | Sequence[str], channel: str, message_id: str
) -> None:
    """Stores where the reply is, as soon as its first part exists."""
    listed = _listed(keys)
    values = {"keys": _bound(listed), "reply_channel": channel, "reply_message": message_id}
    one = len(listed) == 1
    await session.execute(_SAVE_ADDRESS_OF_ONE if one else _SAVE_ADDRESS_OF_MANY, values)


async def finish_claims(
    session: Session, keys: str | Sequence[str], state: str, now: datetime
) -> None:
    """Ends claims as sent or failed."""
    assert state in ("sent", "failed"), state
    if keys:
        listed = _listed(keys)
        values = {"keys": _bound(listed), "new_state": state, "at": now}
        await session.execute(_FINISH_ONE if len(listed) == 1 else _FINISH_MANY, values)


async def abandoned_claims(
    session: Session, now: datetime, limit: int, *, platforms: Sequence[str] | None = None
) -> list[Claim]:
    """Unfinished claims whose lease ran out, oldest first; take them before answering."""
    values: dict[str, Any] = {"at": now, "most": limit}
    query = _ABANDONED
    if platforms is not None:
        query, values = _ABANDONED_ON, values | {"platforms": list(platforms)}
    return [Claim(*row) for row in await session.execute(query, values)]


async def claim_by_key(session: Session, key: str) -> Claim | None:
    """One claim, None when it is unknown or long finished."""
    row = (await session.execute(select(*_CLAIM).where(ClaimRow.key == key))).one_or_none()
    return Claim(*row) if row else None


async def last_claimed_message(session: Session, channel: str) -> str | None:
    """The message that was received last in a channel, where catching up begins."""
    query = (
        select(ClaimRow.message_id)
        .where(ClaimRow.channel == channel, ClaimRow.key.contains(":m:", autoescape=True))
        .order_by(ClaimRow.received_at.desc())
        .limit(1)
    )
    return (await session.execute(query)).scalar_one_or_none()


async def claimed_places(session: Session, platform: str, since: datetime) -> list[ClaimedPlace]:
    """Every place of a platform in which something was claimed since then."""
    query = (
        select(ClaimRow.community, ClaimRow.channel, ClaimRow.thread)
        .where(ClaimRow.platform == platform, ClaimRow.received_at >= since)
        .distinct()
    )
    return [ClaimedPlace(*row) for row in await session.execute(query)]


async def latest_messages(session: Session, platform: str, since: datetime) -> dict[str, str]:
    """The message that was received last in every place since then, by thread or else channel."""
    place = func.coalesce(ClaimRow.thread, ClaimRow.channel)
    newest = (
        select(
            place.label("place"),
            ClaimRow.message_id,
            func.row_number()
            .over(partition_by=place, order_by=ClaimRow.received_at.desc())
            .label("rank"),
        )
        .where(
            ClaimRow.platform == platform,
            ClaimRow.received_at >= since,
            ClaimRow.key.contains(":m:", autoescape=True),
        )
        .subquery()
    )
    query = select(newest.c.place, newest.c.message_id).where(newest.c.rank == 1)
    return {row.place: row.message_id for row in await session.execute(query)}


async def forget_questions(session: Session, before: datetime) -> int:
    """Empties the questions of claims that were finished before then; returns how many."""
    statement = (
        update(ClaimRow).where(ClaimRow.finished_at < before, ClaimRow.question != "")
    ).values(question="")
    return (await session.execute(statement)).rowcount


async def purge_claims(session: Session, before: datetime) -> int:
    """Deletes claims finished before then; a reply's address moves to its turn."""
    old = ClaimRow.finished_at < before
    address = (
        select(ClaimRow.address_message_id)
        .where(ClaimRow.key == TurnRow.claim_key)
        .scalar_subquery()
    )
    await session.execute(
        update(TurnRow)
        .where(
            TurnRow.claim_key.in_(select(ClaimRow.key).where(old)),
            TurnRow.role == "assistant",
            TurnRow.message_id.is_(None),
        )
        .values(message_id=address)
    )
    return (await session.execute(delete(ClaimRow).where(old))).rowcount


def _bound(keys: Sequence[str]) -> str | list[str]:
    """What a statement for one claim, or for many, is given; the first is cheaper and usual."""
    return keys[0] if len(keys) == 1 else list(keys)


def _listed(keys: str | Sequence[str]) -> list[str]:
    return [keys] if isinstance(keys, str) else list(keys)
