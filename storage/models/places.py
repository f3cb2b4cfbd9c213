"""Communities, their channels, and the installations that let us speak there."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base


class CommunityRow(Base):
    """A Discord guild, a Slack team, or with external_id "" a platform's direct messages."""

    __tablename__ = "communities"
    __table_args__ = (UniqueConstraint("platform", "external_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    platform: Mapped[str]
    external_id: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str | None]
    language: Mapped[str | None]
    policy: Mapped[str]
    retention_days: Mapped[int | None]
    settings: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class ChannelRow(Base):
    """A channel that somebody configured; the others follow their community."""

    __tablename__ = "channels"

    community_id: Mapped[str] = mapped_column(ForeignKey("communities.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    enabled: Mapped[bool]
    language: Mapped[str | None]
    policy: Mapped[str | None]
    settings: Mapped[dict[str, Any]]


class InstallationRow(Base):
    """One installation of the app in a workspace; the payload is encrypted by its owner.

    `user_id` is "" for the bot itself, else the person whose own token it holds.
    """

    __tablename__ = "installations"

    platform: Mapped[str] = mapped_column(primary_key=True)
    enterprise_id: Mapped[str] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    payload: Mapped[bytes]
    installed_at: Mapped[datetime]


class OAuthStateRow(Base):
    """A state parameter handed out by us, good for one return."""

    __tablename__ = "oauth_states"

    state: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
