"""The local engine as callers see it: a process that is started, found again and replaced for them.

Implements the Engine contract over the socket of one data folder. Imports neither torch nor
transformers: whoever uses it stays light.
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil

from tutor.engine import endpoint, pause
from tutor.engine.contract import (
    Capabilities,
    EnginePaused,
    EngineUnavailable,
    FinishReason,
    Health,
    ModelUnusable,
    RequestRefused,
    TextDelta,
    TextRequest,
)
from tutor.engine.embedded import is_embedded
from tutor.engine.launch import build_of_code, start_if_needed
from tutor.engine.link import EngineHung, Link
from tutor.engine.profiles import profile_for
from tutor.engine.reasoning import hide_reasoning
from tutor.engine.wire import (
    PROTOCOL,
    capabilities_from_json,
    delta_from_json,
    health_from_json,
    request_to_json,
)
from tutor.i18n import mark

log = logging.getLogger(__name__)

GRACE_SECONDS = 5.0  # beyond a deadline, before we stop waiting for the engine to keep it
REMEMBER_SECONDS = 30.0  # a model that cannot be used is not tried again before
CRASH_WINDOW_SECONDS = 60.0
LONGEST_PAUSE_SECONDS = 15.0


class LocalEngine:
    """`on_progress` gets the share of the one-time preparation of the model that is done."""

    def __init__(
        self,
        data_dir: Path,
        model: str = "",
        *,
        idle_seconds: float | None = None,
        hang_seconds: float = 30.0,
        on_progress: Callable[[float], None] = lambda share: None,
        unix: bool = endpoint.HAS_UNIX_SOCKETS,
    ) -> None:
        self._data_dir = data_dir.resolve()
        self._model = _settled(model)
        self._profile = profile_for(self._model)
        self._hang_seconds = hang_seconds
        self._on_progress = on_progress
        self._place = endpoint.endpoint_of(self._data_dir, unix=unix)
        self._arguments = ["--model", self._model]
        if idle_seconds is not None:
            self._arguments += ["--idle-seconds", str(idle_seconds)]
        if not unix:
            self._arguments.append("--tcp")
        self._adapters: dict[str, str] = {}
        self._link: Link | None = None
        self._opening = asyncio.Lock()
        self._crashes: list[float] = []
        self._unusable: tuple[float, ModelUnusable] | None = None

    async def stream(self, request: TextRequest) -> AsyncGenerator[TextDelta, None]:
        visible = hide_reasoning(self._stream(request), self._profile.reasoning)
        async with aclosing(visible):
            async for delta in visible:
                yield delta

    async def score(self, token_ids: Sequence[int], adapter: str | None = None) -> list[float]:
        scores: list[float] = await self._call("score", token_ids=list(token_ids), adapter=adapter)
        return scores

    async def encode(self, texts: Sequence[str]) -> list[list[int]]:
        ids: list[list[int]] = await self._call("encode", texts=list(texts))
        return ids

    async def ensure_adapter(self, version: str, folder: str) -> None:
        path = str(Path.cwd() / folder)  # the process may have another working folder
        await self._call("ensure_adapter", version=version, folder=path)
        self._adapters[version] = path

    async def retire_adapter(self, version: str) -> None:
        self._adapters.pop(version, None)
        await self._call("retire_adapter", version=version)

    async def capabilities(self) -> Capabilities:
        return capabilities_from_json(await self._call("capabilities"))

    async def health(self) -> Health:
        try:
            return health_from_json(await self._call("health"))
        except EnginePaused as error:
            return Health(ready=False, detail=str(error), paused_until=error.until)
        except EngineUnavailable as error:
            return Health(ready=False, detail=str(error))

    async def close(self) -> None:
        """Ends the connection; the process leaves by itself when nobody else is connected."""
        if self._link is not None:
            await self._link.close()
            self._link = None

    async def _stream(self, request: TextRequest) -> AsyncGenerator[TextDelta, None]:
        started = time.monotonic()
        begun = False
        for last_try in (False, True):
            try:
                async with aclosing(self._attempt(request, started)) as deltas:
                    async for delta in deltas:
                        begun = True
                        yield delta
                return
            except (ModelUnusable, EnginePaused):
                raise
            except EngineUnavailable:
                if begun or last_try:
                    raise
                log.warning("The text engine went before it answered; trying once more")

    async def _attempt(
        self, request: TextRequest, started: float
    ) -> AsyncGenerator[TextDelta, None]:
        """Sends the request over a working link and passes the deltas on."""
        try:
            async with asyncio.timeout(_left(request, started, 0)):
                link = await self._working_link()
        except TimeoutError:
            yield TextDelta(finish=FinishReason.DEADLINE, prompt_tokens=0, completion_tokens=0)
            return
        left = _left(request, started, 0)
        sent = replace(request, deadline_seconds=None if left is None else max(left, 0.0))
        number, finished = link.begin("stream", request=request_to_json(sent)), False
        written = 0
        try:
            while not finished:
                async with asyncio.timeout(_left(request, started, GRACE_SECONDS)):
                    frame = await link.reply(number)
                delta = delta_from_json(frame["delta"])
                written += len(delta.token_ids)
                finished = delta.finish is not None
                yield delta
        except TimeoutError:
            yield TextDelta(
                finish=FinishReason.DEADLINE, prompt_tokens=0, completion_tokens=written
            )
        except ModelUnusable as error:
            self._remember(error)
            raise
        finally:
            link.end(number, cancel=not finished)

    async def _call(self, operation: str, **arguments: Any) -> Any:
        for last_try in (False, True):
            link = await self._working_link()
            try:
                return await link.call(operation, **arguments)
            except ModelUnusable as error:
                self._remember(error)
                raise
            except EngineUnavailable:
                if last_try:
                    raise
        raise AssertionError(operation)

    def _remember(self, error: ModelUnusable) -> None:
        self._unusable = (time.monotonic() + REMEMBER_SECONDS, error)

    async def _working_link(self) -> Link:
        """The link that is open, or a new one to a process that is started where necessary."""
        async with self._opening:
            if self._link is not None and not self._link.closed:
                if not self._link.leaving:
                    return self._link
                self._link = None  # it lives on until its requests have ended
            await self._refuse_while_paused()
            if self._unusable is not None and time.monotonic() < self._unusable[0]:
                raise ModelUnusable(self._unusable[1].sentence, **self._unusable[1].fields)
            if self._link is not None:
                await self._after_crash(self._link)
            self._link = await self._open()
            await self._restore_adapters(self._link)
            return self._link

    async def _refuse_while_paused(self) -> None:
        """An engine that left for a pause has not crashed, and is not started before it ends."""
        standing = pause.standing(self._data_dir)
        if standing is None:
            return
        if self._link is not None:
            await self._link.close()
            self._link = None
        raise EnginePaused(standing.until)

    async def _after_crash(self, lost: Link) -> None:
        """Clears a hung process away; the more crashes there were lately, the longer the pause."""
        self._link = None
        await lost.close()
        if lost.hung:
            await asyncio.to_thread(self._kill_hung)
        now = time.monotonic()
        self._crashes = [t for t in self._crashes if now - t < CRASH_WINDOW_SECONDS] + [now]
        pause = min(LONGEST_PAUSE_SECONDS, 0.5 * (2 ** (len(self._crashes) - 1) - 1))
        log.warning("The text engine has gone; starting it again in %.1f s", pause)
        await asyncio.sleep(pause)

    async def _open(self) -> Link:
        for _ in range(3):
            try:
                connection = await endpoint.connect(self._place)
            except OSError:
                await asyncio.to_thread(
                    start_if_needed, self._place, self._data_dir, self._arguments
                )
                continue
            try:
                link = await Link.open(connection, self._on_progress, self._hang_seconds)
            except EngineHung:
                await asyncio.to_thread(self._kill_hung)
                continue
            except EngineUnavailable:
                continue
            if await self._is_suitable(link):
                return link
        raise EngineUnavailable("The text engine could not be started.")

    async def _is_suitable(self, link: Link) -> bool:
        """Whether the process runs our model and code; one that nobody else uses is replaced."""
        hello = link.hello
        same = hello.model == self._model and hello.build == build_of_code()
        if hello.protocol == PROTOCOL and same and not hello.leaving:
            return True
        if hello.leaving or (hello.others == 0 and hello.protocol == PROTOCOL):
            with suppress(EngineUnavailable):
                await link.call("leave")
            await link.close()
            await asyncio.sleep(0.2)
            return False
        if hello.protocol == PROTOCOL and hello.model == self._model:
            log.warning("The running text engine has other code; it is used until it ends")
            return True
        await link.close()
        raise ModelUnusable(
            mark(
                "The text engine of this data folder runs {running} for another program, and "
                "{wanted} was asked for. Stop the other program, or use another DAOSHI_DATA_DIR."
            ),
            running=hello.model or "SmolLM2-135M-Instruct",
            wanted=self._model or "SmolLM2-135M-Instruct",
        )

    async def _restore_adapters(self, link: Link) -> None:
        """A new process knows none of the adapters that ours had."""
        for version, path in list(self._adapters.items()):
            try:
                await link.call("ensure_adapter", version=version, folder=path)
            except RequestRefused as error:
                log.error("Adapter %s is no longer usable: %s", version, error)  # noqa: TRY400
                del self._adapters[version]

    def _kill_hung(self) -> None:
        """Ends the process that holds our address and answers nobody."""
        with suppress(OSError, ValueError, psutil.Error):
            process = psutil.Process(int(self._place.pid_file.read_text(encoding="ascii")))
            if "tutor.engine" in process.cmdline():
                log.warning("Killing the hung text engine %d", process.pid)
                process.kill()
                process.wait(timeout=10)


def _left(request: TextRequest, started: float, grace: float) -> float | None:
    """Seconds until the deadline plus `grace`; None without deadline."""
    if request.deadline_seconds is None:
        return None
    return request.deadline_seconds + grace - (time.monotonic() - started)


def _settled(model: str) -> str:
    """One spelling for each model, so that two clients mean the same."""
    if is_embedded(model):
        return ""
    folder = Path(model).expanduser()
    return str(folder.resolve()) if folder.is_dir() else model
