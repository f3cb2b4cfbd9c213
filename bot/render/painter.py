"""Pictures of formulas for the event loop: drawn in another process, in bounded time, cached.

Knows nothing of platforms. A formula that cannot be drawn is no failure: its text stands in the
message anyway.
"""

import asyncio
import base64
import hashlib
import json
import os
import sys
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import structlog

from bot.render.rendered import Formula
from tutor.messages import Picture

CACHE_VERSION = 1
CACHED_PICTURES = 256
CACHED_FILES = 4000
_LINE_LIMIT_BYTES = 16 * 1024 * 1024
_INHERITED = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR", "TEMP")

_log = structlog.get_logger(__name__)


class FormulaPainter:
    """Draws the formulas of one part as one picture. Safe to share; close it in the end."""

    def __init__(self, folder: Path | None = None, timeout_seconds: float = 5.0) -> None:
        self._folder = folder
        self._timeout_seconds = timeout_seconds
        self._cache: OrderedDict[str, bytes] = OrderedDict()
        self._process: asyncio.subprocess.Process | None = None
        self._lock = asyncio.Lock()

    async def draw(self, formulas: Sequence[Formula]) -> Picture | None:
        """One picture of all `formulas` in order; None where none of them can be drawn."""
        if not formulas:
            return None
        request = json.dumps([formula.latex for formula in formulas])
        key = hashlib.sha256(f"{CACHE_VERSION}:{request}".encode()).hexdigest()
        async with self._lock:
            data = await self._cached(key)
            if data is None:
                data = await self._drawn(request)
                await self._keep(key, data)
        if not data:
            return None
        alt = "; ".join(formula.text for formula in formulas)
        return Picture(data, f"formula-{key[:12]}.png", alt[:1000])

    async def close(self) -> None:
        """Ends the drawing process."""
        async with self._lock:
            await self._end()

    async def _cached(self, key: str) -> bytes | None:
        if key in self._cache:
            self._cache.move_to_end(key)
            return self._cache[key]
        if self._folder is None:
            return None
        data = await asyncio.to_thread(_read, self._folder / f"{key}.png")
        if data:
            self._remember(key, data)
        return data

    async def _keep(self, key: str, data: bytes | None) -> None:
        if data is not None:
            self._remember(key, data)
        if data and self._folder is not None:
            await asyncio.to_thread(_write, self._folder, f"{key}.png", data)

    def _remember(self, key: str, data: bytes) -> None:
        self._cache[key] = data
        while len(self._cache) > CACHED_PICTURES:
            self._cache.popitem(last=False)

    async def _drawn(self, request: str) -> bytes | None:
        """The picture, b"" where it cannot be drawn, None where this try came to nothing."""
        try:
            async with asyncio.timeout(self._timeout_seconds):
                answer = await self._ask(request)
        except (TimeoutError, OSError, EOFError, ValueError) as error:
            _log.warning("formula_process_ended", reason=type(error).__name__)
            await self._end()
            return None
        except asyncio.CancelledError:
            await self._end()  # its answer would be taken for the next one's
            raise
        if "problem" in answer:
            _log.info("formula_not_drawn", reason=answer["problem"])
            return b""
        return base64.b64decode(answer["png"])

    async def _ask(self, request: str) -> dict[str, str]:
        if self._process is None or self._process.returncode is not None:
            self._process = await _start()
        process = self._process
        assert process.stdin and process.stdout
        process.stdin.write(request.encode() + b"\n")
        await process.stdin.drain()
        line = await process.stdout.readline()
        if not line:
            raise EOFError
        answer: dict[str, str] = json.loads(line)
        return answer

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()


async def _start() -> asyncio.subprocess.Process:
    environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.render.formula_process",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=_LINE_LIMIT_BYTES,
        env=environment | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"},
    )


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _write(folder: Path, name: str, data: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    files = sorted(folder.glob("*.png"), key=lambda path: path.stat().st_mtime)
    for old in files[: max(len(files) - CACHED_FILES, 0)]:
        old.unlink(missing_ok=True)
    draft = folder / f".{name}.{os.getpid()}"
    draft.write_bytes(data)
    draft.replace(folder / name)
