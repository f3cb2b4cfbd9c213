"""Where the reply to a batch is shown, and how its claims end. Knows nothing of what is said."""

from collections.abc import Mapping

from bot.adapter import Adapter, Address, Surface
from bot.dispatch.batch import Batch
from bot.services import Services
from storage import claims
from tutor.messages import Platform
from tutor.patience import patiently


class Showing:
    """Remembers where each reply began, here and in its claims, so that it is begun once."""

    def __init__(self, services: Services, adapters: Mapping[Platform, Adapter]) -> None:
        self._services = services
        self._adapters = adapters
        self.addresses: dict[str, Address] = {}

    def surface(self, batch: Batch) -> Surface:
        """Where the reply is shown; a restarted attempt goes on in the message it began."""
        lead = batch.lead
        keys = [question.claim_key for question in batch.questions]
        known = next((self.addresses[key] for key in keys if key in self.addresses), None)

        async def save(address: Address) -> None:
            for key in keys:
                self.addresses[key] = address
            await patiently(lambda: self._save(keys, address))

        return self._adapters[lead.place.platform].surface(lead, known, save)

    async def _save(self, keys: list[str], address: Address) -> None:
        async with self._services.database.write() as session:
            await claims.save_address(session, keys, address.channel, address.message_id)

    async def finish(self, batch: Batch, state: str) -> None:
        """Ends the claims of the batch: `sent` or `failed`."""
        keys = [question.claim_key for question in batch.questions]

        async def finish() -> None:
            async with self._services.database.write() as session:
                await claims.finish_claims(session, keys, state, self._services.now())

        await patiently(finish)
        self.forget(batch)

    def forget(self, batch: Batch) -> None:
        """Drops what is known of a reply that is complete, or another process's."""
        for question in batch.questions:
            self.addresses.pop(question.claim_key, None)
