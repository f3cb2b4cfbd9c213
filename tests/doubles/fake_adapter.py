"""A platform in memory: shows drafts and remembers where each reply began."""

import asyncio
from dataclasses import dataclass, field

from bot.adapter import Address, AttachmentUnavailable, Draft, Notice, SaveAddress
from tutor.messages import Attachment, Platform, Question


@dataclass
class Shown:
    """One message of ours: every draft that it showed, the last one counts."""

    question: Question
    drafts: list[Draft] = field(default_factory=list)

    @property
    def final(self) -> Draft:
        assert self.drafts[-1].ending is not None, self.drafts[-1]
        return self.drafts[-1]


class FakeSurface:
    def __init__(
        self, adapter: "FakeAdapter", question: Question, address: Address | None, save: SaveAddress
    ) -> None:
        self._adapter = adapter
        self._question = question
        self._address = address
        self._save = save

    async def show(self, draft: Draft) -> None:
        if not (draft.text or draft.pictures or draft.files or draft.ending):
            self._adapter.statuses.append((self._question, draft.status))
            return
        if self._address is None:
            self._address = self._adapter.post(self._question)
            await self._save(self._address)
        self._adapter.messages[self._address.message_id].drafts.append(draft)
        await asyncio.sleep(0)

    async def whisper(self, text: str) -> None:
        self._adapter.whispers.append((self._question, text))


class FakeAdapter:
    """Stands for one platform; `messages` is what its people would see, by message id."""

    def __init__(self, platform: Platform = Platform.DISCORD) -> None:
        self.platform = platform
        self.messages: dict[str, Shown] = {}
        self.statuses: list[tuple[Question, str]] = []
        self.whispers: list[tuple[Question, str]] = []
        self.notices: list[Notice] = []
        self.files: dict[str, bytes] = {}

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
    ) -> FakeSurface:
        return FakeSurface(self, question, address, save)

    def post(self, question: Question) -> Address:
        message_id = f"reply-{len(self.messages) + 1}"
        self.messages[message_id] = Shown(question)
        return Address(question.place.channel, message_id)

    async def find_reply(self, question: Question) -> Address | None:
        for message_id, shown in self.messages.items():
            if shown.question.claim_key == question.claim_key:
                return Address(question.place.channel, message_id)
        return None

    async def fetch(self, attachment: Attachment, limit_bytes: int) -> bytes:
        if attachment.reference not in self.files:
            raise AttachmentUnavailable("gone")
        return self.files[attachment.reference]

    async def deliver(self, notice: Notice) -> Address:
        self.notices.append(notice)
        return Address("dm", notice.id)

    @property
    def replies(self) -> list[str]:
        """The final texts, in the order in which the messages began."""
        return [shown.final.text for shown in self.messages.values()]
