"""A child process that does what loads torch: started, listened to, stopped. Knows no runs."""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import structlog

from tutor.engine.launch import SECRETS

log = structlog.get_logger()

DONE, SENTENCE, INTERRUPTED = 0, 3, 4  # exit codes of a trainer
CHECKPOINT_SECONDS = 30.0
LINE_BYTES = 1 << 20


class Child:
    """Made by `start`. Each line of its output that is a JSON object goes to `on_line`."""

    def __init__(
        self, process: asyncio.subprocess.Process, on_line: Callable[[dict[str, Any]], None]
    ) -> None:
        self._process = process
        self._on_line = on_line
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def start(
        cls,
        module: Sequence[str],
        *,
        log_file: Path,
        on_line: Callable[[dict[str, Any]], None],
        inherited: Sequence[int] = (),
    ) -> "Child":
        """Runs a module and its arguments below `training.runs.trainer`; errors go to a file."""
        log_file.parent.mkdir(parents=True, exist_ok=True)
        with log_file.open("ab") as errors:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "training.runs.trainer", str(os.getpid()), *module),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                env=_environment(),
                limit=LINE_BYTES,
                pass_fds=tuple(inherited) if sys.platform != "win32" else (),
            )
        log.info("child_started", module=module[0], pid=process.pid)
        return cls(process, on_line)

    @property
    def pid(self) -> int:
        return self._process.pid

    async def wait(self, timeout_seconds: float | None = None) -> int | None:
        """The exit code, once all lines are read; None if it still runs after the time."""
        try:
            async with asyncio.timeout(timeout_seconds):
                await asyncio.shield(self._reading)
                return await self._process.wait()
        except TimeoutError:
            return None

    async def stop(self, patience_seconds: float = CHECKPOINT_SECONDS) -> int:
        """Asks it to write a checkpoint and end; ends it if it does not within the time."""
        if self._process.returncode is None and patience_seconds > 0:
            self._signal(self._process.terminate)
            await self.wait(patience_seconds)
        if self._process.returncode is None:
            self._signal(self._process.kill)
        return await self._process.wait()

    def _signal(self, send: Callable[[], None]) -> None:
        try:
            send()
        except ProcessLookupError:  # it ended in this moment
            log.info("child_ended_by_itself", pid=self._process.pid)

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            try:
                record = json.loads(line)
            except ValueError:
                continue  # a library's own words
            if isinstance(record, dict):
                self._on_line(record)


def _environment() -> dict[str, str]:
    """Ours without the secrets. Threads wait asleep: see `tutor.engine.launch` on spinning ones; a
    training's waits are long, so that it loses nothing by not spinning at all.
    """
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(SECRETS)}
    root = str(Path(__file__).resolve().parents[2])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        "GOMP_SPINCOUNT": "0",
        "OMP_WAIT_POLICY": "passive",
        "TOKENIZERS_PARALLELISM": "false",
        **inherited,
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONUNBUFFERED": "1",
    }
