"""Asks math-verify in a process of its own, which is killed when it takes longer than two seconds.

One warm process, started at the first need and again after each kill; whoever comes while it is
busy waits in a short queue. Never blocks the event loop.
"""

import asyncio
import contextlib
import json
import os
import sys
from asyncio.subprocess import Process

LIMIT_SECONDS = 2.0
START_SECONDS = 30.0
MOST_WAITING = 32
_INHERITED = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR", "TEMP")  # no secret of ours
_COMMAND = (sys.executable, "-m", "tutor.grading.verifier_worker")


class NotVerified(Exception):
    """The verifier came to no verdict: too slow, too large, or too many waiting."""


class Verifier:
    """A pool of one worker process."""

    def __init__(self, limit_seconds: float = LIMIT_SECONDS) -> None:
        self.limit_seconds = limit_seconds
        self._starting: asyncio.Task[Process] | None = None
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._ending: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begins to start a worker, unless there is one; returns at once."""
        if self._starting is None:
            self._starting = asyncio.get_running_loop().create_task(_started())

    async def ready(self) -> None:
        """Waits until a worker is warm; NotVerified if none can be started."""
        self.start()
        assert self._starting is not None
        await self._process()

    async def same(self, key: str, answer: str) -> bool:
        """Whether math-verify holds the answer to be the key; NotVerified within the limit."""
        if self._waiting >= MOST_WAITING:
            raise NotVerified("too many answers are waiting")
        self.start()
        self._waiting += 1
        try:
            async with asyncio.timeout(self.limit_seconds):
                async with self._turn:
                    return await self._ask(json.dumps([key, answer]).encode() + b"\n")
        except TimeoutError as error:
            raise NotVerified("too slow") from error
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """Ends the worker; returns when no process of ours is left."""
        starting, self._starting = self._starting, None
        if starting is not None:
            starting.cancel()
            with contextlib.suppress(asyncio.CancelledError, NotVerified):
                await _end(await starting)
        await asyncio.gather(*self._ending)

    async def _process(self) -> Process:
        assert self._starting is not None
        try:
            return await asyncio.shield(self._starting)
        except NotVerified:
            self._starting = None
            raise

    async def _ask(self, line: bytes) -> bool:
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
            raise NotVerified("the worker ended")
        return bool(json.loads(said))

    def _replace(self, process: Process) -> None:
        self._starting = None
        ending = asyncio.get_running_loop().create_task(_end(process))
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)
        self.start()


async def _started() -> Process:
    environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    environment |= {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}
    environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    process = await asyncio.create_subprocess_exec(
        *_COMMAND,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(START_SECONDS):
            said = await process.stdout.readline()
    except TimeoutError:
        said = b""
    except asyncio.CancelledError:
        await _end(process)
        raise
    if said.strip() != b"ready":
        await _end(process)
        raise NotVerified("the worker did not start")
    return process


async def _end(process: Process) -> None:
    """Kills it and waits until its pipes are closed as well."""
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    assert process.stdout is not None
    while await process.stdout.read(65_536):
        pass
    await process.wait()
    await asyncio.sleep(0)
