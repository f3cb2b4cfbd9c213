"""Has pictures drawn by a process of its own, which is started when first needed.

Chat never runs a network: where the process is slow, broken or missing, there is a sentence.
"""

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, Self

import structlog

from tutor.i18n import mark, say
from tutor.images.sketch import Sketch
from tutor.language import Language
from tutor.worker import Ended, NoAnswer, Worker

LIMIT_SECONDS = 45.0  # the first picture waits for the process as well
IDLE_SECONDS = 600.0
MOST_AT_ONCE = 16
_LINE_BYTES = 32 * 1024 * 1024
_AWAY = mark("I can't draw just now. Please try again in a moment.")
_SENTENCES = {
    "damaged": mark(
        "I can't draw: the files of my picture generator are damaged. Please tell whoever runs me."
    ),
    "unknown": mark("I can't draw that any more: my picture generator was replaced."),
}

_log = structlog.get_logger(__name__)


class CannotDraw(Exception):
    """There is no picture; `say` tells the learner why, the log tells the operator."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self._sentence = sentence

    @classmethod
    def replaced(cls) -> Self:
        """No generator here knows the thing any more."""
        return cls(_SENTENCES["unknown"])

    def say(self, language: Language) -> str:
        return say(language, self._sentence)


class Draws(Protocol):
    """Whoever turns sketches into files, by the generator in a folder; all raise CannotDraw."""

    async def draw(self, folder: Path, sketches: Sequence[Sketch]) -> tuple[bytes, ...]:
        """A PNG for each sketch."""
        ...

    async def morph(self, folder: Path, start: Sketch, end: Sketch) -> bytes:
        """A GIF in which one thing becomes another."""
        ...

    async def close(self) -> None: ...


class Artist:
    """One drawing process for everybody. `data_dir` holds the certificate that signs."""

    def __init__(self, data_dir: Path, *, idle_seconds: float = IDLE_SECONDS) -> None:
        self._worker = Worker(
            "tutor.images.draw",
            LIMIT_SECONDS,
            arguments=(str(idle_seconds), str(data_dir.absolute())),
            line_bytes=_LINE_BYTES,
        )

    async def draw(self, folder: Path, sketches: Sequence[Sketch]) -> tuple[bytes, ...]:
        """A PNG for each sketch, by the generator in a folder. Raises CannotDraw."""
        assert 0 < len(sketches) <= MOST_AT_ONCE, len(sketches)
        drawn = [sketch.to_json() for sketch in sketches]
        return await self._ask({"folder": str(folder), "sketches": drawn})

    async def morph(self, folder: Path, start: Sketch, end: Sketch) -> bytes:
        """A GIF in which one thing becomes another. Raises CannotDraw."""
        ends = {"start": start.to_json(), "end": end.to_json()}
        [gif] = await self._ask({"folder": str(folder), **ends})
        return gif

    async def close(self) -> None:
        await self._worker.close()

    async def _ask(self, request: Mapping[str, Any]) -> tuple[bytes, ...]:
        try:
            answer = await self._answer(request)
        except NoAnswer as error:
            _log.warning("drawing_failed", error=str(error))
            raise CannotDraw(_AWAY) from error
        if "problem" in answer:
            _log.error("drawing_refused", problem=answer["problem"], **answer["fields"])
            raise CannotDraw(_SENTENCES[answer["problem"]])
        return tuple(base64.b64decode(file) for file in answer["files"])

    async def _answer(self, request: Mapping[str, Any]) -> Any:
        try:
            return await self._worker.ask(request)
        except Ended:  # it may have left for want of work at this very moment
            return await self._worker.ask(request)
