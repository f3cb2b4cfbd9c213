"""Those that are compared, and how each is asked: behind every learner, a few questions at once."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from tutor.engine.contract import (
    Engine,
    EngineBusy,
    EngineUnavailable,
    FinishReason,
    Message,
    Priority,
    Sampling,
    TextRequest,
)
from tutor.pedagogy.instructions import Style

AT_ONCE = 8  # an engine lets so many wait for one asker
BUSY_SECONDS, BUSY_TRIES = 2.0, 150
SILENT_SECONDS = 1200.0  # learners go first: a question may wait for long
CUT_OFF = (FinishReason.CANCELLED, FinishReason.DEADLINE)
CONTROL = "1 + 1 ="
Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Side(StrEnum):
    BASE = "base"
    CURRENT = "current"
    CANDIDATE = "candidate"


@dataclass(frozen=True, slots=True)
class Arm:
    """`version` names an adapter that the engine knows, None for the base; `style` is how it is
    asked to word a move."""

    side: Side
    version: str | None
    style: Style


@dataclass(frozen=True, slots=True)
class Reply:
    text: str
    tokens: int
    finish: FinishReason

    def to_json(self) -> dict[str, Any]:
        return {"text": self.text, "tokens": self.tokens, "finish": self.finish.value}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Reply":
        return cls(record["text"], record["tokens"], FinishReason(record["finish"]))


class EngineSilent(EngineUnavailable):
    """No answer came in a time in which there should be one; the question may not be the cause."""


class Asking:
    """Asks one engine on behalf of the gate; `answered` counts what it answered."""

    def __init__(self, engine: Engine, silent_seconds: float = SILENT_SECONDS) -> None:
        self.answered = 0
        self._engine = engine
        self._silent_seconds = silent_seconds

    async def reply(
        self,
        arm: Arm,
        messages: Sequence[Message],
        max_tokens: int,
        sampling: Sampling | None = None,
    ) -> Reply:
        """One answer, greedy unless said otherwise, the same whenever it is asked for."""
        request = TextRequest(
            messages=tuple(messages),
            adapter=arm.version,
            sampling=sampling or Sampling(),
            max_tokens=max_tokens,
            priority=Priority.BACKGROUND,
        )
        reply = await self._patiently(lambda: self._reply(request))
        self.answered += 1
        return reply

    async def score(self, arm: Arm, token_ids: Sequence[int]) -> list[float]:
        """Log-probabilities of all tokens but the first."""
        scores = await self._patiently(lambda: self._engine.score(token_ids, arm.version))
        self.answered += 1
        return scores

    async def control(self) -> None:
        """Returns if the engine answers a question that is no trouble; raises its error if not."""
        asked = TextRequest(
            messages=(Message("user", CONTROL),), max_tokens=1, priority=Priority.BACKGROUND
        )
        await self._patiently(lambda: self._reply(asked))

    async def _reply(self, request: TextRequest) -> Reply:
        text, tokens, finish = "", 0, FinishReason.STOP
        async with aclosing(self._engine.stream(request)) as deltas:
            async for delta in deltas:
                text += delta.text
                tokens = delta.completion_tokens or tokens
                finish = delta.finish or finish
        if finish in CUT_OFF:
            raise EngineUnavailable(f"The text engine broke an answer off: {finish}.")
        return Reply(text, tokens, finish)

    async def _patiently(self, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """Waits while the engine has too much to do for others, and not for ever."""
        for _ in range(BUSY_TRIES):
            try:
                return await self._in_time(ask)
            except EngineBusy:
                await asyncio.sleep(BUSY_SECONDS)
        return await self._in_time(ask)

    async def _in_time(self, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        try:
            async with asyncio.timeout(self._silent_seconds):
                return await ask()
        except TimeoutError as error:
            message = f"The text engine gave no answer in {self._silent_seconds:.0f} s."
            raise EngineSilent(message) from error


async def each(items: Sequence[Item], work: Callable[[Item], Awaitable[None]]) -> None:
    """Does the work for all items, a few at once; the first failure ends it."""
    waiting = iter(items)

    async def take() -> None:
        for item in waiting:
            await work(item)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(AT_ONCE, len(items))):
                group.create_task(take())
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from failed
