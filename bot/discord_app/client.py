"""The gateway client: receives events and hands them on. Answers nothing itself."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import discord
import structlog

from bot.discord_app.gateway_events import guard
from bot.discord_app.transport import AddressedHTTP

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where Discord is, as the settings say."""

    api_base: str
    gateway_url: str
    message_content: bool


@dataclass(frozen=True, slots=True)
class Waits:
    """Pauses that Discord asks for, in seconds: between two IDENTIFYs, for further servers after
    connecting, and before the first new attempt after a lost connection."""

    identify_seconds: float = 5.0
    guilds_seconds: float = 2.0
    reconnect_seconds: float = 1.0


@dataclass(frozen=True, slots=True)
class Listeners:
    """What is told of which event."""

    message: Callable[[discord.Message], Awaitable[None]]
    edit: Callable[[discord.Message, str], Awaitable[None]]
    interaction: Callable[[discord.Interaction[Any]], Awaitable[None]]
    joined: Callable[[discord.Guild], Awaitable[None]]
    logged_in: Callable[[discord.Client], Awaitable[None]]
    connecting: Callable[[], Awaitable[None]]
    ready: Callable[[], Awaitable[None]]


class DaoshiClient(discord.AutoShardedClient):
    """One life of the connection; the supervisor makes another when it ends."""

    def __init__(self, endpoint: Endpoint, waits: Waits, listeners: Listeners) -> None:
        # Without voice, the library need not warn of what voice would need.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            intents=intents_of(message_content=endpoint.message_content),
            allowed_mentions=discord.AllowedMentions.none(),
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            shard_connect_timeout=30.0,
            guild_ready_timeout=waits.guilds_seconds,
        )
        self._listen = listeners
        self._waits = waits
        self._live_shards: set[int] = set()
        self.http = AddressedHTTP(self.loop, endpoint.api_base, endpoint.gateway_url)
        self._connection.http = self.http
        guard(self._connection.parsers)

    @property
    def live(self) -> bool:
        """Every shard is connected and able to receive."""
        return self.is_ready() and len(self._live_shards) == (self.shard_count or 1)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        if not initial:
            await asyncio.sleep(self._waits.identify_seconds)

    async def setup_hook(self) -> None:
        await self._listen.logged_in(self)

    async def on_message(self, message: discord.Message) -> None:
        await self._listen.message(message)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        edited_at = payload.data.get("edited_timestamp")
        if edited_at:
            await self._listen.edit(payload.message, str(edited_at))

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        await self._listen.interaction(interaction)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self._listen.joined(guild)

    async def on_shard_connect(self, shard_id: int) -> None:
        self._live_shards.add(shard_id)
        await self._listen.connecting()

    async def on_shard_resumed(self, shard_id: int) -> None:
        self._live_shards.add(shard_id)

    async def on_shard_disconnect(self, shard_id: int) -> None:
        self._live_shards.discard(shard_id)

    async def on_ready(self) -> None:
        await self._listen.ready()

    async def on_error(self, event_method: str, /, *_: Any, **__: Any) -> None:
        log.exception("discord_event_failed", event_name=event_method)


def intents_of(*, message_content: bool) -> discord.Intents:
    """No privileged intent unless the operator switched message content on."""
    intents = discord.Intents.none()
    intents.guilds = True
    intents.guild_messages = True
    intents.dm_messages = True
    intents.message_content = message_content
    return intents
