"""Buttons that were offered: who may press them, until when, and that each counts once."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from storage.database import Session
from storage.models import ChoiceSetRow

MOST_OPTIONS = 60  # the bits of a mask


@dataclass(frozen=True, slots=True)
class ChoiceOption:
    """What a button means. `once`: it counts once. `closes`: a press ends the whole set.

    `staff`: only staff may press it, which the caller checks.
    """

    action: str
    label: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)
    once: bool = False
    closes: bool = False
    staff: bool = False


@dataclass(frozen=True, slots=True)
class PressedOption(ChoiceOption):
    """A stored option with the set it belongs to. `learner_id` None: anybody may press it.

    `used_by` is the key of the claim whose press used it up.
    """

    choice_id: str = ""
    learner_id: str | None = None
    conversation_id: str = ""
    turn_id: str | None = None
    version: int = 0
    expires_at: datetime | None = None
    used: bool = False
    used_by: str | None = None


class PressOutcome(StrEnum):
    OK = "ok"
    FOREIGN = "foreign"  # somebody else's button
    EXPIRED = "expired"
    ALREADY = "already"  # it was pressed before, or another of its set closed it
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PressResult:
    outcome: PressOutcome
    option: PressedOption | None = None


_FIND = select(
    ChoiceSetRow.token,
    ChoiceSetRow.learner_id,
    ChoiceSetRow.conversation_id,
    ChoiceSetRow.turn_id,
    ChoiceSetRow.version,
    ChoiceSetRow.options,
    ChoiceSetRow.used_mask,
    ChoiceSetRow.used_by,
    ChoiceSetRow.closed,
    ChoiceSetRow.expires_at,
).where(ChoiceSetRow.token == bindparam("for_token"))
_ADD = insert(ChoiceSetRow)
_PRESS = (
    update(ChoiceSetRow)
    .where(
        ChoiceSetRow.token == bindparam("for_token"),
        ChoiceSetRow.version == bindparam("for_version"),
    )
    .values(
        version=ChoiceSetRow.version + 1,
        used_mask=bindparam("new_mask"),
        used_by=bindparam("now_used_by"),
        closed=bindparam("now_closed"),
        used_at=bindparam("at"),
    )
    .returning(ChoiceSetRow.version)
)


async def create_choices(
    session: Session,
    *,
    learner_id: str | None,
    conversation_id: str,
    turn_id: str | None,
    options: Sequence[ChoiceOption],
    expires_at: datetime,
    now: datetime,
) -> list[str]:
    """Stores options that are offered together; returns an id for each, in their order."""
    assert 0 < len(options) <= MOST_OPTIONS, len(options)
    token = secrets.token_urlsafe(18)
    row = {
        "token": token,
        "learner_id": learner_id,
        "conversation_id": conversation_id,
        "turn_id": turn_id,
        "version": 1,
        "options": [_stored(option) for option in options],
        "used_mask": 0,
        "used_by": None,
        "closed": False,
        "used_at": None,
        "created_at": now,
        "expires_at": expires_at,
    }
    await session.execute(_ADD, row)
    return [f"{token}.{index}" for index in range(len(options))]


async def peek_choice(session: Session, choice_id: str) -> PressedOption | None:
    """What a choice means, without pressing it."""
    found = await _find(session, choice_id)
    return found[0] if found else None


async def press_choice(
    session: Session,
    choice_id: str,
    learner_id: str | None,
    now: datetime,
    *,
    claim: str | None = None,
) -> PressResult:
    """Presses a choice. Of two presses at once that exclude each other, one is OK.

    `claim` is the key of the press's own claim: taken up again after a crash, it counts again.
    """
    while True:
        found = await _find(session, choice_id)
        if found is None:
            return PressResult(PressOutcome.UNKNOWN)
        option, used = found
        if claim is not None and option.used_by == claim:
            return PressResult(PressOutcome.OK, option)
        outcome = _outcome(option, learner_id, now)
        if outcome is not PressOutcome.OK or not (option.once or option.closes):
            return PressResult(outcome, option)
        if await _use(session, option, used, claim, now):
            return PressResult(PressOutcome.OK, option)


async def purge_choices(session: Session, before: datetime) -> int:
    """Deletes the choices that expired before then."""
    return (
        await session.execute(delete(ChoiceSetRow).where(ChoiceSetRow.expires_at < before))
    ).rowcount


def _outcome(option: PressedOption, learner_id: str | None, now: datetime) -> PressOutcome:
    if option.learner_id not in (None, learner_id):
        return PressOutcome.FOREIGN
    if option.used:
        return PressOutcome.ALREADY
    if option.expires_at is not None and option.expires_at <= now:
        return PressOutcome.EXPIRED
    return PressOutcome.OK


@dataclass(frozen=True, slots=True)
class _Used:
    """Which options of a set were used, as a mask, and by which claims."""

    mask: int
    by: Mapping[str, str]


async def _find(session: Session, choice_id: str) -> tuple[PressedOption, _Used] | None:
    """The option and what of its set was used."""
    token, index = _split(choice_id)
    row = (await session.execute(_FIND, {"for_token": token})).one_or_none()
    if row is None or not 0 <= index < len(row.options):
        return None
    stored = row.options[index]
    used = _Used(row.used_mask, row.used_by or {})
    option = PressedOption(
        **stored,
        choice_id=choice_id,
        learner_id=row.learner_id,
        conversation_id=row.conversation_id,
        turn_id=row.turn_id,
        version=row.version,
        expires_at=row.expires_at,
        used=row.closed or bool(stored["once"] and row.used_mask >> index & 1),
        used_by=used.by.get(str(index)),
    )
    return option, used


async def _use(
    session: Session, option: PressedOption, used: _Used, claim: str | None, now: datetime
) -> bool:
    """Compare-and-set by version; False when another press came between."""
    token, index = _split(option.choice_id)
    values = {
        "for_token": token,
        "for_version": option.version,
        "new_mask": used.mask | 1 << index,
        "now_used_by": {**used.by, str(index): claim} if claim else dict(used.by),
        "now_closed": option.closes,
        "at": now,
    }
    return (await session.execute(_PRESS, values)).first() is not None


def _stored(option: ChoiceOption) -> dict[str, Any]:
    return {
        "action": option.action,
        "label": option.label,
        "payload": dict(option.payload),
        "once": option.once,
        "closes": option.closes,
        "staff": option.staff,
    }


def _split(choice_id: str) -> tuple[str, int]:
    token, _, index = choice_id.rpartition(".")
    known = index.isascii() and index.isdecimal() and len(index) <= 2
    return token, int(index) if known else -1
