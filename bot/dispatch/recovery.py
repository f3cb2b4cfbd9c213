"""Takes up what another process left behind: claims whose lease ran out before they were answered.

A claim that was being answered may already have a message on its platform. It is looked for, and
the answer is completed in it; nothing is posted twice.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Protocol

import structlog
from pydantic import TypeAdapter

from bot.adapter import Adapter, Address, Draft, Ending
from bot.dispatch import refusals
from bot.dispatch.lanes import LaneKey, Lanes, lane_key
from bot.dispatch.typed import typed_command
from bot.services import Services
from storage import claims
from storage.claims import Claim
from tutor.language import choose
from tutor.messages import Platform, Question

log = structlog.get_logger()

QUESTION = TypeAdapter(Question)
MOST_ATTEMPTS = 3
MOST_AT_ONCE = 100


class Addresses(Protocol):
    """Where the replies of questions began, by claim."""

    addresses: dict[str, Address]


class Recovery:
    def __init__(
        self,
        services: Services,
        adapters: Mapping[Platform, Adapter],
        known: Addresses,
        lanes: Lanes,
    ) -> None:
        self._services = services
        self._adapters = adapters
        self._known = known
        self._lanes = lanes

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
            if claim.key not in held:
                question = QUESTION.validate_json(claim.question)
                lanes[lane_key(question)].append((claim, question))
        for burst in lanes.values():
            await self._take_up_lane(burst)
        return sum(map(len, lanes.values()))

    async def _take_up_lane(self, burst: list[tuple[Claim, Question]]) -> None:
        begun = [(claim, question) for claim, question in burst if claim.state == "answering"]
        address = await self._find(begun)
        if any(claim.attempts >= MOST_ATTEMPTS for claim, _ in begun):
            await self._give_up(begun, address)
            burst = [item for item in burst if item not in begun]
        elif address is not None:
            for claim, _ in begun:
                self._known.addresses[claim.key] = address
        for claim, question in burst:
            log.info("taken_up", event_id=claim.event_id, state=claim.state)
            self._lanes.put(typed_command(question))

    async def _find(self, begun: list[tuple[Claim, Question]]) -> Address | None:
        """The message that the broken-off reply of this burst already has, if any."""
        for claim, _ in begun:
            if claim.address_channel and claim.address_message_id:
                return Address(claim.address_channel, claim.address_message_id)
        for _, question in reversed(begun):
            found = await self._adapters[question.place.platform].find_reply(question)
            if found is not None:
                return found
        return None

    async def _give_up(self, begun: list[tuple[Claim, Question]], address: Address | None) -> None:
        """A question that broke several processes gets a word instead of another try."""
        question = begun[-1][1]
        language = choose(None, question.text, question.author.locale)
        keys = [claim.key for claim, _ in begun]

        async def save(found: Address) -> None:
            async with self._services.database.write() as session:
                await claims.save_address(session, keys, found.channel, found.message_id)

        surface = self._adapters[question.place.platform].surface(question, address, save)
        await surface.show(Draft(text=refusals.interrupted(language), ending=Ending.INTERRUPTED))
        async with self._services.database.write() as session:
            await claims.finish_claims(session, keys, "failed", self._services.now())
        log.error("given_up", event_id=question.event_id, attempts=MOST_ATTEMPTS)
