"""One connection to the engine process, shared by many requests at once.

Sends frames, gives each reply to the request that waits for it, and notices when the process has
gone or answers nobody. Knows neither how the process is started nor what requests mean.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tutor.engine.contract import EngineUnavailable, ModelUnusable
from tutor.engine.wire import PROTOCOL, Frame, FrameTooLarge, error_from_json, pack, read_frame

log = logging.getLogger(__name__)
HELLO_SECONDS = 120.0  # the process answers after it has imported torch
PING_SECONDS = 5.0


class EngineHung(EngineUnavailable):
    """The process is there, but answers nothing."""


@dataclass(frozen=True, slots=True)
class Hello:
    """What the process says of itself; `others` is how many more clients it has."""

    protocol: int
    model: str
    build: str
    pid: int
    others: int
    leaving: bool


class Link:
    """Made by `Link.open`. `closed` is set once the connection is of no more use."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        on_progress: Callable[[float], None],
        hang_seconds: float,
    ) -> None:
        self._reader, self._writer = reader, writer
        self._on_progress = on_progress
        self._hang_seconds = hang_seconds
        self._replies: dict[int, asyncio.Queue[Frame | None]] = {}
        self._number = 0
        self._heard = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.hello: Hello
        self.closed = False
        self.hung = False
        self.leaving = False  # the process takes nothing new; what it has begun it finishes

    @classmethod
    async def open(
        cls,
        connection: tuple[asyncio.StreamReader, asyncio.StreamWriter, str],
        on_progress: Callable[[float], None],
        hang_seconds: float,
    ) -> "Link":
        """Greets the process; EngineHung if it does not answer, EngineUnavailable if it leaves."""
        reader, writer, token = connection
        link = cls(reader, writer, on_progress, hang_seconds)
        writer.write(pack({"token": token, "protocol": PROTOCOL}))
        try:
            async with asyncio.timeout(max(HELLO_SECONDS, hang_seconds)):
                hello = await read_frame(reader)
        except TimeoutError as error:
            writer.close()
            raise EngineHung("The text engine does not answer.") from error
        if hello is None:
            writer.close()
            raise EngineUnavailable("The text engine closed the connection.")
        link.hello = Hello(**{name: hello[name] for name in Hello.__slots__})
        link._tasks = [asyncio.create_task(link._read()), asyncio.create_task(link._watch())]
        return link

    def begin(self, operation: str, **arguments: Any) -> int:
        """Sends a request; its replies are read with `reply`, and `end` must follow."""
        if self.closed:
            raise EngineUnavailable("The text engine has gone.")
        self._number += 1
        self._replies[self._number] = asyncio.Queue()
        self._send({"id": self._number, "op": operation, **arguments})
        return self._number

    async def reply(self, number: int) -> Frame:
        """The next reply; raises what the engine reports, EngineUnavailable if it has gone."""
        frame = await self._replies[number].get()
        if frame is None:
            raise EngineUnavailable("The text engine ended while it worked on this.")
        if "error" in frame:
            error = error_from_json(frame["error"])
            if isinstance(error, EngineUnavailable) and not isinstance(error, ModelUnusable):
                self.leaving = True  # it says so itself: the next request needs another process
            raise error
        return frame

    def end(self, number: int, cancel: bool) -> None:
        """Forgets a request; `cancel` tells the engine to stop working on it."""
        self._replies.pop(number, None)
        if cancel and not self.closed:
            self._send({"id": number, "op": "cancel"})
        if self.leaving and not self._replies:
            self._lose()

    async def call(self, operation: str, **arguments: Any) -> Any:
        """A request with one reply."""
        number, answered = self.begin(operation, **arguments), False
        try:
            frame = await self.reply(number)
            answered = True
            return frame["result"]
        finally:
            self.end(number, cancel=not answered)

    async def close(self) -> None:
        """Ends the connection; the process goes on."""
        self._lose()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _send(self, frame: Frame) -> None:
        self._writer.write(pack(frame))

    async def _read(self) -> None:
        try:
            while (frame := await read_frame(self._reader)) is not None:
                self._heard.set()
                if frame.get("event") == "progress":
                    self._on_progress(frame["share"])
                elif frame.get("event") == "leaving":
                    self.leaving = True
                elif waiting := self._replies.get(frame["id"]):
                    waiting.put_nowait(frame)
        except (FrameTooLarge, ValueError):
            log.exception("The text engine sent what is no frame")
        finally:
            self._lose()

    async def _watch(self) -> None:
        """While somebody waits, the process must say something now and then."""
        while not self.closed:
            await asyncio.sleep(min(PING_SECONDS, self._hang_seconds / 2))
            if not self._replies:
                continue
            self._heard.clear()
            self._send({"id": 0, "op": "ping"})
            try:
                async with asyncio.timeout(self._hang_seconds):
                    await self._heard.wait()
            except TimeoutError:
                log.warning("The text engine has not answered for %s s", self._hang_seconds)
                self.hung = True
                self._lose()

    def _lose(self) -> None:
        """Everybody who waits learns that no reply will come."""
        if not self.closed:
            self.closed = True
            self._writer.close()
            for waiting in self._replies.values():
                waiting.put_nowait(None)
