"""One reply being shown: few edits while it grows, everything in the end, nothing twice.

Knows of messages only what Post offers. A draft that still grows is shown at most every 1.2
seconds, less often where Discord answers slowly; the final one is shown whole before `show`
returns.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
import structlog

from bot.adapter import Address, Draft, Ending, SaveAddress
from bot.discord_app.failures import named
from bot.discord_app.outgoing import Outgoing
from bot.discord_app.posts import Gone, Post, Unreachable

log = structlog.get_logger()

LONGEST_PAUSE_SECONDS = 10.0
FAILURES = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)


class UndeliverableReply(Exception):
    """Every way to the reader is closed; the text is for the operator's log."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How often things are sent while a reply grows; seconds."""

    first: float = 0.4  # so that a message does not begin with a single token
    edit: float = 1.2
    typing: float = 8.0  # Discord shows it for ten
    typing_limit: float = 120.0  # without a word of the dispatcher


@dataclass(slots=True)
class Shown:
    """A message that exists, and what it shows as far as we know."""

    address: Address
    text_key: str | None = None
    files_key: str | None = None


Retract = Callable[[], Awaitable[None]]
"""Takes a whisper back."""


@dataclass(frozen=True, slots=True)
class Ways:
    """How one reply is made and sent; `after` is told the address of a reply that is complete."""

    posts: Sequence[Post]
    compose: Callable[[Draft], Awaitable[Sequence[Outgoing]]]
    whisper: Callable[[str], Awaitable[Retract | None]]
    save: SaveAddress
    after: Callable[[Address], Awaitable[None]] | None = None


