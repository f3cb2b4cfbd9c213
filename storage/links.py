"""Link codes: how a person shows that two identities on two platforms are theirs.

One of them is given a code (10 minutes, five tries) and enters it with the other; when both names
were confirmed, the two learners become one.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, func, insert, select, update

from storage.database import Session
from storage.identifiers import new_id
from storage.learners import Identity, Learner, identities, learner_by_id
from storage.merging import merge_learners
from storage.models import LinkAttemptRow, LinkCodeRow

CODE_LIFETIME = timedelta(minutes=10)
TRIES_PER_CODE = 5
TRIES_PER_PERSON = 5  # in a code's lifetime
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that looks like something else
SELECTOR_LETTERS, SECRET_LETTERS = 4, 6


class LinkOutcome(StrEnum):
    FOUND = "found"
    WRONG = "wrong"
    EXPIRED = "expired"  # too old, used, or tried too often
    OWN = "own"  # entered by the very learner it was given to
    TOO_MANY = "too_many"  # this person has tried too often


@dataclass(frozen=True, slots=True)
class LinkOffer:
    """What is to be confirmed: `host` was given the code, `guest` entered it."""

    code_id: str
    host: Learner
    guest: Learner
    host_identities: tuple[Identity, ...]
    guest_identities: tuple[Identity, ...]


@dataclass(frozen=True, slots=True)
class LinkTry:
    outcome: LinkOutcome
    offer: LinkOffer | None = None


async def create_link_code(session: Session, learner_id: str, now: datetime) -> str:
    """A new code for a learner, such as `K7QW-4F92MX`; their earlier ones no longer work."""
    await _forget_old(session, now)
    await session.execute(delete(LinkCodeRow).where(LinkCodeRow.learner_id == learner_id))
    selector, secret = _letters(SELECTOR_LETTERS), _letters(SECRET_LETTERS)
    salt = secrets.token_hex(16)
    values = {
        "id": new_id(),
        "selector": selector,
        "salt": salt,
        "digest": _digest(salt, secret),
        "learner_id": learner_id,
        "guest_id": None,
        "tries_left": TRIES_PER_CODE,
        "created_at": now,
        "expires_at": now + CODE_LIFETIME,
        "used_at": None,
    }
    await session.execute(insert(LinkCodeRow), values)
    return f"{selector}-{secret}"


async def try_link_code(session: Session, code: str, guest_id: str, now: datetime) -> LinkTry:
    """Enters a code. Every try counts, against the person and against the code it names."""
    if await _tried_too_often(session, guest_id, now):
        return LinkTry(LinkOutcome.TOO_MANY)
    letters = "".join(letter for letter in code.upper() if letter in ALPHABET)
    selector, secret = letters[:SELECTOR_LETTERS], letters[SELECTOR_LETTERS:]
    spend = (
        update(LinkCodeRow)
        .where(LinkCodeRow.selector == selector, LinkCodeRow.used_at.is_(None))
        .values(tries_left=LinkCodeRow.tries_left - 1)
        .returning(
            LinkCodeRow.id,
            LinkCodeRow.salt,
            LinkCodeRow.digest,
            LinkCodeRow.learner_id,
            LinkCodeRow.tries_left,
            LinkCodeRow.expires_at,
        )
    )
    row = (await session.execute(spend)).one_or_none()
    if row is None:
        return LinkTry(LinkOutcome.WRONG)
    if row.tries_left < 0 or row.expires_at <= now:
        return LinkTry(LinkOutcome.EXPIRED)
    if not hmac.compare_digest(_digest(row.salt, secret), row.digest):
        return LinkTry(LinkOutcome.WRONG)
    if row.learner_id == guest_id:
        return LinkTry(LinkOutcome.OWN)
    claim = update(LinkCodeRow).where(LinkCodeRow.id == row.id).values(guest_id=guest_id)
    await session.execute(claim)
    return LinkTry(LinkOutcome.FOUND, await _offer(session, row.id, row.learner_id, guest_id))


async def confirm_link(
    session: Session, code_id: str, guest_id: str, now: datetime
) -> Learner | None:
    """Makes the two one, in this transaction; None when the offer is gone, used or too old."""
    use = (
        update(LinkCodeRow)
        .where(
            LinkCodeRow.id == code_id,
            LinkCodeRow.guest_id == guest_id,
            LinkCodeRow.used_at.is_(None),
            LinkCodeRow.expires_at > now,
        )
        .values(used_at=now)
        .returning(LinkCodeRow.learner_id)
    )
    host_id = (await session.execute(use)).scalar_one_or_none()
    if host_id is None:
        return None
    return await merge_learners(session, keep_id=host_id, gone_id=guest_id, now=now)


async def _offer(session: Session, code_id: str, host_id: str, guest_id: str) -> LinkOffer:
    host, guest = await learner_by_id(session, host_id), await learner_by_id(session, guest_id)
    assert host is not None, host_id
    assert guest is not None, guest_id
    return LinkOffer(
        code_id,
        host,
        guest,
        tuple(await identities(session, host_id)),
        tuple(await identities(session, guest_id)),
    )


async def _tried_too_often(session: Session, learner_id: str, now: datetime) -> bool:
    recent = select(func.count()).where(
        LinkAttemptRow.learner_id == learner_id,
        LinkAttemptRow.attempted_at > now - CODE_LIFETIME,
    )
    if (await session.execute(recent)).scalar_one() >= TRIES_PER_PERSON:
        return True
    attempt = {"id": new_id(), "learner_id": learner_id, "attempted_at": now}
    await session.execute(insert(LinkAttemptRow), attempt)
    return False


async def _forget_old(session: Session, now: datetime) -> None:
    """Codes and attempts are worthless soon after."""
    old = now - CODE_LIFETIME
    await session.execute(delete(LinkCodeRow).where(LinkCodeRow.expires_at < old))
    await session.execute(delete(LinkAttemptRow).where(LinkAttemptRow.attempted_at < old))


def _letters(count: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(count))


def _digest(salt: str, secret: str) -> str:
    return hashlib.sha256(f"{salt}:{secret}".encode()).hexdigest()
