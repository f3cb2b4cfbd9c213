"""The scripted dispatcher with what Slack's tests need besides: slow and absent storage, answers.

dispatcher = SlackDispatcher(reply("Hello!"))
dispatcher.away = 2  # the next two claims find the database away
"""

import asyncio
from collections.abc import Iterable
from typing import Any

from bot.adapter import Draft, Ending, Surface
from storage.failures import StorageUnavailable
from tests.doubles.fake_dispatcher import FakeDispatcher, Script
from tutor.messages import Question


def reply(text: str, **more: Any) -> Script:
    """Answers with one finished draft."""
    return growing([Draft(text=text, ending=Ending.DONE, **more)])


def growing(drafts: Iterable[Draft], pause_seconds: float = 0.0) -> Script:
    """Shows these drafts one after the other."""

    async def answer(question: Question, surface: Surface) -> None:
        for draft in drafts:
            await surface.show(draft)
            await asyncio.sleep(pause_seconds)

    return answer


def whispering(text: str) -> Script:
    """Says something to the author alone."""

    async def answer(question: Question, surface: Surface) -> None:
        await surface.whisper(text)

    return answer


async def nothing(question: Question, surface: Surface) -> None:
    """Says nothing at all."""


class SlackDispatcher(FakeDispatcher):
    """`away` counts the claims that will fail; a closed `claim_gate` holds claims up."""

    def __init__(self, script: Script = nothing) -> None:
        super().__init__(script)
        self.away = 0
        self.claim_gate: asyncio.Event | None = None

    async def claim(self, question: Question) -> bool:
        if self.claim_gate is not None:
            await self.claim_gate.wait()
        if self.away:
            self.away -= 1
            raise StorageUnavailable("the test took it away")
        return await super().claim(question)

    async def settled(self) -> None:
        """Like `idle`, but raises what an answer raised."""
        await self.idle()
        if self.failures:
            raise self.failures[0]
