"""Work that may take too long, done in processes of ours that can be killed.

Knows how such a process starts, what it inherits (no secret of ours), and how it ends; not what it
does. None of this blocks the event loop.
"""

import asyncio
import contextlib
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from typing import Any

START_SECONDS = 30.0
MOST_WAITING = 32
LINE_BYTES = 65_536
_INHERITED = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR", "TEMP")


class NoAnswer(Exception):
    """The worker gave none: too slow, not started, or too many waiting."""


class Ended(NoAnswer):
    """The worker died over this very request: too much memory or processor time."""


async def start_child(
    module: str, *arguments: str, threads: int = 1, line_bytes: int = LINE_BYTES
) -> Process:
    """A fresh process that runs one of our modules, to be written to and read from."""
    environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    environment |= {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}
    environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": str(threads)}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments,
        stdin=PIPE, stdout=PIPE, stderr=asyncio.subprocess.DEVNULL,
        env=environment, limit=line_bytes,
    )  # fmt: skip


async def end_child(process: Process) -> None:
    """Kills it and waits until its pipes are closed as well."""
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    assert process.stdout is not None
    while await process.stdout.read(LINE_BYTES):
        pass
    await process.wait()
    await asyncio.sleep(0)


class Worker:
    """One warm process that says `ready`, then answers a JSON line for each that it gets.

    Started at the first need and again after each kill; whoever comes while it is busy waits in a
    short queue. `limit_seconds` is how long an answer may take, waiting included.
    """

    def __init__(
        self,
        module: str,
        limit_seconds: float,
        *,
        arguments: Sequence[str] = (),
        line_bytes: int = LINE_BYTES,
    ) -> None:
        self.limit_seconds = limit_seconds
        self._module = module
        self._arguments = tuple(arguments)
        self._line_bytes = line_bytes
        self._starting: asyncio.Task[Process] | None = None
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._ending: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begins to start the process, unless there is one; returns at once."""
        if self._starting is None:
            self._starting = asyncio.get_running_loop().create_task(self._started())

    async def ready(self) -> None:
        """Waits until the process is warm; NoAnswer if none can be started."""
        self.start()
        await self._process()

    async def ask(self, request: Any) -> Any:
        """The answer to a request, both as JSON has them; NoAnswer within the limit."""
        if self._waiting >= MOST_WAITING:
            raise NoAnswer("too many are waiting")
        self.start()
        self._waiting += 1
        try:
            async with asyncio.timeout(self.limit_seconds):
                async with self._turn:
                    return await self._ask(json.dumps(request).encode() + b"\n")
        except TimeoutError as error:
            raise NoAnswer("too slow") from error
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """Ends the process; returns when none of ours is left."""
        starting, self._starting = self._starting, None
        if starting is not None:
            starting.cancel()
            with contextlib.suppress(asyncio.CancelledError, NoAnswer):
                await end_child(await starting)
        await asyncio.gather(*self._ending)

    async def _process(self) -> Process:
        assert self._starting is not None
        try:
            process = await asyncio.shield(self._starting)
        except NoAnswer:
            self._starting = None
            raise
        if process.returncode is None:
            return process
        self._replace(process)  # it ended while nobody asked for anything
        return await asyncio.shield(self._starting)

    async def _ask(self, line: bytes) -> Any:
        process = await self._process()
        assert process.stdin is not None
        assert process.stdout is not None
        answered = False
        try:
            process.stdin.write(line)
            await process.stdin.drain()
            said = await process.stdout.readline()
            answered = said.endswith(b"\n")
        except ConnectionError:
            pass
        finally:
            if not answered:  # too slow, cancelled, or dead: its answer would come out of turn
                self._replace(process)
        if not answered:
            raise Ended("the worker ended")
        return json.loads(said)

    def _replace(self, process: Process) -> None:
        self._starting = None
        ending = asyncio.get_running_loop().create_task(end_child(process))
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)
        self.start()

    async def _started(self) -> Process:
        process = await start_child(self._module, *self._arguments, line_bytes=self._line_bytes)
        assert process.stdout is not None
        try:
            async with asyncio.timeout(START_SECONDS):
                said = await process.stdout.readline()
        except TimeoutError:
            said = b""
        except asyncio.CancelledError:
            await end_child(process)
            raise
        if said.strip() != b"ready":
            await end_child(process)
            raise NoAnswer("the worker did not start")
        return process
