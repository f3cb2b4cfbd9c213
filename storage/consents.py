"""What learners agreed to. Append-only: the latest entry of a purpose holds, no entry means no."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from storage.database import Session
from storage.identifiers import new_id
from storage.models import ConsentRow
from storage.models.base import columns_for


@dataclass(frozen=True, slots=True)
class Consent:
    """`source` says how it came about: settings, form, link, operator."""

    purpose: str
    granted: bool
    source: str
    recorded_at: datetime


_CONSENT = columns_for(ConsentRow, Consent)


async def record_consent(
    session: Session,
    learner_id: str,
    purpose: str,
    *,
    granted: bool,
    source: str,
    now: datetime,
) -> None:
    """Notes that somebody agreed or withdrew."""
    entry = {
        "id": new_id(),
        "learner_id": learner_id,
        "purpose": purpose,
        "granted": granted,
        "source": source,
        "recorded_at": now,
    }
    await session.execute(insert(ConsentRow), entry)


async def has_consent(session: Session, learner_id: str, purpose: str) -> bool:
    """Whether somebody agrees now."""
    query = (
        select(ConsentRow.granted)
        .where(ConsentRow.learner_id == learner_id, ConsentRow.purpose == purpose)
        .order_by(ConsentRow.id.desc())
        .limit(1)
    )
    return bool((await session.execute(query)).scalar_one_or_none())


async def consent_history(session: Session, learner_id: str) -> list[Consent]:
    """Everything somebody agreed to or withdrew, oldest first."""
    query = select(*_CONSENT).where(ConsentRow.learner_id == learner_id).order_by(ConsentRow.id)
    return [Consent(*row) for row in await session.execute(query)]


async def current_consents(session: Session, learner_id: str) -> dict[str, bool]:
    """What holds now, by purpose."""
    return {entry.purpose: entry.granted for entry in await consent_history(session, learner_id)}
