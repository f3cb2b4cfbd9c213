"""Answers the socket's clients: reads frames, passes work to the model's thread, writes frames.

Runs in the event loop of the engine process, which stays free while the model computes.
"""

import asyncio
import hmac
import logging
import os
import time
from collections.abc import Awaitable, Callable
from typing import Any

import psutil

from tutor.engine.contract import (
    Capabilities,
    EngineBusy,
    EngineError,
    EngineUnavailable,
    Health,
    RequestRefused,
    TextDelta,
)
from tutor.engine.process.generation import Generation, Outcome, check_request
from tutor.engine.process.load import LoadedModel
from tutor.engine.process.model_thread import ModelThread
from tutor.engine.process.scheduler import Scoring
from tutor.engine.wire import (
    PROTOCOL,
    Frame,
    FrameTooLarge,
    capabilities_to_json,
    delta_to_json,
    error_to_json,
    health_to_json,
    pack,
    read_frame,
    request_from_json,
)

log = logging.getLogger(__name__)
MAX_WHILE_LOADING = 256


class Connection:
    """One client: its open requests, by its own numbers."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self.tasks: dict[int, asyncio.Task[None]] = {}

    def send(self, frame: Frame) -> None:
        if not self._writer.is_closing():
            self._writer.write(pack(frame))

    async def close(self) -> None:
        """Cancels what the client left open."""
        for task in list(self.tasks.values()):
            task.cancel()
        self._writer.close()


class Server:
    """`thread` is set before the first connection; `last_used` tells how long nobody was there."""

    def __init__(self, model: str, build: str, token: str) -> None:
        self.model = model
        self.build = build
        self.token = token
        self.thread: ModelThread
        self.loaded: asyncio.Future[LoadedModel] = asyncio.get_running_loop().create_future()
        self.progress: float | None = None
        self.connections: set[Connection] = set()
        self.last_used = time.monotonic()
        self.leaving = asyncio.Event()
        self._waiting_for_model = 0
        self._nobody_here = asyncio.Event()
        self._nobody_here.set()
        self._answers: dict[str, Callable[[Frame], Awaitable[Any]]] = {
            "encode": self._encode,
            "score": self._score,
            "ensure_adapter": self._ensure_adapter,
            "retire_adapter": self._retire_adapter,
            "capabilities": self._capabilities,
            "health": self._health,
            "ping": self._ping,
            "leave": self._leave,
        }

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serves one connection until it closes."""
        connection = Connection(writer)
        try:
            if not await self._greet(reader, connection):
                return
            self.connections.add(connection)
            self._nobody_here.clear()
            while (frame := await read_frame(reader)) is not None:
                self._begin(connection, frame)
        except (FrameTooLarge, ValueError, KeyError):
            log.warning("A client sent what is no frame; its connection is closed")
        finally:
            self.connections.discard(connection)
            if not self.connections:
                self._nobody_here.set()
            self.last_used = time.monotonic()
            await connection.close()

    def report(self, share: float) -> None:
        """Tells every client how far the preparation of the model is."""
        self.progress = share
        for connection in self.connections:
            connection.send({"event": "progress", "share": share})

    async def finish_running(self, timeout_seconds: float) -> None:
        """Takes nothing new, waits for the requests that are under way, then hangs up."""
        self.leaving.set()
        for connection in self.connections:
            connection.send({"event": "leaving"})
        open_tasks = [task for c in self.connections for task in c.tasks.values()]
        if open_tasks:
            await asyncio.wait(open_tasks, timeout=timeout_seconds)
        for connection in list(self.connections):
            await connection.close()
        await self._nobody_here.wait()

    async def _greet(self, reader: asyncio.StreamReader, connection: Connection) -> bool:
        """The first frame must present the token; the answer says who we are."""
        hello = await read_frame(reader)
        if hello is None or not hmac.compare_digest(str(hello.get("token", "")), self.token):
            return False
        connection.send(
            {
                "protocol": PROTOCOL,
                "model": self.model,
                "build": self.build,
                "pid": os.getpid(),
                "others": len(self.connections),
                "leaving": self.leaving.is_set(),
            }
        )
        if self.progress is not None and not self.loaded.done():
            connection.send({"event": "progress", "share": self.progress})
        return True

    def _begin(self, connection: Connection, frame: Frame) -> None:
        number = int(frame["id"])
        if frame["op"] == "cancel":
            if number in connection.tasks:
                connection.tasks[number].cancel()
            return
        task = asyncio.create_task(self._answer(connection, number, frame))
        connection.tasks[number] = task
        task.add_done_callback(lambda _: connection.tasks.pop(number, None))

    async def _answer(self, connection: Connection, number: int, frame: Frame) -> None:
        """The one place where a request's error becomes an answer."""
        try:
            if frame["op"] == "stream":
                await self._stream(connection, number, frame)
            else:
                action = self._action(frame["op"])
                connection.send({"id": number, "result": await action(frame)})
        except EngineError as error:
            connection.send({"id": number, "error": error_to_json(error)})
        except Exception as error:
            log.exception("A request of kind %s failed", frame["op"])
            failure = EngineUnavailable(f"The engine failed: {type(error).__name__}")
            connection.send({"id": number, "error": error_to_json(failure)})

    def _action(self, operation: str) -> Callable[[Frame], Awaitable[Any]]:
        action = self._answers.get(operation)
        if action is None:
            raise RequestRefused(f"This engine knows no {operation}.")
        return action

    async def _stream(self, connection: Connection, number: int, frame: Frame) -> None:
        started = time.monotonic()
        request = request_from_json(frame["request"])
        loaded = await self._model()
        if bool(request.messages) == bool(request.token_ids):
            raise RequestRefused("A request holds either messages or token ids.")
        prompt_ids = list(request.token_ids) or await asyncio.to_thread(
            loaded.vocabulary.prompt, request.messages
        )
        check_request(request, prompt_ids, loaded.vocabulary.size)
        outcomes: asyncio.Queue[Outcome] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        limit = request.deadline_seconds
        generation = Generation(
            request,
            prompt_ids,
            None if limit is None else started + limit,
            lambda outcome: _post(loop, outcomes, outcome),
            loaded.vocabulary.decode,
            loaded.vocabulary.end_ids,
        )
        self.thread.call(lambda: self.thread.scheduler.submit(generation))
        try:
            await self._pass_on(outcomes, connection, number)
        except asyncio.CancelledError:
            generation.cancelled = True
            self.thread.call(lambda: None)
            raise

    async def _pass_on(
        self, outcomes: asyncio.Queue[Outcome], connection: Connection, number: int
    ) -> None:
        while True:
            outcome = await outcomes.get()
            if not isinstance(outcome, TextDelta):
                raise outcome
            connection.send({"id": number, "delta": delta_to_json(outcome)})
            if outcome.finish is not None:
                return

    async def _model(self) -> LoadedModel:
        """The loaded model; a limited number of requests may wait for it."""
        if self.leaving.is_set():
            raise EngineUnavailable("The text engine is shutting down.")
        if self.loaded.done():
            return self.loaded.result()
        if self._waiting_for_model >= MAX_WHILE_LOADING:
            raise EngineBusy("The model is loading and enough requests wait for it.")
        self._waiting_for_model += 1
        try:
            return await asyncio.shield(self.loaded)
        finally:
            self._waiting_for_model -= 1

    async def _in_thread(self, action: Callable[[], Any]) -> Any:
        await self._model()
        return await asyncio.wrap_future(self.thread.call(action))

    async def _encode(self, frame: Frame) -> list[list[int]]:
        loaded = await self._model()
        return await asyncio.to_thread(loaded.vocabulary.encode, frame["texts"])

    async def _score(self, frame: Frame) -> list[float]:
        loaded = await self._model()
        ids = list(frame["token_ids"])
        if any(not 0 <= token < loaded.vocabulary.size for token in ids):
            raise RequestRefused("A token id is outside of the vocabulary.")
        if len(ids) < 2:
            return []
        loop = asyncio.get_running_loop()
        results: asyncio.Queue[list[float] | EngineError] = asyncio.Queue()
        scoring = Scoring(ids, None, lambda result: _post(loop, results, result), None)
        self.thread.call(lambda: self.thread.scheduler.score(scoring, frame["adapter"]))
        result = await results.get()
        if isinstance(result, EngineError):
            raise result
        return result

    async def _ensure_adapter(self, frame: Frame) -> None:
        version, folder = str(frame["version"]), str(frame["folder"])
        await self._in_thread(lambda: self.thread.adapters.ensure(version, folder))

    async def _retire_adapter(self, frame: Frame) -> None:
        version = str(frame["version"])
        await self._in_thread(lambda: self.thread.adapters.retire(version))

    async def _capabilities(self, frame: Frame) -> Frame:
        loaded = await self._model()
        return capabilities_to_json(
            Capabilities(
                loaded.name,
                loaded.revision,
                self.thread.scheduler.context_tokens,
                adapters=True,
                score=True,
                device=loaded.device,
                base_hash=loaded.base_hash,
                template_hash=loaded.template_hash,
                precision=loaded.precision,
            )
        )

    async def _health(self, frame: Frame) -> Frame:
        resident = psutil.Process().memory_info().rss
        if not self.loaded.done():
            share = self.progress or 0.0
            waiting = Health(False, "loading", self._waiting_for_model, 0, resident)
            return {**health_to_json(waiting), "figures": {"loaded_share": share}}
        self.loaded.result()
        scheduler = self.thread.scheduler
        ready = Health(
            True,
            "ready",
            scheduler.queued,
            scheduler.running,
            resident,
            {"step_seconds": self.thread.stuck_seconds, "clients": float(len(self.connections))},
        )
        return health_to_json(ready)

    async def _ping(self, frame: Frame) -> None:
        return None

    async def _leave(self, frame: Frame) -> None:
        self.leaving.set()


def _post(loop: asyncio.AbstractEventLoop, target: "asyncio.Queue[Any]", item: object) -> None:
    """Hands something from the model's thread to the event loop."""
    loop.call_soon_threadsafe(target.put_nowait, item)
