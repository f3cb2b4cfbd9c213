"""The dispatcher: the one door through which every platform's questions pass."""

import asyncio
import os
import socket
import uuid
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from weakref import WeakValueDictionary

import structlog
from pydantic import TypeAdapter

from bot.adapter import Adapter, Address
from bot.commands.forms import form_for
from bot.dispatch import refusals
from bot.dispatch.answering import Answering
from bot.dispatch.delivery import Delivery
from bot.dispatch.edits import rewrite_asked
from bot.dispatch.lanes import LaneKey, Lanes, lane_key
from bot.dispatch.opening import LEASE, Quota
from bot.dispatch.recovery import Recovery
from bot.dispatch.replying import Replying
from bot.dispatch.showing import Showing
from bot.dispatch.typed import typed_command
from bot.services import Services
from storage import choices, claims, learners
from storage.claims import ClaimedPlace
from storage.database import StorageUnavailable
from tutor.language import Language, choose
from tutor.messages import Form, Kind, Person, Platform, Question
from tutor.patience import patiently

log = structlog.get_logger()

QUESTION = TypeAdapter(Question)
BURST_QUIET_SECONDS = 1.5
CATCH_UP = timedelta(days=30)
UPKEEP_SECONDS = LEASE.total_seconds() / 3
AFTER_ABSENCE_SECONDS = 2 * UPKEEP_SECONDS
"""How long recovery waits when the database was away, so that the living renew their leases."""


