"""`daoshi serve` as its operator runs it: a process with an environment, a log and a port."""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import psutil

from tests.doubles.postgres_server import free_port

READY_SECONDS = 180.0
STOP_SECONDS = 60.0
KEPT = ("PATH", "LANG", "TZ", "SYSTEMROOT", "TMPDIR", "OMP_NUM_THREADS")
BUCKET = re.compile(r'daoshi_event_loop_lag_seconds_bucket\{le="([^"]+)"\} ([0-9.e+]+)')


class NotServing(Exception):
    """The process ended, or was not ready in time; holds the end of its log."""


@dataclass
class Serve:
    """One data folder, served by one process after another.

    `environment` holds the settings; nothing of ours but the search path is inherited.
    """

    folder: Path
    environment: Mapping[str, str]
    port: int = field(default_factory=free_port)
    process: asyncio.subprocess.Process | None = None

    @property
    def data_dir(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "serve.log"

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.returncode is None

    async def __aenter__(self) -> "Serve":
        (self.folder / "home").mkdir(parents=True, exist_ok=True)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
        end_engine(self.data_dir)

    async def start(self, *, wait: bool = True) -> None:
        """Starts the process; with `wait` returns when it can receive."""
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                command(),
                "serve",
                cwd=self.folder / "home",
                env=self._environment(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if wait:
            await self.until_ready()

    async def until_ready(self) -> None:
        """Raises NotServing."""
        try:
            async with asyncio.timeout(READY_SECONDS):
                while not await self.is_ready():
                    if not self.running:
                        raise NotServing(self.tail())
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise NotServing(f"not ready after {READY_SECONDS} s\n{self.tail()}") from None

    async def is_ready(self) -> bool:
        status, _ = await self.get("/readyz")
        return status == 200

    async def get(self, path: str) -> tuple[int, str]:
        """Status and body; status 0 where nobody listens."""
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session,
                session.get(f"http://127.0.0.1:{self.port}{path}") as response,
            ):
                return response.status, await response.text()
        except (aiohttp.ClientError, TimeoutError, OSError):
            return 0, ""

    async def lag(self) -> "Lag":
        """What the process has measured of its event loop since its start."""
        _, text = await self.get("/metrics")
        return Lag({float(le): float(count) for le, count in BUCKET.findall(text)})

    async def stop(self) -> int | None:
        """Asks the process to end (SIGTERM) and waits; its exit code, None if none ran."""
        if self.process is None:
            return None
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = await asyncio.wait_for(self.process.wait(), STOP_SECONDS)
        except TimeoutError:
            await self.kill()
            code = -signal.SIGKILL
        self.process = None
        return code

    async def kill(self) -> None:
        """Ends the process as a crash would (SIGKILL), with the worker that it started."""
        assert self.process is not None
        for child in psutil.Process(self.process.pid).children(recursive=True):
            child.kill()
        self.process.kill()
        await self.process.wait()
        self.process = None

    def records(self) -> list[dict[str, Any]]:
        """The log so far, one object a record; lines that are none are given as `raw`."""
        return [_record(line) for line in self.log.read_text(encoding="utf-8").splitlines()]

    def tail(self, lines: int = 15) -> str:
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(encoding="utf-8").splitlines()[-lines:])

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        return {
            **kept,
            "HOME": str(self.folder / "home"),
            "DAOSHI_DATA_DIR": str(self.data_dir),
            "DAOSHI_HTTP_PORT": str(self.port),
            "DAOSHI_LOG_FORMAT": "json",
            **self.environment,
        }


@dataclass(frozen=True, slots=True)
class Lag:
    """Cumulated counts of event-loop lags by upper bound in seconds."""

    buckets: Mapping[float, float]

    def since(self, earlier: "Lag") -> "Lag":
        return Lag({le: n - earlier.buckets.get(le, 0.0) for le, n in self.buckets.items()})

    @property
    def samples(self) -> int:
        return int(self.buckets.get(float("inf"), 0.0))

    def p99_ms(self) -> float:
        """The bound in milliseconds that 99 of 100 samples kept."""
        for bound, count in sorted(self.buckets.items()):
            if count >= 0.99 * self.samples:
                return bound * 1000
        return float("inf")


def command() -> str:
    """The installed `daoshi` of the interpreter that runs this."""
    return str(Path(sys.executable).with_name("daoshi"))


def engine_process(data_dir: Path) -> psutil.Process | None:
    """The text engine of a data folder, if it runs."""
    try:
        number = int((data_dir / "engine" / "engine.pid").read_text(encoding="ascii"))
        found = psutil.Process(number)
        return found if "tutor.engine" in found.cmdline() else None
    except (OSError, ValueError, psutil.Error):
        return None


def end_engine(data_dir: Path) -> None:
    """Ends the engine of a data folder that is about to go."""
    found = engine_process(data_dir)
    if found is not None:
        found.kill()
        found.wait(10)


def _record(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {"raw": line}
    return found if isinstance(found, dict) else {"raw": line}
