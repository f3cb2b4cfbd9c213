"""Fetches what was written while nobody listened, and hands on what was for us.

The cursors are taken before the first live event of a session moves them. What was answered
already is claimed already, so fetching too much does no harm, as long as claims are kept. What
could not be fetched or stored stays for the next time; what nobody can read is left out.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import discord
import structlog

from bot.discord_app.failures import named
from bot.discord_app.handles import snowflake_at
from bot.discord_app.rest import Rest
from bot.dispatch.dispatcher import Dispatcher
from storage.database import StorageUnavailable
from tutor.messages import Platform
from tutor.patience import patiently

log = structlog.get_logger()

AT_ONCE = 4
PAGE = 100
PAGES = 5
SLACK = timedelta(seconds=30)
OLDEST = timedelta(days=13)  # less than claims are kept, which tell what was answered already
GONE = (403, 404)
TRANSIENT = (discord.HTTPException, aiohttp.ClientError, OSError, StorageUnavailable)
MALFORMED = (KeyError, TypeError, ValueError, AttributeError)

Receive = Callable[[discord.Message], Awaitable[None]]


class CatchUp:
    """Belongs to the adapter, so that it outlives a client."""

    def __init__(self, dispatcher: Dispatcher, rest: Rest, receive: Receive) -> None:
        self._dispatcher = dispatcher
        self._rest = rest
        self._receive = receive
        self._cursors: Mapping[str, str] | None = None
        self._left: dict[str, str] = {}
        self._lock = asyncio.Lock()

    async def remember(self) -> None:
        """Takes the cursors, unless those of an earlier connection still wait for `run`."""
        if self._cursors is not None:
            return
        try:
            self._cursors = await self._known()
        except StorageUnavailable as error:  # `run` asks again; the connection must not wait
            log.warning("cursors_unavailable", error=str(error))

    async def _known(self) -> dict[str, str]:
        """Where to begin in every place in which somebody talked to us; threads by their id.

        A channel in whose threads alone we were talked to begins where the first of them does.
        """
        latest = await self._dispatcher.latest_messages(Platform.DISCORD)
        cursors = {place: seen for place, seen in latest.items() if _are_ids(place, seen)}
        parents: dict[str, list[str]] = {}
        for place in await self._dispatcher.claimed_places(Platform.DISCORD):
            if place.thread in cursors and _are_ids(place.channel):
                parents.setdefault(place.channel, []).append(cursors[place.thread])
        return {parent: min(seen, key=int) for parent, seen in parents.items()} | cursors

    async def run(self, client: discord.Client, away_since: datetime | None) -> int:
        """Receives what was missed; returns how many messages were looked at."""
        async with self._lock:
            cursors = self._cursors
            if cursors is None:
                cursors = await patiently(self._known)
            self._cursors = None
            starts = {**_unheard(client, away_since), **_own_threads(client, cursors), **cursors}
            starts |= {place: _not_too_old(after) for place, after in self._left.items()}
            self._left = dict(starts)
            gate = asyncio.Semaphore(AT_ONCE)

            async def one(channel: str, after: str) -> int:
                async with gate:
                    return await self._channel(client, channel, after)

            seen = await asyncio.gather(*(one(*start) for start in starts.items()))
        if sum(seen):
            log.info("caught_up", channels=len(starts), messages=sum(seen))
        return sum(seen)

    async def _channel(self, client: discord.Client, channel: str, after: str) -> int:
        """Works off one channel; `_left` keeps where to go on after a failure that passes."""
        known = client.get_channel(int(channel))
        newest = getattr(known, "last_message_id", None)
        if newest is not None and newest <= int(after):
            del self._left[channel]
            return 0
        count = 0
        try:
            async for data in self._missed(channel, after):
                count += 1
                await self._hand_on(client, channel, data)
                self._left[channel] = str(data["id"])
        except TRANSIENT as error:
            if getattr(error, "status", None) not in GONE:
                log.warning("catch_up_postponed", channel=channel, error=named(error))
                return count
            log.info("catch_up_skipped", channel=channel, error=named(error))
        except MALFORMED as error:
            log.warning("catch_up_postponed", channel=channel, error=named(error))
            return count
        del self._left[channel]
        return count

    async def _missed(self, channel: str, after: str) -> AsyncIterator[dict[str, Any]]:
        for _ in range(PAGES):
            page = await self._rest.messages_after(channel, after, PAGE)
            for data in page:
                yield data
            if len(page) < PAGE:
                return
            after = str(page[-1]["id"])
        log.warning("catch_up_cut", channel=channel, messages=PAGES * PAGE)

    async def _hand_on(self, client: discord.Client, channel: str, data: dict[str, Any]) -> None:
        """Receives one message; one that nobody can read holds up no other."""
        try:
            await self._receive_missed(client, channel, data)
        except TRANSIENT:
            raise
        except Exception:
            log.exception("missed_message_unreadable", channel=channel, message=data.get("id"))

    async def _receive_missed(
        self, client: discord.Client, channel: str, data: dict[str, Any]
    ) -> None:
        if data["author"].get("bot") or data.get("webhook_id"):
            return
        place: Any = client.get_channel(int(channel))
        if place is None:
            place = await client.fetch_channel(int(channel))
        # The library makes messages of REST answers in the same way.
        message = discord.Message(state=client._connection, channel=place, data=data)  # type: ignore[arg-type]
        await self._receive(await _with_member(message))


async def _with_member(message: discord.Message) -> discord.Message:
    """REST answers name users; only members have permissions."""
    if message.guild is not None and isinstance(message.author, discord.User):
        try:
            message.author = await message.guild.fetch_member(message.author.id)
        except discord.HTTPException as error:
            log.info("member_unknown", code=error.code)
    return message


def _unheard(client: discord.Client, away_since: datetime | None) -> dict[str, str]:
    """Channels in which nobody had spoken to us before, if something was written meanwhile."""
    if away_since is None:
        return {}
    after = int(snowflake_at(away_since - SLACK))
    newest: dict[int, int] = {}
    for guild in client.guilds:
        newest |= {channel.id: channel.last_message_id or 0 for channel in guild.text_channels}
        newest |= {thread.id: thread.last_message_id or 0 for thread in guild.threads}
    return {str(channel): str(after) for channel, last in newest.items() if last > after}


def _own_threads(client: discord.Client, cursors: Mapping[str, str]) -> dict[str, str]:
    """Threads that we opened and in which nobody has written to us yet, from their beginning."""
    starts: dict[str, str] = {}
    for guild in client.guilds:
        for thread in guild.threads:
            known = str(thread.parent_id) in cursors
            if known and client.user and thread.owner_id == client.user.id:
                starts[str(thread.id)] = _not_too_old(str(thread.id))
    return starts


def _not_too_old(after: str) -> str:
    return max(after, snowflake_at(discord.utils.utcnow() - OLDEST), key=int)


def _are_ids(*names: str) -> bool:
    return all(name.isascii() and name.isdecimal() for name in names)
