"""How late the event loop of the chat process is while the real model generates beside it."""

import asyncio
from contextlib import aclosing
from pathlib import Path

from tutor.engine.connect import connect
from tutor.engine.contract import Engine, Message, TextRequest

SAMPLE_SECONDS = 0.005
REPLY_TOKENS = 64
LOAD_SECONDS = 600.0


async def generating_lag(data_dir: Path, learners: int, seconds: float) -> list[float]:
    """Milliseconds by which a timer was late, while the model answers `learners` people at once."""
    engine = connect(data_dir=data_dir, model="", engine_url="", engine_api_key="")
    try:
        async with asyncio.timeout(LOAD_SECONDS):
            await _answer(engine, "warm", 1)
        asking = [asyncio.create_task(_keep_asking(engine, f"L{n}")) for n in range(learners)]
        try:
            return await _sample(seconds)
        finally:
            for task in asking:
                task.cancel()
            await asyncio.gather(*asking, return_exceptions=True)
    finally:
        await engine.close()


async def _sample(seconds: float) -> list[float]:
    loop = asyncio.get_running_loop()
    late = []
    end = loop.time() + seconds
    while (now := loop.time()) < end:
        await asyncio.sleep(SAMPLE_SECONDS)
        late.append((loop.time() - now - SAMPLE_SECONDS) * 1000)
    return late


async def _keep_asking(engine: Engine, learner: str) -> None:
    while True:
        await _answer(engine, learner, REPLY_TOKENS)


async def _answer(engine: Engine, learner: str, tokens: int) -> None:
    request = TextRequest(
        messages=(Message("user", "Explain how rain forms, step by step."),),
        max_tokens=tokens,
        fairness_key=learner,
    )
    async with aclosing(engine.stream(request)) as deltas:
        async for _ in deltas:
            pass
