"""Installations in workspaces and the states of pending ones. The payload is ciphertext to us."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.database import Session
from storage.models import InstallationRow, OAuthStateRow

BOT = ""  # the user id of a workspace's bot


async def save_installation(
    session: Session,
    *,
    platform: str,
    enterprise_id: str,
    team_id: str,
    payload: bytes,
    now: datetime,
    user_id: str = BOT,
) -> None:
    """Stores the bot of a workspace, or a person's own installation; replaces an earlier one."""
    statement = upsert(InstallationRow).values(
        platform=platform,
        enterprise_id=enterprise_id,
        team_id=team_id,
        user_id=user_id,
        payload=payload,
        installed_at=now,
    )
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["platform", "enterprise_id", "team_id", "user_id"],
            set_={"payload": payload, "installed_at": now},
        )
    )


async def find_installation(
    session: Session,
    *,
    platform: str,
    enterprise_id: str,
    team_id: str,
    user_id: str | None = BOT,
) -> bytes | None:
    """The bot's payload, a person's, or with None that of whoever installed it last."""
    query = select(InstallationRow.payload).where(*_workspace(platform, enterprise_id, team_id))
    if user_id is None:
        query = query.where(InstallationRow.user_id != BOT)
        query = query.order_by(InstallationRow.installed_at.desc()).limit(1)
    else:
        query = query.where(InstallationRow.user_id == user_id)
    return (await session.execute(query)).scalar_one_or_none()


async def installed_workspaces(session: Session, platform: str) -> list[tuple[str, str]]:
    """(enterprise id, team id) of every workspace with a bot."""
    query = (
        select(InstallationRow.enterprise_id, InstallationRow.team_id)
        .where(InstallationRow.platform == platform, InstallationRow.user_id == BOT)
        .order_by(InstallationRow.enterprise_id, InstallationRow.team_id)
    )
    return [(enterprise_id, team_id) for enterprise_id, team_id in await session.execute(query)]


async def delete_installation(
    session: Session, *, platform: str, enterprise_id: str, team_id: str, user_id: str | None = None
) -> None:
    """Forgets the bot (""), a person's installation, or with None the whole workspace."""
    statement = delete(InstallationRow).where(*_workspace(platform, enterprise_id, team_id))
    if user_id is not None:
        statement = statement.where(InstallationRow.user_id == user_id)
    await session.execute(statement)


async def issue_state(session: Session, state: str, expires_at: datetime) -> None:
    """Remembers a state parameter that was handed out."""
    await session.execute(insert(OAuthStateRow), {"state": state, "expires_at": expires_at})


async def consume_state(session: Session, state: str, now: datetime) -> bool:
    """Whether the state was ours, fresh and not used before."""
    await session.execute(delete(OAuthStateRow).where(OAuthStateRow.expires_at <= now))
    statement = delete(OAuthStateRow).where(OAuthStateRow.state == state)
    return (await session.execute(statement.returning(OAuthStateRow.state))).first() is not None


def _workspace(platform: str, enterprise_id: str, team_id: str) -> tuple[ColumnElement[bool], ...]:
    return (
        InstallationRow.platform == platform,
        InstallationRow.enterprise_id == enterprise_id,
        InstallationRow.team_id == team_id,
    )
