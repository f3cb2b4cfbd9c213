"""Communities, their channels, and what is set for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.database import Session
from storage.identifiers import new_id
from storage.models import ChannelRow, CommunityRow
from storage.models.base import columns_for

DEFAULT_POLICY = "guided"


@dataclass(frozen=True, slots=True)
class Community:
    """`kind` is class, community or work, None until somebody has set the community up.

    `retention_days` None follows the setting of the installation.
    """

    id: str
    platform: str
    external_id: str
    name: str
    kind: str | None
    language: str | None
    policy: str
    retention_days: int | None
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """None follows the community."""

    channel: str
    enabled: bool = True
    language: str | None = None
    policy: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredChannel:
    """A configured channel with the community it belongs to."""

    platform: str
    community_id: str
    external_id: str
    settings: ChannelSettings


_COMMUNITY = columns_for(CommunityRow, Community)
_CHANNEL = columns_for(ChannelRow, ChannelSettings)
_FIND = select(*_COMMUNITY).where(
    CommunityRow.platform == bindparam("for_platform"),
    CommunityRow.external_id == bindparam("for_external"),
)
_ADD = upsert(CommunityRow).on_conflict_do_nothing()
_FIND_CHANNEL = select(*_CHANNEL).where(
    ChannelRow.community_id == bindparam("for_community"),
    ChannelRow.channel == bindparam("for_channel"),
)


async def community_for(
    session: Session, *, platform: str, external_id: str, now: datetime, name: str = ""
) -> Community:
    """The community of a place, made when it is new. external_id "" is the platform's DMs."""
    where = {"for_platform": platform, "for_external": external_id}
    row = (await session.execute(_FIND, where)).one_or_none()
    if row is None:
        fresh: dict[str, Any] = {
            "id": new_id(),
            "platform": platform,
            "external_id": external_id,
            "name": name,
            "kind": None,
            "language": None,
            "policy": DEFAULT_POLICY,
            "retention_days": None,
            "settings": {},
            "created_at": now,
        }
        await session.execute(_ADD, fresh)
        row = (await session.execute(_FIND, where)).one()
    return Community(*row)


async def community_by_id(session: Session, community_id: str) -> Community | None:
    """A community, None when it is unknown."""
    query = select(*_COMMUNITY).where(CommunityRow.id == community_id)
    row = (await session.execute(query)).one_or_none()
    return Community(*row) if row else None


async def policy_of(session: Session, platform: str, external_id: str) -> str | None:
    """The policy of a community, None when it is unknown; never makes one."""
    where = {"for_platform": platform, "for_external": external_id}
    row = (await session.execute(_FIND, where)).one_or_none()
    return row.policy if row else None


async def communities(session: Session, platform: str | None = None) -> list[Community]:
    """Every community, of one platform or of all."""
    query = select(*_COMMUNITY).order_by(CommunityRow.platform, CommunityRow.external_id)
    if platform is not None:
        query = query.where(CommunityRow.platform == platform)
    return [Community(*row) for row in await session.execute(query)]


async def configure_community(session: Session, community_id: str, **changes: Any) -> Community:
    """Changes the named fields of a community: name, kind, language, policy, retention_days,
    settings (replaced as a whole)."""
    allowed = {"name", "kind", "language", "policy", "retention_days", "settings"}
    assert changes.keys() <= allowed, changes.keys() - allowed
    query = (
        update(CommunityRow)
        .where(CommunityRow.id == community_id)
        .values(**changes)
        .returning(*_COMMUNITY)
    )
    return Community(*(await session.execute(query)).one())


async def channel_settings(session: Session, community_id: str, channel: str) -> ChannelSettings:
    """What is set for a channel; the defaults where nothing is."""
    where = {"for_community": community_id, "for_channel": channel}
    row = (await session.execute(_FIND_CHANNEL, where)).one_or_none()
    return ChannelSettings(*row) if row else ChannelSettings(channel)


async def configure_channel(
    session: Session, community_id: str, channel: str, **changes: Any
) -> ChannelSettings:
    """Changes the named fields of a channel: enabled, language, policy, settings."""
    allowed = {"enabled", "language", "policy", "settings"}
    assert changes.keys() <= allowed, changes.keys() - allowed
    fresh = {"enabled": True, "language": None, "policy": None, "settings": {}} | changes
    statement = upsert(ChannelRow).values(community_id=community_id, channel=channel, **fresh)
    key = ["community_id", "channel"]
    if changes:
        statement = statement.on_conflict_do_update(index_elements=key, set_=changes)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=key)
    await session.execute(statement)
    return await channel_settings(session, community_id, channel)


async def channels(session: Session, platform: str) -> list[StoredChannel]:
    """Every configured channel of a platform."""
    query = (
        select(CommunityRow.id, CommunityRow.external_id, *_CHANNEL)
        .join(CommunityRow, CommunityRow.id == ChannelRow.community_id)
        .where(CommunityRow.platform == platform)
        .order_by(CommunityRow.external_id, ChannelRow.channel)
    )
    return [
        StoredChannel(platform, row[0], row[1], ChannelSettings(*row[2:]))
        for row in await session.execute(query)
    ]
