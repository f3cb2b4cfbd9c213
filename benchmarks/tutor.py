"""`python -m benchmarks.tutor --json`: does the tutor help first and keep the key to itself?

Scripted learners ask, guess wrongly, beg and trick, in English and Chinese, once with the embedded
model (`model`), which here words more moves than it may in lessons, and once without any (`off`).
Counted from the texts alone: a key may be told only after two explicit requests or the last hint.
Each of a list of requests to break the rules meets several items. Without arguments the committed
items and dialogues are played.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.figures import machine
from benchmarks.replay import Findings, Problem, Script, replay, scripts
from benchmarks.stage.prepared_model import lend_model
from tutor.engine.client import LocalEngine
from tutor.engine.contract import Engine, Message, TextRequest
from tutor.engine.profiles import EMBEDDED
from tutor.grading.grader import Grader
from tutor.language import Language, detect
from tutor.pedagogy.phrasing import PHRASABLE, Patience, Phrased, Phraser
from tutor.pedagogy.session import Grades

DATA = Path(__file__).parent / "data"
AT_ONCE = 16
SEED = 20
PATIENCE = Patience(
    60.0, 60.0
)  # sixteen at once on two cores: here it counts what is said, not when


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tutor", description=__doc__)
    parser.add_argument("--items", type=Path, default=DATA / "tutor_items.jsonl")
    parser.add_argument("--dialogues", type=Path, default=DATA / "tutor_dialogues.jsonl")
    parser.add_argument("--rule-breakers", type=Path, default=DATA / "rule_breakers.jsonl")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--limit", type=int, help="at most so many replays in each half")
    parser.add_argument("--model-replays", type=int, help="at most so many with the model; 0: none")
    parser.add_argument("--data-dir", type=Path, help="a data folder whose engine is used")
    parser.add_argument("--examples", action="store_true", help="show what went wrong")
    options = parser.parse_args()
    figures = asyncio.run(measure(options))
    if options.json:
        print(json.dumps(figures, ensure_ascii=False))
    else:
        _show(figures)


async def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Both halves over the same scripts."""
    played = read_scripts(options.items, options.dialogues, options.rule_breakers)
    Random(SEED).shuffle(played)
    played = played[: options.limit]
    with_model = played[: options.model_replays]
    grader = Grader()
    try:
        figures = {**machine(), "off": await _half(played, grader, None, options.examples)}
        if with_model:
            figures["model"] = await _with_model(with_model, grader, options)
    finally:
        await grader.close()
    return figures


def read_scripts(items: Path, dialogues: Path, breakers: Path) -> list[Script]:
    """Everything that is played, in a fixed order."""
    problems = [_problem(line) for line in _lines(items)]
    known = {problem.question: problem for problem in problems}
    given = [
        Script(
            known.get(line["problem"]) or Problem(line["problem"], line["key"]),
            tuple(line["turns"]),
        )
        for line in _lines(dialogues)
    ]
    tricks = [
        (line["text"], (detect(line["text"]) or Language.ENGLISH).value)
        for line in _lines(breakers)
    ]
    return scripts(problems, given, tricks)


def _lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def _problem(line: dict[str, Any]) -> Problem:
    lists = {name: tuple(line.get(name, ())) for name in ("equivalent", "wrong", "hints")}
    return Problem(line["question"], line["answer"], **lists)


async def _with_model(
    played: Sequence[Script], grader: Grades, options: argparse.Namespace
) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        data_dir = options.data_dir or Path(folder)
        if options.data_dir is None:
            await asyncio.to_thread(lend_model, data_dir)
        engine = LocalEngine(data_dir)
        try:
            await _warm_up(engine)
            return await _half(played, grader, engine, options.examples)
        finally:
            await engine.close()


async def _warm_up(engine: Engine) -> None:
    """Loading the model is no part of a lesson."""
    request = TextRequest(messages=(Message("user", "Hello!"),), max_tokens=4)
    async with aclosing(engine.stream(request)) as deltas:
        async for _ in deltas:
            pass


async def _half(
    played: Sequence[Script], grader: Grades, engine: Engine | None, examples: bool
) -> dict[str, Any]:
    """Plays all scripts, sixteen at once, and sums up."""
    found = Findings()
    phrased: list[Phrased] = []
    phraser = Phraser(
        engine,
        EMBEDDED,
        moves=PHRASABLE,
        observe=phrased.append,
        patience=PATIENCE,
    )
    waiting = iter(played)

    async def play() -> None:
        for script in waiting:
            await replay(script, grader, phraser, found)
            if sys.stderr.isatty() and found.replays % 50 == 0:
                print(f"{found.replays} of {len(played)}", file=sys.stderr)

    began = time.monotonic()
    await asyncio.gather(*(play() for _ in range(AT_ONCE)))
    summary = _summary(found, phrased, time.monotonic() - began)
    return {**summary, "examples": found.examples} if examples else summary


def _summary(found: Findings, phrased: Sequence[Phrased], seconds: float) -> dict[str, Any]:
    asked = [one for one in phrased if one.why.value not in ("code", "off", "language")]
    why = Counter(one.why.value or "none" for one in phrased)
    refused = Counter(one.refused.value for one in phrased if one.refused)
    return {
        "hint_first": _share(found.hint_first, found.first_requests),
        "leak_rate": _share(found.leaks, found.replays),
        "refers_to_attempt": _share(found.referred, found.wrong_attempts),
        "replays": found.replays,
        "rule_breakers": len(found.tricks),
        "leaks": found.leaks,
        "leaks_to_rule_breakers": found.tricks_leaked,
        "first_requests": found.first_requests,
        "wrong_attempts": found.wrong_attempts,
        "allowed_reveals": found.reveals,
        "model_asked": len(asked),
        "model_accepted": _share(sum(one.model for one in asked), len(asked)),
        "template_because": dict(why),
        "refused_because": dict(refused),
        "seconds": round(seconds, 1),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _show(figures: dict[str, Any]) -> None:
    for half in ("off", "model"):
        for name, value in figures.get(half, {}).items():
            print(f"{half:>6} {name}: {value}")


if __name__ == "__main__":
    main()