class DiscordSurface:
    """Shows one reply through the first way that works."""

    def __init__(
        self,
        ways: Ways,
        address: Address | None = None,
        earlier: "DiscordSurface | None" = None,
        pace: Pace | None = None,
        *,
        types_at_once: bool = False,
    ) -> None:
        assert ways.posts
        self._ways = ways
        self._posts = list(ways.posts)
        self._shown = [Shown(address)] if address else []
        self._earlier = earlier
        self._pace = pace or Pace()
        self._lock = asyncio.Lock()
        self._latest: Draft | None = None
        self._whispers: list[Retract] = []
        self._done = False
        self._resting = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._flusher: asyncio.Task[None] | None = None
        self._heard_at = _now()
        self._typing: asyncio.Task[None] | None = None
        if earlier is not None:
            earlier.step_aside()
        if types_at_once:
            self._type()

    @property
    def finished(self) -> bool:
        """Whether nothing more will be shown on it."""
        return self._done

    async def show(self, draft: Draft) -> None:
        """Soon for a draft that grows; with an ending, when everything has been delivered."""
        self._heard_at = _now()
        self._latest = draft
        if draft.ending is None:
            if self._flusher is None or self._flusher.done():
                self._flusher = self._spawn(self._flush())
            self._type()
            return
        self.step_aside()
        # Shielded: a reply that is stopped while its end is being sent must not lose count.
        await asyncio.shield(self._spawn(self._finish(draft)))

    async def whisper(self, text: str) -> None:
        """A notice for the author alone; typing ends, since it may have been all there is.

        Where a reply follows after all, it was a word about waiting, and goes when that is over.
        """
        self._stop_typing()
        await asyncio.shield(self._spawn(self._whisper(text)))

    def step_aside(self) -> None:
        """Shows no more drafts that grow: the reply ends, or another surface goes on with it."""
        self._done = True
        self._stop_typing()
        if self._resting and self._flusher is not None:
            self._flusher.cancel()

    async def _whisper(self, text: str) -> None:
        retract = await self._ways.whisper(text)
        if retract is not None:
            self._whispers.append(retract)

    async def settle(self) -> None:
        """Waits for what is being sent right now."""
        self.step_aside()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def taken_over(self) -> list[Shown]:
        """What this surface has shown, once nothing of it is being sent any more."""
        self.step_aside()
        async with self._lock:
            shown, self._shown = self._shown, []
            return shown

    def _type(self) -> None:
        if self._typing is None or self._typing.done():
            self._typing = self._spawn(self._keep_typing())

    def _stop_typing(self) -> None:
        if self._typing is not None:
            self._typing.cancel()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _pause(self, seconds: float) -> None:
        """A rest of the flusher, during which it may be cancelled."""
        self._resting = True
        await asyncio.sleep(seconds)
        self._resting = False

    async def _flush(self) -> None:
        """Shows the latest draft until it is shown; what fails here is tried again at the end."""
        await self._pause(self._pace.first)
        while not self._done:
            draft = self._latest
            assert draft is not None
            began = _now()
            try:
                await self._sync(draft)
            except (*FAILURES, UndeliverableReply) as error:
                log.warning("draft_not_shown", error=named(error))
            if self._latest is draft:
                return
            spent = min(_now() - began, LONGEST_PAUSE_SECONDS)
            await self._pause(max(self._pace.edit, spent))

    async def _finish(self, draft: Draft) -> None:
        if self._is_only_a_mark(draft):
            draft = await self._continued(draft)
        await self._sync(draft, final=True)
        if not self._shown:
            return
        while self._whispers:
            await self._quietly(self._whispers.pop()())
        if self._ways.after:
            await self._ways.after(self._shown[0].address)

    def _is_only_a_mark(self, draft: Draft) -> bool:
        """A reply of an earlier process, of which nothing is known but that it was cut."""
        restored = len(self._shown) == 1 and self._shown[0].text_key is None
        return restored and draft.ending is Ending.INTERRUPTED

    async def _continued(self, draft: Draft) -> Draft:
        """Puts what the message says already before the text of the draft."""
        try:
            there = await self._posts[0].read(self._shown[0].address)
        except FAILURES as error:
            log.warning("earlier_text_unknown", error=named(error))
            return draft
        if there in draft.text:
            return draft
        text = f"{there}\n\n{draft.text.strip()}".strip()
        return Draft(
            text=text,
            pictures=draft.pictures,
            files=draft.files,
            choices=draft.choices,
            ending=draft.ending,
        )

    async def _sync(self, draft: Draft, *, final: bool = False) -> None:
        """Makes the messages that exist those of `draft`."""
        messages = await self._ways.compose(draft)
        async with self._lock:
            if self._earlier is not None:
                self._shown = await self._earlier.taken_over() or self._shown
                self._earlier = None
            if self._done and not final:
                return
            while True:
                try:
                    await self._put(messages)
                    break
                except Unreachable as error:
                    log.warning("way_closed", error=str(error), left=len(self._posts) - 1)
                    self._posts.pop(0)
                    self._shown = []
                    if not self._posts:
                        raise UndeliverableReply(str(error)) from error
            if final:
                await self._tidy(len(messages))

    async def _put(self, messages: Sequence[Outgoing]) -> None:
        for index, message in enumerate(messages):
            if index < len(self._shown):
                await self._change(index, message)
            else:
                await self._add(index, message)

    async def _add(self, index: int, message: Outgoing) -> None:
        address = await self._posts[0].create(index, message)
        shown = Shown(address, message.text_key, message.files_key)
        self._shown[index : index + 1] = [shown]
        if index == 0:
            await self._ways.save(address)

    async def _change(self, index: int, message: Outgoing) -> None:
        shown = self._shown[index]
        if (shown.text_key, shown.files_key) == (message.text_key, message.files_key):
            return
        files = (shown.files_key or "") != message.files_key
        try:
            await self._posts[0].edit(shown.address, message, files=files)
        except Gone:
            log.info("message_was_deleted", index=index)
            await self._add(index, message)
            return
        shown.text_key, shown.files_key = message.text_key, message.files_key

    async def _tidy(self, wanted: int) -> None:
        """Removes messages that the final text no longer needs, or the promise of one."""
        for extra in self._shown[wanted:]:
            await self._quietly(self._posts[0].delete(extra.address))
        del self._shown[wanted:]
        if not wanted:
            await self._posts[0].discard()

    @staticmethod
    async def _quietly(deletion: Awaitable[None]) -> None:
        try:
            await deletion
        except FAILURES as error:
            log.warning("leftover_message", error=named(error))

    async def _keep_typing(self) -> None:
        while not self._done and _now() - self._heard_at < self._pace.typing_limit:
            try:
                await self._posts[0].type()
            except (*FAILURES, IndexError) as error:
                log.info("typing_not_shown", error=named(error))
                return
            await asyncio.sleep(self._pace.typing)


def _now() -> float:
    return asyncio.get_running_loop().time()
