"""A text engine in memory that says what a test tells it to say, streamed word by word.

    engine = FakeEngine("Hello there!", EngineBusy("full"), lambda request: request.adapter or "")

Each request takes the next answer; when none is left, `default` answers (an echo unless given). A
word, or a Chinese character, is one token. `requests` holds what was asked, `cancelled` what was
closed before its end. With `gate` set, an answer waits after its first word until the gate opens.
"""

import asyncio
import math
import re
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence

from tutor.engine.contract import (
    Capabilities,
    FinishReason,
    Health,
    RequestRefused,
    TextDelta,
    TextRequest,
)

Answer = str | Exception | Callable[[TextRequest], str]
_TOKEN = re.compile(r"\s*(?:[\u3000-\u9fff]|[^\s\u3000-\u9fff]+)|\s+")
_VOCABULARY_SIZE = 1000


def echo(request: TextRequest) -> str:
    """The default answer: what the last message said."""
    last = request.messages[-1].content if request.messages else f"{len(request.token_ids)} tokens"
    return f"You said: {last}"


class FakeEngine:
    """Fulfils the Engine contract without a model."""

    def __init__(
        self,
        *answers: Answer,
        default: Answer = echo,
        delay_seconds: float = 0.0,
        queue_positions: Iterable[int] = (),
        gate: asyncio.Event | None = None,
        context_tokens: int = 2048,
        model: str = "fake",
    ) -> None:
        self.answers: deque[Answer] = deque(answers)
        self.default = default
        self.delay_seconds = delay_seconds
        self.queue_positions = tuple(queue_positions)
        self.gate = gate
        self.context_tokens = context_tokens
        self.model = model
        self.requests: list[TextRequest] = []
        self.cancelled: list[TextRequest] = []
        self.adapters: dict[str, str] = {}
        self.closed = False
        self._ids: dict[str, int] = {}

    async def stream(self, request: TextRequest) -> AsyncGenerator[TextDelta, None]:
        self.requests.append(request)
        started = time.monotonic()
        prompt_tokens = self._check(request)
        answer = self._next_answer(request)
        for position in self.queue_positions:
            yield TextDelta(queue_position=position)
        sent = 0
        finish = FinishReason.STOP
        ended = False
        try:
            for piece in _TOKEN.findall(_before_stop(answer, request.stop)):
                if sent >= min(request.max_tokens, self.context_tokens - prompt_tokens):
                    finish = FinishReason.LENGTH
                    break
                if not await self._wait(sent, started, request.deadline_seconds):
                    finish = FinishReason.DEADLINE
                    break
                sent += 1
                yield TextDelta(text=piece, token_ids=(self._id(piece),))
            ended = True
            yield TextDelta(finish=finish, prompt_tokens=prompt_tokens, completion_tokens=sent)
        finally:
            if not ended:
                self.cancelled.append(request)

    async def score(self, token_ids: Sequence[int], adapter: str | None = None) -> list[float]:
        self._check_adapter(adapter)
        return [-math.log(_VOCABULARY_SIZE)] * (len(token_ids) - 1)

    async def encode(self, texts: Sequence[str]) -> list[list[int]]:
        return [[self._id(piece) for piece in _TOKEN.findall(text)] for text in texts]

    async def ensure_adapter(self, version: str, folder: str) -> None:
        self.adapters[version] = folder

    async def retire_adapter(self, version: str) -> None:
        self.adapters.pop(version, None)

    async def capabilities(self) -> Capabilities:
        return Capabilities(self.model, "fake-1", self.context_tokens, adapters=True, score=True)

    async def health(self) -> Health:
        return Health(ready=not self.closed, detail="in memory")

    async def close(self) -> None:
        self.closed = True

    def _check(self, request: TextRequest) -> int:
        """The prompt's tokens; refuses what a real engine refuses."""
        self._check_adapter(request.adapter)
        if bool(request.messages) == bool(request.token_ids):
            raise RequestRefused("Send either messages or token ids.")
        if request.grammar is not None:
            raise RequestRefused("This engine has no grammars.")
        spoken = sum(len(_TOKEN.findall(message.content)) for message in request.messages)
        prompt_tokens = spoken + len(request.token_ids)
        if prompt_tokens >= self.context_tokens:
            raise RequestRefused(f"{prompt_tokens} tokens do not fit into {self.context_tokens}.")
        return prompt_tokens

    def _check_adapter(self, adapter: str | None) -> None:
        if adapter is not None and adapter not in self.adapters:
            raise RequestRefused(f"No adapter {adapter} is loaded.")

    def _next_answer(self, request: TextRequest) -> str:
        answer = self.answers.popleft() if self.answers else self.default
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else answer

    async def _wait(self, sent: int, started: float, deadline_seconds: float | None) -> bool:
        """Pauses before the next word; False if the deadline passed meanwhile."""
        limit = None if deadline_seconds is None else started + deadline_seconds - time.monotonic()
        if limit is not None and limit <= 0:
            return False
        try:
            async with asyncio.timeout(limit):
                await asyncio.sleep(self.delay_seconds)
                if self.gate is not None and sent == 1:
                    await self.gate.wait()
        except TimeoutError:
            return False
        return True

    def _id(self, piece: str) -> int:
        return self._ids.setdefault(piece, len(self._ids))


def _before_stop(text: str, stops: Iterable[str]) -> str:
    """The text before its first stop string."""
    return text[: min((text.find(stop) for stop in stops if stop in text), default=len(text))]
