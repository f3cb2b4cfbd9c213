"""Keeps a model's thinking aloud out of what people read. Pure; works on text as it streams."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from tutor.engine.contract import TextDelta
from tutor.engine.profiles import Reasoning
from tutor.engine.stop_text import overlap

OPEN, CLOSE = "<think>", "</think>"


class ThinkingFilter:
    """Lets through what stands outside of `<think>…</think>`, without the blank lines around it."""

    def __init__(self, opened: bool = False) -> None:
        self._inside = opened
        self._held = ""
        self._begun = False  # whether visible text has come

    def feed(self, text: str) -> str:
        """The visible part of what can be judged so far."""
        self._held += text
        visible = ""
        while True:
            tag = CLOSE if self._inside else OPEN
            before, found, after = self._held.partition(tag)
            if not found:
                break
            visible += "" if self._inside else before
            self._inside = not self._inside
            self._held = after
        keep = overlap(self._held, tag)
        ready, self._held = self._held[: len(self._held) - keep], self._held[-keep:] if keep else ""
        return self._trimmed(visible + ("" if self._inside else ready))

    def flush(self) -> str:
        """What was held back and did not become a tag."""
        rest = "" if self._inside else self._trimmed(self._held)
        self._held = ""
        return rest

    def _trimmed(self, text: str) -> str:
        if self._begun:
            return text
        text = text.lstrip()
        self._begun = bool(text)
        return text


async def hide_reasoning(
    deltas: AsyncGenerator[TextDelta, None], reasoning: Reasoning
) -> AsyncGenerator[TextDelta, None]:
    """The same stream without the thinking; token ids and counts stay as they are."""
    seen = ThinkingFilter(opened=reasoning is Reasoning.OPENED)
    async with aclosing(deltas):
        async for delta in deltas:
            if reasoning is Reasoning.NONE:
                yield delta
                continue
            if delta.finish is None:
                yield replace(delta, text=seen.feed(delta.text))
            else:
                yield replace(delta, text=seen.feed(delta.text) + seen.flush())
