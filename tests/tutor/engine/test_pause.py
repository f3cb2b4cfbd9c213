"""A pause of the engine: its process leaves, nobody starts it, and afterwards it serves again."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tutor.engine import pause
from tutor.engine.client import LocalEngine
from tutor.engine.contract import EnginePaused, FinishReason, Message, TextRequest

REQUEST = TextRequest(messages=(Message("user", "Hello"),), max_tokens=4)
HOUR = timedelta(hours=1)


@pytest.fixture
async def engine(tmp_path: Path, tiny_model: Path):
    os.environ["OMP_NUM_THREADS"] = "1"
    engine = LocalEngine(tmp_path, str(tiny_model), idle_seconds=3)
    yield engine
    await engine.close()


async def finish_of(engine: LocalEngine) -> FinishReason | None:
    return [delta async for delta in engine.stream(REQUEST)][-1].finish


async def test_engine_leaves_for_a_pause_and_serves_when_it_is_lifted(
    engine: LocalEngine, tmp_path: Path
) -> None:
    assert await finish_of(engine) is not None
    assert not pause.has_left(tmp_path, timeout_seconds=0)
    now = datetime.now(UTC)
    pause.pause(tmp_path, "run", now + HOUR, now)
    assert await asyncio.to_thread(pause.has_left, tmp_path, 60)
    with pytest.raises(EnginePaused) as refused:
        await finish_of(engine)
    assert refused.value.until == now + HOUR
    assert (await engine.health()).paused_until == now + HOUR
    assert pause.has_left(tmp_path, timeout_seconds=0)
    pause.lift(tmp_path, "run")
    assert await finish_of(engine) is not None


async def test_engine_serves_again_when_whoever_paused_it_has_died(
    engine: LocalEngine, tmp_path: Path
) -> None:
    long_ago = datetime.now(UTC) - 2 * pause.LEASE
    pause.pause(tmp_path, "dead", long_ago + 5 * HOUR, long_ago)
    assert await finish_of(engine) is not None


async def test_reply_that_is_under_way_is_finished_before_the_engine_leaves(
    engine: LocalEngine, tmp_path: Path
) -> None:
    request = TextRequest(messages=REQUEST.messages, max_tokens=200)
    stream = engine.stream(request)
    deltas = [await anext(stream)]
    now = datetime.now(UTC)
    pause.pause(tmp_path, "run", now + HOUR, now)
    deltas += [delta async for delta in stream]
    assert deltas[-1].finish in (FinishReason.LENGTH, FinishReason.STOP)
