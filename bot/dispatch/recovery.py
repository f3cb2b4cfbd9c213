"""Takes up what another process left behind: claims whose lease ran out before they were answered.

A claim that was being answered may already have a message on its platform. It is looked for, and
the answer is completed in it; nothing is posted twice. A question that can't be taken up holds up
no other: it is set aside for a while, and given up after many tries.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

import structlog
from pydantic import TypeAdapter, ValidationError

from bot.adapter import Adapter, Address, Draft, Ending
from bot.dispatch import refusals
from bot.dispatch.lanes import LaneKey, Lanes, lane_key
from bot.dispatch.opening import LEASE
from bot.dispatch.showing import Showing
from bot.services import Services
from storage import claims
from storage.claims import Claim
from storage.database import StorageUnavailable
from tutor.language import choose
from tutor.messages import Platform, Question

log = structlog.get_logger()

QUESTION = TypeAdapter(Question)
MOST_ATTEMPTS = 3  # at answering; then the person is told
MOST_TRIES = 30  # at telling them anything
SET_ASIDE = timedelta(minutes=1)
MOST_AT_ONCE = 100

Burst = Sequence[tuple[Claim, Question]]


class Recovery:
    def __init__(
        self,
        services: Services,
        adapters: Mapping[Platform, Adapter],
        owner: str,
        showing: Showing,
        lanes: Lanes,
        accept: Callable[[Question], None],
    ) -> None:
        """`accept` is the door for claimed questions of every kind."""
        self._services = services
        self._adapters = adapters
        self._owner = owner
        self._showing = showing
        self._lanes = lanes
        self._accept = accept

    async def take_up(self) -> int:
        """Answers every abandoned question that this process can reach; returns how many."""
        platforms = [platform for platform, adapter in self._adapters.items() if adapter.ready()]
        if not platforms:
            return 0
        async with self._services.database.read() as session:
            left = await claims.abandoned_claims(
                session, self._services.now(), MOST_AT_ONCE, platforms=platforms
            )
        held = set(self._lanes.claim_keys())
        lanes: defaultdict[LaneKey, list[tuple[Claim, Question]]] = defaultdict(list)
        for claim in left:
            if claim.key in held or (question := await self._read(claim)) is None:
                continue
            if self._adapters[question.place.platform].reaches(question.author.user_id):
                lanes[lane_key(question)].append((claim, question))
        for burst in lanes.values():
            await self._take_up_lane(burst)
        return sum(map(len, lanes.values()))

    async def _read(self, claim: Claim) -> Question | None:
        """The stored question; one that nobody can read any more is ended."""
        try:
            return QUESTION.validate_json(claim.question)
        except ValidationError:
            log.error("claim_unreadable", event_id=claim.event_id)  # noqa: TRY400 - it quotes
            await self._end([claim])
            return None

    async def _take_up_lane(self, burst: Burst) -> None:
        begun = [(claim, question) for claim, question in burst if claim.state == "answering"]
        fresh = [item for item in burst if item not in begun]
        try:
            if begun and await self._goes_on(begun):
                fresh = [*burst]
        except StorageUnavailable:
            raise
        except Exception:
            log.exception("take_up_failed", event_id=begun[-1][0].event_id)
            await self._set_aside([claim for claim, _ in begun])
        for claim, question in fresh:
            log.info("taken_up", event_id=claim.event_id, state=claim.state)
            self._accept(question)

    async def _goes_on(self, begun: Burst) -> bool:
        """Whether a reply that broke off may be tried again; else its person is told."""
        address = await self._find(begun)
        if any(claim.attempts >= MOST_ATTEMPTS for claim, _ in begun):
            await self._give_up(begun, address)
            return False
        if address is not None:
            for claim, _ in begun:
                self._showing.addresses[claim.key] = address
        return True

    async def _find(self, begun: Burst) -> Address | None:
        """The message that the broken-off reply of this burst already has, if any."""
        for claim, _ in begun:
            if claim.address_channel and claim.address_message_id:
                return Address(claim.address_channel, claim.address_message_id)
        for _, question in reversed(begun):
            found = await self._adapters[question.place.platform].find_reply(question)
            if found is not None:
                return found
        return None

    async def _give_up(self, begun: Burst, address: Address | None) -> None:
        """A question that broke several processes gets a word instead of another try."""
        question = begun[-1][1]
        language = choose(None, question.text, question.author.locale)
        keys = await self._take([claim for claim, _ in begun], LEASE)
        if not keys:
            return  # another process is at it

        async def save(found: Address) -> None:
            async with self._services.database.write() as session:
                await claims.save_address(session, keys, found.channel, found.message_id)

        surface = self._adapters[question.place.platform].surface(question, address, save)
        await surface.show(Draft(text=refusals.interrupted(language), ending=Ending.INTERRUPTED))
        async with self._services.database.write() as session:
            await claims.finish_claims(session, keys, "failed", self._services.now())
        log.error("given_up", event_id=question.event_id, attempts=MOST_ATTEMPTS)

    async def _set_aside(self, left: Sequence[Claim]) -> None:
        """Tries again in a while what could not be looked for or told; not for ever."""
        if hopeless := [claim for claim in left if claim.attempts >= MOST_TRIES]:
            await self._end(hopeless)
        if others := [claim for claim in left if claim.attempts < MOST_TRIES]:
            await self._take(others, SET_ASIDE)

    async def _take(self, left: Sequence[Claim], lease: timedelta) -> list[str]:
        """Those of the claims that nobody else has taken meanwhile, ours for so long."""
        now = self._services.now()
        keys = [claim.key for claim in left]
        async with self._services.database.write() as session:
            taken = await claims.take_claims(
                session, keys=keys, owner=self._owner, lease_until=now + lease, now=now
            )
            held = [key for key in keys if key not in taken]
            return taken + await claims.renew_claims(session, held, self._owner, now + lease)

    async def _end(self, hopeless: Sequence[Claim]) -> None:
        async with self._services.database.write() as session:
            keys = [claim.key for claim in hopeless]
            await claims.finish_claims(session, keys, "failed", self._services.now())
        for claim in hopeless:
            log.error("abandoned", event_id=claim.event_id, attempts=claim.attempts)