class Dispatcher:
    """Takes questions from adapters and answers each exactly once."""

    def __init__(
        self,
        services: Services,
        *,
        quiet_seconds: float = BURST_QUIET_SECONDS,
        quota: Quota | None = None,
    ) -> None:
        self._services = services
        self._adapters: dict[Platform, Adapter] = {}
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self._showing = Showing(services, self._adapters)
        replying = Replying(services, self._adapters, self._stop_reply)
        answering = Answering(services, self._showing, replying, self._owner, quota or Quota())
        self._lanes = Lanes(answering.answer, quiet_seconds)
        self._recovery = Recovery(
            services, self._adapters, self._owner, self._showing, self._lanes, self.accept
        )
        self._delivery = Delivery(services, self._adapters, self._owner)
        # A door lives as long as somebody is in it or waits before it.
        self._doors: WeakValueDictionary[LaneKey, asyncio.Lock] = WeakValueDictionary()
        self._chores: set[asyncio.Task[None]] = set()
        self._closing = False

    def register(self, adapter: Adapter) -> None:
        """Makes an adapter known; called once each, before `run`."""
        assert adapter.platform not in self._adapters, adapter.platform
        self._adapters[adapter.platform] = adapter

    async def run(self) -> None:
        """Keeps leases, takes up what a dead process left, delivers the outbox; until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(_keep_up("renewal", self._renew, UPKEEP_SECONDS))
            group.create_task(_keep_up("recovery", self._take_up, AFTER_ABSENCE_SECONDS))
            group.create_task(_keep_up("delivery", self._delivery.run, UPKEEP_SECONDS))

    async def claim(self, question: Question) -> bool:
        """Stores the claim. True: it is new and `accept` must follow. False: seen before.

        Raises `storage.database.StorageUnavailable` when it could not be stored: then do not
        acknowledge, so that the platform sends the event again.
        """
        now = self._services.now()
        place, author = question.place, question.author
        async with self._services.database.write() as session:
            return await claims.insert_claim(
                session,
                key=question.claim_key,
                event_id=question.event_id,
                platform=place.platform,
                community=place.community,
                channel=place.channel,
                thread=place.thread,
                message_id=question.message_id,
                author=claims.author_key(author.workspace, author.user_id),
                question=QUESTION.dump_json(question).decode(),
                owner=self._owner,
                lease_until=now + LEASE,
                now=now,
            )

    def accept(self, question: Question) -> None:
        """Answers a claimed question in the background; returns at once."""
        match question.kind:
            case Kind.STOP:
                self._start(self._stop(question))
            case Kind.EDIT:
                self._start(self._edit(question))
            case _:
                self._lanes.put(typed_command(question), quiet=_comes_in_bursts(question))

    async def receive(self, question: Question) -> None:
        """Claim and accept, for platforms that never send an event twice.

        Keeps trying while the database is away (up to a minute, in order), then tells the person.
        """
        door = self._doors.setdefault(lane_key(question), asyncio.Lock())
        async with door:
            try:
                new = await patiently(lambda: self.claim(question))
            except StorageUnavailable as error:
                log.warning("claim_failed", event_id=question.event_id, error=str(error))
                await self._say_memory_is_away(question)
                return
            if new:
                self.accept(question)

    async def form_of(self, choice_id: str, person: Person) -> Form | None:
        """The form that this press must open at once, None if it opens none or is not theirs.

        One indexed read; raises nothing: on any failure None, and the press is then received and
        answered like any other.
        """
        try:
            async with self._services.database.read() as session:
                option = await choices.peek_choice(session, choice_id)
                identity = await learners.find_identity(
                    session, person.platform, person.workspace, person.user_id
                )
        except StorageUnavailable as error:
            log.warning("form_unavailable", error=str(error))
            return None
        if option is None or option.learner_id not in (None, identity and identity.learner_id):
            return None
        setting = identity.language if identity else None
        language = choose(Language(setting) if setting else None, "", person.locale)
        return form_for(option.action, option.payload, language)

    async def last_seen(self, channel: str) -> str | None:
        """The newest message id claimed in a channel, where catch-up begins."""
        async with self._services.database.read() as session:
            return await claims.last_claimed_message(session, channel)

    async def latest_messages(self, platform: Platform) -> dict[str, str]:
        """The newest message id claimed lately in every place, by thread or else channel."""
        since = self._services.now() - CATCH_UP
        async with self._services.database.read() as session:
            return await claims.latest_messages(session, platform, since)

    async def claimed_places(self, platform: Platform) -> list[ClaimedPlace]:
        """The places in which somebody asked something lately, where catch-up looks."""
        since = self._services.now() - CATCH_UP
        async with self._services.database.read() as session:
            return await claims.claimed_places(session, platform, since)

    async def close(self, grace_seconds: float = 20.0) -> None:
        """Lets running replies finish; what has not by then is marked as interrupted."""
        self._closing = True
        left = await self._lanes.drain(grace_seconds)
        if left:
            await self._release(left)

    async def idle(self) -> None:
        """Returns when nothing waits or runs: for piped input and tests."""
        await self._lanes.idle()
        while self._chores:
            await asyncio.wait(self._chores)

    def running(self) -> int:
        """How many questions wait or are being answered in this process."""
        return len(self._lanes.claim_keys())

    def _start(self, chore: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(chore)
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)
        task.add_done_callback(_log_failure)

    def _stop_reply(self, claim_key: str) -> bool:
        return self._lanes.stop_reply(claim_key)

    async def _stop(self, question: Question) -> None:
        stopped = self._lanes.stop(question)
        await patiently(lambda: self._settle(question))
        if not stopped:
            language = choose(None, question.text, question.author.locale)
            surface = self._adapters[question.place.platform].surface(question, None, _forget)
            await surface.whisper(refusals.nothing_to_stop(language))

    async def _edit(self, question: Question) -> None:
        if not self._lanes.edit(question):
            await patiently(lambda: rewrite_asked(self._services, question))
        await patiently(lambda: self._settle(question))

    async def _settle(self, question: Question) -> None:
        async with self._services.database.write() as session:
            await claims.finish_claims(session, [question.claim_key], "sent", self._services.now())

    async def _take_up(self) -> None:
        if not self._closing:
            await self._recovery.take_up()

    async def _renew(self) -> None:
        keys = self._lanes.claim_keys()
        if not keys:
            return
        async with self._services.database.write() as session:
            kept = await claims.renew_claims(
                session, keys, self._owner, self._services.now() + LEASE
            )
        self._lanes.lose(set(keys).difference(kept))

    async def _release(self, keys: list[str]) -> None:
        """Lets another process take these claims at once instead of after their lease."""
        try:
            async with self._services.database.write() as session:
                await claims.renew_claims(session, keys, self._owner, self._services.now())
        except StorageUnavailable as error:
            log.warning("release_failed", error=str(error))

    async def _say_memory_is_away(self, question: Question) -> None:
        language = choose(None, question.text, question.author.locale)
        surface = self._adapters[question.place.platform].surface(question, None, _forget)
        await surface.whisper(refusals.memory_away(language))


async def _keep_up(name: str, chore: Callable[[], Awaitable[None]], after_absence: float) -> None:
    """Repeats a chore for ever: whatever breaks one round, the next one begins anew."""
    while True:
        pause = UPKEEP_SECONDS
        try:
            await chore()
        except StorageUnavailable as error:
            log.warning("upkeep_failed", chore=name, error=str(error))
            pause = after_absence
        except Exception:
            log.exception("upkeep_broken", chore=name)
        await asyncio.sleep(pause)


def _comes_in_bursts(question: Question) -> bool:
    """In a terminal a line is complete when it is sent."""
    return question.place.platform is not Platform.TERMINAL


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.error("chore_failed", exc_info=task.exception())


async def _forget(address: Address) -> None:
    """A notice outside of any claim keeps no address."""
