"""Sentence embeddings, made in a small process of its own that is started when first needed.

MiniLM reads English; other languages are found by their words. Where the process is missing, slow
or broken, there is no embedding and the search goes by words alone.
"""

import asyncio
import base64
import json
import os
from asyncio.subprocess import Process
from collections.abc import Sequence

import numpy as np
import structlog
from numpy.typing import NDArray

from tutor.worker import start_child

DIMENSIONS = 384
QUERY_SECONDS = 0.5
BATCH_SECONDS = 60.0
START_SECONDS = 20.0
IDLE_SECONDS = 600.0
BATCH = 8
_LINE_BYTES = 4 * 1024 * 1024

Vectors = NDArray[np.float32]
_log = structlog.get_logger(__name__)


class Embedder:
    """One child process; `close` ends it. It also ends itself when nothing was asked for long."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self._lock = asyncio.Lock()
        self._broken = False

    async def embed(
        self, texts: Sequence[str], timeout_seconds: float = BATCH_SECONDS
    ) -> Vectors | None:
        """Unit vectors, one row of 384 a text; None where they can't be had in time.

        A question should not wait: the first one starts the process and goes on without it.
        """
        if self._broken:
            return None
        try:
            async with asyncio.timeout(timeout_seconds), self._lock:
                batches = [
                    await self._batch(texts[start : start + BATCH])
                    for start in range(0, len(texts), BATCH)
                ]
        except TimeoutError:
            return None  # an answer that comes late is read past by its number
        except (OSError, ValueError, asyncio.IncompleteReadError) as error:
            _log.warning("embedding_failed", error=str(error))
            await self.close()
            return None
        return np.concatenate(batches) if batches else np.zeros((0, DIMENSIONS), np.float32)

    async def ready(self) -> bool:
        """Waits until the process answers; False where it can't be used."""
        return await self.embed(["ready"], START_SECONDS) is not None

    async def close(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()

    async def _batch(self, texts: Sequence[str]) -> Vectors:
        process = await self._running()
        assert process.stdin
        assert process.stdout
        number = os.urandom(8).hex()
        process.stdin.write(json.dumps({"number": number, "texts": list(texts)}).encode() + b"\n")
        await process.stdin.drain()
        while True:
            line = await process.stdout.readline()
            if not line:
                self._broken = await process.wait() == MISSING
                raise ValueError("the embedding process ended")
            answer = json.loads(line)
            if answer["number"] == number:
                break
        packed = base64.b64decode(answer["vectors"])
        return np.frombuffer(packed, np.float32).reshape(-1, DIMENSIONS)

    async def _running(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await start_child(
                "tutor.knowledge.embed", str(IDLE_SECONDS), line_bytes=_LINE_BYTES
            )
        return self._process


MISSING = 3
"""The exit code of a process that has no model to load."""


def packed(vectors: Vectors) -> list[bytes]:
    """Each row as float16, little-endian, as passages store it."""
    return [row.astype("<f2").tobytes() for row in vectors]


def unpacked(rows: Sequence[bytes]) -> Vectors:
    """The rows of `packed`; a passage without an embedding becomes zeros, which is like nothing."""
    blank = np.zeros(DIMENSIONS, "<f2").tobytes()
    joined = b"".join(row or blank for row in rows)
    return np.frombuffer(joined, "<f2").reshape(-1, DIMENSIONS).astype(np.float32)
