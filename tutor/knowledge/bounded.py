"""Asks a fresh process that can be killed: for bytes from strangers, parsed with bounded means.

The process is a module run with `python -m`; it reads a JSON line and bytes, and answers with one
JSON object. It inherits no secret of ours.
"""

import asyncio
import json
from asyncio.subprocess import Process
from typing import Any

import structlog

from tutor.worker import start_child

_log = structlog.get_logger(__name__)


async def ask_process(
    module: str, request: bytes, timeout_seconds: float, max_answer_bytes: int
) -> dict[str, Any] | None:
    """The answer of a fresh process; None where it ran out of time, memory or what it may say."""
    process = await start_child(module, threads=2)
    sending = asyncio.create_task(_send(process, request))
    try:
        async with asyncio.timeout(timeout_seconds):
            assert process.stdout
            answer = await _receive(process.stdout, max_answer_bytes)
            returned = await process.wait()
    except TimeoutError:
        _log.warning("reader_killed", reader=module, reason="time", seconds=timeout_seconds)
        return None
    finally:
        sending.cancel()
        if process.returncode is None:
            process.kill()
            await process.wait()
    if returned != 0 or answer is None:
        _log.warning("reader_failed", reader=module, code=returned)
        return None
    return answer


async def _receive(stream: asyncio.StreamReader, limit: int) -> dict[str, Any] | None:
    answer = bytearray()
    while chunk := await stream.read(65_536):
        answer += chunk
        if len(answer) > limit:
            return None
    try:
        read: dict[str, Any] = json.loads(answer)
    except ValueError:
        return None  # it died while writing
    return read


async def _send(process: Process, request: bytes) -> None:
    assert process.stdin
    try:
        process.stdin.write(request)
        await process.stdin.drain()
        process.stdin.close()
    except (BrokenPipeError, ConnectionResetError):
        return  # it needs no more: the answer or the exit code says why
