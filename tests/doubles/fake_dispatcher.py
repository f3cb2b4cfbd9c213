"""A dispatcher that answers every question by a script, for tests of adapters.

It claims like the real one (a question seen before is not answered again) and keeps what came.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from bot.adapter import Adapter, Address, Draft, Ending, Surface
from storage.claims import ClaimedPlace
from tutor.messages import Form, Kind, Person, Platform, Question

Script = Callable[[Question, Surface], Awaitable[None]]


async def echo(question: Question, surface: Surface) -> None:
    """Repeats what was said, in one piece."""
    await surface.show(Draft(text=f"You said: {question.text}", ending=Ending.DONE))


class FakeDispatcher:
    """`script` may be changed at any time; `questions` holds what was new, in order."""

    def __init__(self, script: Script = echo) -> None:
        self.script = script
        self.questions: list[Question] = []
        self.repeated: list[Question] = []
        self.forms: dict[str, Form] = {}
        self.form_seconds = 0.0
        self.addresses: dict[str, Address] = {}
        self.known: dict[str, Address] = {}
        self.failures: list[BaseException] = []
        self._adapters: dict[Platform, Adapter] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def register(self, adapter: Adapter) -> None:
        self._adapters[adapter.platform] = adapter

    async def claim(self, question: Question) -> bool:
        if any(seen.claim_key == question.claim_key for seen in self.questions):
            self.repeated.append(question)
            return False
        self.questions.append(question)
        return True

    def accept(self, question: Question) -> None:
        task = asyncio.create_task(self.answer(question))
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self.failures.append(error)

    async def answer(self, question: Question, address: Address | None = None) -> None:
        """Runs the script for a question, as after a claim or after a restart."""

        async def save(found: Address) -> None:
            self.addresses[question.claim_key] = found

        adapter = self._adapters[question.place.platform]
        await self.script(question, adapter.surface(question, address, save))

    async def receive(self, question: Question) -> None:
        if await self.claim(question):
            self.accept(question)

    async def form_of(self, choice_id: str, person: Person) -> Form | None:
        await asyncio.sleep(self.form_seconds)
        return self.forms.get(choice_id)

    async def last_seen(self, channel: str) -> str | None:
        messages = [q for q in self.questions if q.kind is Kind.MESSAGE]
        return next((q.message_id for q in messages[::-1] if q.place.channel == channel), None)

    async def latest_messages(self, platform: Platform) -> dict[str, str]:
        messages = [q for q in self.questions if q.kind is Kind.MESSAGE]
        return {
            q.place.thread or q.place.channel: q.message_id
            for q in messages
            if q.place.platform is platform
        }

    async def claimed_places(self, platform: Platform) -> list[ClaimedPlace]:
        places = {q.place for q in self.questions if q.place.platform is platform}
        return [ClaimedPlace(p.community, p.channel, p.thread) for p in places]

    async def idle(self) -> None:
        """Returns when every answer has been given."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    def of_kind(self, kind: Kind) -> list[Question]:
        return [question for question in self.questions if question.kind is kind]


def as_dispatcher(fake: FakeDispatcher) -> Any:
    """The fake where the real class is asked for."""
    return fake
