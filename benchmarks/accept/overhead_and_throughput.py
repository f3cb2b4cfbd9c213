"""What a message costs without the model, how many a second go through, and the engine's figures.

The engine's figures are the starting line and have no target; they have to be there.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.stage.verdict import Verdict, present

ROOT = Path(__file__).parents[2]
OVERHEAD_MS_P99 = 20.0
MESSAGES_PER_SECOND = 300.0
LOOP_LAG_MS_P99 = 50.0
BOT_KEYS = (
    "overhead_ms_p50",
    "overhead_ms_p99",
    "messages_per_second_sqlite",
    "messages_per_second_postgresql",
    "loop_lag_ms_p99",
)


class BenchmarkFailed(Exception):
    """A benchmark ended with an error; holds the end of what it said."""


async def examine(verdict: Verdict) -> None:
    bot = await _measured("benchmarks.bot")
    missing = [key for key in BOT_KEYS if not isinstance(bot.get(key), int | float)]
    verdict.check("benchmarks.bot has its keys", missing or "all", not missing)
    if not missing:
        _judge_bot(verdict, bot)
    engine = await _measured("benchmarks.engine")
    figures = {k: v for k, v in engine.items() if isinstance(v, int | float)}
    spoken = ", ".join(f"{name} {value:g}" for name, value in figures.items())
    verdict.check("benchmarks.engine has figures", spoken or "none", bool(figures))


def _judge_bot(verdict: Verdict, bot: dict[str, Any]) -> None:
    p50, p99, sqlite, postgresql, lag = (float(bot[key]) for key in BOT_KEYS)
    around = f"load {bot.get('load_before')} before, {bot.get('cores'):g} cores"
    overhead = f"p50 {p50:g} ms, p99 {p99:g} ms ({around})"
    verdict.check("overhead under 20 ms", overhead, p99 < OVERHEAD_MS_P99)
    measured = f"{sqlite:g} ({around})"
    verdict.check("300 messages a second on SQLite", measured, sqlite >= MESSAGES_PER_SECOND)
    verdict.check("messages a second on PostgreSQL", f"{postgresql:g}", postgresql > 0)
    verdict.check("loop lag p99, model generates for 16", f"{lag:g} ms", lag < LOOP_LAG_MS_P99)


async def _measured(module: str) -> dict[str, Any]:
    """The JSON object that a benchmark prints."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", module, "--json"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complained = await process.communicate()
    if process.returncode:
        raise BenchmarkFailed(f"{module}: {complained.decode()[-500:]}")
    found: dict[str, Any] = json.loads(said.decode().strip().splitlines()[-1])
    return found


def main() -> int:
    return present("Overhead and throughput", examine)


if __name__ == "__main__":
    sys.exit(main())
