"""A platform that shows everything at once, and notes when a reply was complete.

Stands for Discord or Slack where only our own share of the work is measured.
"""

import asyncio
import time
from dataclasses import dataclass

from bot.adapter import Adapter, Address, AttachmentUnavailable, Draft, Notice, SaveAddress
from tutor.messages import Attachment, Platform, Question


@dataclass
class InstantSurface:
    """One reply; `replies` of the platform counts its messages, by the claim they answer."""

    platform: "InstantPlatform"
    question: Question
    address: Address | None
    save: SaveAddress

    async def show(self, draft: Draft) -> None:
        if not draft.text and draft.ending is None:
            return
        if self.address is None:
            self.address = self.platform.post(self.question)
            await self.save(self.address)
        if draft.ending is not None:
            self.platform.finish(self.question)

    async def whisper(self, text: str) -> None:
        self.platform.whispers.append(text)
        self.platform.finish(self.question)


class InstantPlatform(Adapter):
    """An adapter without a network."""

    def __init__(self, platform: Platform = Platform.DISCORD) -> None:
        self.platform = platform
        self.whispers: list[str] = []
        self.replies: dict[str, int] = {}
        self._waiting: dict[str, asyncio.Future[float]] = {}

    async def run(self) -> None:
        await asyncio.Event().wait()

    async def close(self) -> None:
        return None

    def ready(self) -> bool:
        return True

    def reaches(self, user_id: str) -> bool:
        return True

    def surface(
        self, question: Question, address: Address | None, save: SaveAddress
    ) -> InstantSurface:
        return InstantSurface(self, question, address, save)

    async def find_reply(self, question: Question) -> Address | None:
        return None

    async def fetch(self, attachment: Attachment, limit_bytes: int) -> bytes:
        raise AttachmentUnavailable(attachment.name)

    async def deliver(self, notice: Notice) -> Address:
        return Address("", notice.id)

    def expect(self, question: Question) -> asyncio.Future[float]:
        """The moment (`time.perf_counter`) at which the whole reply will have been shown."""
        moment = asyncio.get_running_loop().create_future()
        self._waiting[question.claim_key] = moment
        return moment

    def post(self, question: Question) -> Address:
        number = self.replies.get(question.claim_key, 0) + 1
        self.replies[question.claim_key] = number
        return Address(question.place.channel, f"{question.message_id}-{number}")

    def finish(self, question: Question) -> None:
        moment = self._waiting.pop(question.claim_key, None)
        if moment is not None and not moment.done():
            moment.set_result(time.perf_counter())
