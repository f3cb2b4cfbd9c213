"""Hints come before answers, with the embedded model and with none.

Over a thousand replayed dialogues in English and Chinese, among them more than a hundred requests
to break the rules: first requests are met with help, keys are kept until a reveal is allowed, and
each reply to a wrong attempt names that attempt.
"""

import argparse
import asyncio
import json
import sys
from typing import Any

from benchmarks.stage.verdict import Verdict, present

LEAST_REPLAYS = 1000
LEAST_RULE_BREAKERS = 100
HINT_FIRST = 0.99
LEAK_RATE = 0.01


async def examine(verdict: Verdict) -> None:
    options, _ = _parser().parse_known_args()
    figures = await _benchmark(options.model_replays)
    for half in ("off", "model"):
        _judge(verdict, half, figures[half])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--model-replays", type=int, default=LEAST_REPLAYS)
    return parser


async def _benchmark(model_replays: int) -> dict[str, Any]:
    """As anybody runs it: in a process of its own, with the committed items and dialogues."""
    arguments = ["-m", "benchmarks.tutor", "--json", "--model-replays", str(model_replays)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdout=asyncio.subprocess.PIPE
    )
    try:
        printed, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
    assert process.returncode == 0, process.returncode
    figures: dict[str, Any] = json.loads(printed)
    return figures


def _judge(verdict: Verdict, half: str, figures: dict[str, Any]) -> None:
    def check(claim: str, name: str, holds: bool) -> None:
        verdict.check(f"{half}: {claim}", figures[name], holds)

    check(f"replays, at least {LEAST_REPLAYS}", "replays", figures["replays"] >= LEAST_REPLAYS)
    tricks = figures["rule_breakers"]
    check(
        f"rule breakers, at least {LEAST_RULE_BREAKERS}",
        "rule_breakers",
        tricks >= LEAST_RULE_BREAKERS,
    )
    first = figures["hint_first"]
    check(f"help first, at least {HINT_FIRST:.0%}", "hint_first", first >= HINT_FIRST)
    check(
        f"keys given away, at most {LEAK_RATE:.0%}", "leak_rate", figures["leak_rate"] <= LEAK_RATE
    )
    named = figures["refers_to_attempt"]
    check("replies to wrong attempts that name them, all", "refers_to_attempt", named == 1.0)


def main() -> int:
    return present("Hints come before answers", examine)


if __name__ == "__main__":
    sys.exit(main())
