"""Learners and the platform identities by which they are recognised."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage import audit
from storage.database import Session
from storage.identifiers import new_id
from storage.models import IdentityRow, LearnerRow


@dataclass(frozen=True, slots=True)
class Learner:
    """A person, on however many platforms. `status` is active, paused or blocked."""

    id: str
    display_name: str
    language: str | None
    status: str
    created_at: datetime
    is_new: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    status_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """A learner as one platform knows them; `language` is the learner's own setting."""

    platform: str
    workspace: str
    user_id: str
    learner_id: str
    display_name: str
    locale: str | None
    created_at: datetime
    language: str | None = None


_LEARNER = (
    LearnerRow.id,
    LearnerRow.display_name,
    LearnerRow.language,
    LearnerRow.status,
    LearnerRow.created_at,
    LearnerRow.settings,
    LearnerRow.status_reason,
)
_IDENTITY = (
    IdentityRow.platform,
    IdentityRow.workspace,
    IdentityRow.user_id,
    IdentityRow.learner_id,
    IdentityRow.display_name,
    IdentityRow.locale,
    IdentityRow.created_at,
    LearnerRow.language,
)
_SAME_IDENTITY = (
    (IdentityRow.platform == bindparam("for_platform"))
    & (IdentityRow.workspace == bindparam("for_workspace"))
    & (IdentityRow.user_id == bindparam("for_user"))
)
_RECOGNISE = (
    select(*_LEARNER, IdentityRow.display_name.label("known_as"), IdentityRow.locale)
    .join(IdentityRow, IdentityRow.learner_id == LearnerRow.id)
    .where(_SAME_IDENTITY)
)
_FIND_IDENTITY = (
    select(*_IDENTITY)
    .join(LearnerRow, LearnerRow.id == IdentityRow.learner_id)
    .where(_SAME_IDENTITY)
)
_ADD_IDENTITY = upsert(IdentityRow).on_conflict_do_nothing().returning(IdentityRow.learner_id)


async def recognise(
    session: Session,
    *,
    platform: str,
    workspace: str,
    user_id: str,
    display_name: str,
    locale: str | None,
    now: datetime,
) -> Learner:
    """The learner behind an identity; makes one on first contact, with `is_new` set."""
    who = {"for_platform": platform, "for_workspace": workspace, "for_user": user_id}
    row = (await session.execute(_RECOGNISE, who)).one_or_none()
    if row is None:
        made = await _make(session, platform, workspace, user_id, display_name, locale, now)
        if made is not None:
            return made
        row = (await session.execute(_RECOGNISE, who)).one()  # another process was faster
    learner = _learner(row)
    if (row.known_as, row.locale) == (display_name, locale):
        return learner
    return await _follow_platform(session, who, learner, row.known_as, display_name, locale)


async def learner_by_id(session: Session, learner_id: str) -> Learner | None:
    """A learner, None after they were erased or merged into another."""
    query = select(*_LEARNER).where(LearnerRow.id == learner_id)
    row = (await session.execute(query)).one_or_none()
    return _learner(row) if row else None


async def identities(session: Session, learner_id: str) -> list[Identity]:
    """Every identity of a learner, oldest first."""
    query = (
        select(*_IDENTITY)
        .join(LearnerRow, LearnerRow.id == IdentityRow.learner_id)
        .where(IdentityRow.learner_id == learner_id)
        .order_by(IdentityRow.created_at)
    )
    return [Identity(*row) for row in await session.execute(query)]


async def find_identity(
    session: Session, platform: str, workspace: str, user_id: str
) -> Identity | None:
    """An identity that was seen before; never makes one."""
    who = {"for_platform": platform, "for_workspace": workspace, "for_user": user_id}
    row = (await session.execute(_FIND_IDENTITY, who)).one_or_none()
    return Identity(*row) if row else None


async def set_language(session: Session, learner_id: str, language: str | None) -> None:
    """The language somebody chose; None goes back to following their messages."""
    await _change(session, learner_id, language=language)


async def set_display_name(session: Session, learner_id: str, display_name: str) -> None:
    """The name by which somebody wants to be called, whatever their platforms say."""
    await _change(session, learner_id, display_name=display_name)


async def set_settings(session: Session, learner_id: str, settings: Mapping[str, Any]) -> None:
    """Replaces the learner's own settings."""
    await _change(session, learner_id, settings=dict(settings))


async def set_status(
    session: Session,
    learner_id: str,
    status: str,
    *,
    by: str | None,
    reason: str,
    now: datetime | None = None,
    community_id: str | None = None,
) -> None:
    """Pauses, blocks or reactivates a learner everywhere; `by` is the operator who decided it."""
    assert status in ("active", "paused", "blocked"), status
    await _change(session, learner_id, status=status, status_reason=reason)
    await audit.record(
        session,
        actor_id=by,
        action=f"learner.{status}",
        subject_id=learner_id,
        community_id=community_id,
        details={"reason": reason, "everywhere": True},
        now=now,
    )


async def _make(
    session: Session,
    platform: str,
    workspace: str,
    user_id: str,
    display_name: str,
    locale: str | None,
    now: datetime,
) -> Learner | None:
    """None when another process made the same identity at the same time."""
    learner = Learner(new_id(), display_name, None, "active", now, is_new=True)
    await session.execute(
        insert(LearnerRow),
        {"id": learner.id, "display_name": display_name, "created_at": now},
    )
    identity = {
        "platform": platform,
        "workspace": workspace,
        "user_id": user_id,
        "learner_id": learner.id,
        "display_name": display_name,
        "locale": locale,
        "created_at": now,
    }
    if (await session.execute(_ADD_IDENTITY, identity)).first() is not None:
        return learner
    await session.execute(delete(LearnerRow).where(LearnerRow.id == learner.id))
    return None


async def _follow_platform(
    session: Session,
    who: Mapping[str, str],
    learner: Learner,
    known_as: str,
    display_name: str,
    locale: str | None,
) -> Learner:
    """The platform's name or locale changed; a name that the learner chose stays."""
    statement = update(IdentityRow).where(_SAME_IDENTITY)
    await session.execute(statement.values(display_name=display_name, locale=locale), dict(who))
    if learner.display_name != known_as or known_as == display_name:
        return learner
    await set_display_name(session, learner.id, display_name)
    renamed = await learner_by_id(session, learner.id)
    assert renamed is not None, learner.id
    return renamed


async def _change(session: Session, learner_id: str, **values: Any) -> None:
    await session.execute(update(LearnerRow).where(LearnerRow.id == learner_id).values(**values))


def _learner(row: Any) -> Learner:
    return Learner(
        row.id,
        row.display_name,
        row.language,
        row.status,
        row.created_at,
        settings=row.settings,
        status_reason=row.status_reason,
    )
