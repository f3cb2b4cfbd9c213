"""Keeps personal data from a remote engine: placeholders go out, the values come back in.

Wraps any Engine and is one. Token ids can't be read and pass as they are; those that `encode` gave
come from texts that were hidden already. What a placeholder stands for is forgotten with its
request.
"""

import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace

from tutor.engine.contract import Capabilities, Engine, Health, TextDelta, TextRequest
from tutor.safety.personal_data import LONGEST_PLACEHOLDER, Placeholders

_BEGUN = re.compile(r"\[[A-Z]{0,8}(?:_\d{0,3})?$")


class RedactingEngine:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def stream(self, request: TextRequest) -> AsyncGenerator[TextDelta, None]:
        placeholders = Placeholders()
        contents = placeholders.hide(message.content for message in request.messages)
        messages = tuple(
            replace(message, content=content)
            for message, content in zip(request.messages, contents, strict=True)
        )
        hidden = replace(request, messages=messages)
        shown = _Showing(placeholders)
        async with aclosing(self._engine.stream(hidden)) as deltas:
            async for delta in deltas:
                text = shown.add(delta.text)
                if delta.finish is not None:
                    text += shown.rest()
                yield replace(delta, text=text)

    async def score(self, token_ids: Sequence[int], adapter: str | None = None) -> list[float]:
        return await self._engine.score(token_ids, adapter)

    async def encode(self, texts: Sequence[str]) -> list[list[int]]:
        return await self._engine.encode(Placeholders().hide(texts))

    async def ensure_adapter(self, version: str, folder: str) -> None:
        await self._engine.ensure_adapter(version, folder)

    async def retire_adapter(self, version: str) -> None:
        await self._engine.retire_adapter(version)

    async def capabilities(self) -> Capabilities:
        return await self._engine.capabilities()

    async def health(self) -> Health:
        return await self._engine.health()

    async def close(self) -> None:
        await self._engine.close()


class _Showing:
    """Puts values back into a text that comes in pieces: a begun placeholder waits for its end."""

    def __init__(self, placeholders: Placeholders) -> None:
        self._placeholders = placeholders
        self._waiting = ""

    def add(self, text: str) -> str:
        if not self._placeholders:
            return text
        whole = self._waiting + text
        begun = _BEGUN.search(whole, max(0, len(whole) - LONGEST_PLACEHOLDER))
        cut = begun.start() if begun else len(whole)
        self._waiting = whole[cut:]
        return self._placeholders.show(whole[:cut])

    def rest(self) -> str:
        waiting, self._waiting = self._waiting, ""
        return self._placeholders.show(waiting)
