"""Delivers the outbox: whatever Daoshi says on its own goes out once, also after a crash."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import structlog
from pydantic import TypeAdapter

from bot.adapter import Adapter, Address, Card, DeliveryImpossible, Notice
from bot.notices import draft_of
from bot.services import Services
from storage import outbox
from storage.blobs import BlobMissing
from storage.database import StorageUnavailable
from storage.outbox import OutboxRow
from tutor.messages import Place, Platform
from tutor.patience import patiently

log = structlog.get_logger()

PLACE = TypeAdapter(Place)
LOOK_SECONDS = 2.0
LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=5)
ANOTHER_PAUSE = timedelta(minutes=1)


class Delivery:
    """One deliverer; several processes may run one each."""

    def __init__(
        self, services: Services, adapters: Mapping[Platform, Adapter], owner: str
    ) -> None:
        self._services = services
        self._adapters = adapters
        self._owner = owner

    async def run(self) -> None:
        """Looks for due notices until cancelled."""
        while True:
            try:
                delivered = await self.deliver_due()
            except StorageUnavailable as error:
                log.warning("outbox_unavailable", error=str(error))
                delivered = 0
            if not delivered:
                await asyncio.sleep(LOOK_SECONDS)

    async def deliver_due(self) -> int:
        """Delivers what is due now; returns how many were taken."""
        platforms = [platform for platform, adapter in self._adapters.items() if adapter.ready()]
        if not platforms:
            return 0
        now = self._services.now()
        async with self._services.database.write() as session:
            rows = await outbox.take_due(
                session, platforms=platforms, owner=self._owner, lease_until=now + LEASE, now=now
            )
        for row in rows:
            if self._services.now() >= now + LEASE:
                break  # the rest is due again, and perhaps another process has it by now
            await self._deliver(row)
        return len(rows)

    async def _deliver(self, row: OutboxRow) -> None:
        adapter = self._adapters[Platform(row.platform)]
        if row.recipient is not None and not adapter.reaches(row.recipient):
            await self._leave_to_another(row)
            return
        try:
            address = await _deliver_somehow(adapter, await self._notice(row))
        except (DeliveryImpossible, BlobMissing) as error:
            log.warning("notice_impossible", notice=row.id, error=str(error))
            async with self._services.database.write() as session:
                await outbox.mark_impossible(session, row.id, str(error), self._services.now())
        except StorageUnavailable:
            raise
        except Exception as error:
            log.warning("notice_failed", notice=row.id, attempts=row.attempts, exc_info=True)
            await self._try_later(row, type(error).__name__)
        else:
            await patiently(lambda: self._sent(row, address))

    async def _sent(self, row: OutboxRow, address: Address) -> None:
        async with self._services.database.write() as session:
            await outbox.mark_sent(
                session, row, address.channel, address.message_id, self._services.now()
            )

    async def _leave_to_another(self, row: OutboxRow) -> None:
        """For somebody who sits at another terminal, now or another day."""
        async with self._services.database.write() as session:
            later = self._services.now() + ANOTHER_PAUSE
            await outbox.retry_later(session, row.id, "recipient is not here", later)

    async def _try_later(self, row: OutboxRow, error: str) -> None:
        now = self._services.now()
        async with self._services.database.write() as session:
            if row.attempts >= MOST_ATTEMPTS:
                await outbox.mark_failed(session, row.id, error, now)
            else:
                pause = FIRST_PAUSE * 2 ** (row.attempts - 1)
                await outbox.retry_later(session, row.id, error, now + pause)

    async def _notice(self, row: OutboxRow) -> Notice:
        edits = None
        if row.edits_channel and row.edits_message_id:
            edits = Address(row.edits_channel, row.edits_message_id)
        return Notice(
            id=row.id,
            recipient=row.recipient,
            place=PLACE.validate_python(row.place) if row.place else None,
            draft=await draft_of(row.body, self._services.blobs),
            edits=edits,
            created_at=row.created_at,
            card=Card(**row.body["card"]) if row.body.get("card") else None,
        )


async def _deliver_somehow(adapter: Adapter, notice: Notice) -> Address:
    """In its place; where that can't be reached, to its recipient alone, if it names one."""
    try:
        return await adapter.deliver(notice)
    except DeliveryImpossible:
        if notice.place is None or notice.recipient is None:
            raise
        log.info("notice_redirected", notice=notice.id)
        return await adapter.deliver(replace(notice, place=None, edits=None))
