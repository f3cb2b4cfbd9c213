"""Where a Discord message stands: in which place, whether in a thread of ours, where to answer.

Looks only at the cache and, for threads and reply chains it does not know, at the REST API.
"""

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TypeVar

import aiohttp
import discord
import structlog

from bot.discord_app.failures import named
from bot.discord_app.handles import Handle
from bot.discord_app.rest import Rest
from tutor.messages import Place, Platform, Visibility

log = structlog.get_logger()

THREAD_TYPES = (10, 11, 12)
THREADED = (discord.ChannelType.text, discord.ChannelType.news)
CHAIN_HOPS = 25
REMEMBERED = 2000

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Spot:
    """`ours` says that the place is a thread which Daoshi opened."""

    place: Place
    visibility: Visibility
    handle: Handle
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Thread:
    parent: str
    owner: str


class Spots:
    """`me` is the bot's own user id, known once it has logged in."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._threads: OrderedDict[str, Thread | None] = OrderedDict()
        self._roots: OrderedDict[str, str] = OrderedDict()

    async def spot(self, message: discord.Message, me: int) -> Spot:
        channel = str(message.channel.id)
        handle = Handle(channel=channel, reference=str(message.id), file_bytes=_file_bytes(message))
        if message.guild is None:
            return Spot(Place(Platform.DISCORD, "", channel), Visibility.PRIVATE, handle)
        community = str(message.guild.id)
        thread = await self._thread_or_none(message)
        if thread is not None:
            place = Place(Platform.DISCORD, community, thread.parent, channel)
            return Spot(place, Visibility.SHARED, handle, ours=thread.owner == str(me))
        place = Place(Platform.DISCORD, community, channel)
        chained = await self._chained(message, me, place, handle)
        if chained is not None:
            return chained
        if getattr(message.channel, "type", None) in THREADED:
            handle = replace(handle, thread_on=str(message.id))
        return Spot(place, Visibility.SHARED, handle)

    async def _thread_or_none(self, message: discord.Message) -> Thread | None:
        """A message is answered also where nobody can tell just now whether it is in a thread."""
        try:
            return await self.thread(message.channel)
        except (discord.HTTPException, aiohttp.ClientError, TimeoutError) as error:
            log.warning("thread_unknown", channel=message.channel.id, error=named(error))
            return None

    async def thread(self, channel: object) -> Thread | None:
        """The thread that a channel is; None for any other channel."""
        if isinstance(channel, discord.Thread):
            return Thread(str(channel.parent_id), str(channel.owner_id))
        if not isinstance(channel, discord.PartialMessageable):
            return None
        key = str(channel.id)
        if key not in self._threads:
            found = await self._rest.channel(key)
            is_thread = found.get("type") in THREAD_TYPES
            thread = Thread(str(found["parent_id"]), str(found["owner_id"])) if is_thread else None
            _remember(self._threads, key, thread)
        return self._threads[key]

    async def _chained(
        self, message: discord.Message, me: int, place: Place, handle: Handle
    ) -> Spot | None:
        """A reply to a message of ours goes on with that conversation."""
        ours = resolved_reply(message)
        if ours is None or ours.author.id != me:
            return None
        if ours.interaction_metadata is not None:
            begun = str(ours.id)
            return Spot(
                replace(place, thread=begun), Visibility.SHARED, replace(handle, thread_on=begun)
            )
        root = await self._root(ours, me)
        if root is None:
            return None
        return Spot(replace(place, thread=root), Visibility.SHARED, handle)

    async def _root(self, ours: discord.Message, me: int) -> str | None:
        """The question with which the chain of replies began that `ours` belongs to."""
        question = _referred(ours)
        walked: list[str] = []
        for _ in range(CHAIN_HOPS):
            if question is None or question in self._roots:
                break
            walked.append(question)
            earlier = await self._answer_before(str(ours.channel.id), question, me)
            if earlier is None:
                break
            question = earlier
        if question is None:
            return None
        root = self._roots.get(question, question)
        for step in walked:
            _remember(self._roots, step, root)
        return root

    async def _answer_before(self, channel: str, question: str, me: int) -> str | None:
        """The earlier question, if `question` was itself a reply to an answer of ours."""
        try:
            asked = await self._rest.message(channel, question)
            answer_id = (asked.get("message_reference") or {}).get("message_id")
            if not answer_id:
                return None
            answer = await self._rest.message(channel, answer_id)
        except (discord.HTTPException, aiohttp.ClientError, TimeoutError) as error:
            # Deleted since, or out of reach: the chain begins here.
            log.info("reply_chain_cut", channel=channel, error=named(error))
            return None
        if answer["author"]["id"] != str(me):
            return None
        earlier = (answer.get("message_reference") or {}).get("message_id")
        return str(earlier) if earlier else None


def resolved_reply(message: discord.Message) -> discord.Message | None:
    """The message that this one replies to, where Discord sent it along."""
    if message.reference is None:
        return None
    resolved = message.reference.resolved
    return resolved if isinstance(resolved, discord.Message) else None


def _referred(message: discord.Message) -> str | None:
    reference = message.reference
    return str(reference.message_id) if reference and reference.message_id else None


def _file_bytes(message: discord.Message) -> int:
    return message.guild.filesize_limit if message.guild else Handle().file_bytes


def _remember(cache: OrderedDict[str, Value], key: str, value: Value) -> None:
    cache[key] = value
    if len(cache) > REMEMBERED:
        cache.popitem(last=False)
