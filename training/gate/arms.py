"""Those that are compared, and how each is asked: behind every learner, a few questions at once."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from tutor.engine.contract import (
    Engine,
    EngineBusy,
    FinishReason,
    Message,
    Priority,
    Sampling,
    TextRequest,
)
from tutor.pedagogy.instructions import Style

AT_ONCE = 8  # an engine lets so many wait for one asker
BUSY_SECONDS, BUSY_TRIES = 2.0, 150
Item = TypeVar("Item")


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


class Asking:
    """Asks one engine on behalf of the gate."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

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
        return await _patiently(lambda: self._reply(request))

    async def score(self, arm: Arm, token_ids: Sequence[int]) -> list[float]:
        """Log-probabilities of all tokens but the first."""
        return await _patiently(lambda: self._engine.score(token_ids, arm.version))

    async def _reply(self, request: TextRequest) -> Reply:
        text, tokens, finish = "", 0, FinishReason.STOP
        async with aclosing(self._engine.stream(request)) as deltas:
            async for delta in deltas:
                text += delta.text
                tokens = delta.completion_tokens or tokens
                finish = delta.finish or finish
        return Reply(text, tokens, finish)


Answer = TypeVar("Answer")


async def _patiently(ask: Callable[[], Awaitable[Answer]]) -> Answer:
    """Waits while the engine has too much to do for others."""
    for _ in range(BUSY_TRIES):
        try:
            return await ask()
        except EngineBusy:
            await asyncio.sleep(BUSY_SECONDS)
    return await ask()


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
