"""`python -m benchmarks.grading --items FILE --json`: is what is right accepted, and only that?

FILE has one JSON object a line: `question`, `answer`, `equivalent` (right in other words), `wrong`,
`hints`. The type of an answer is told from the answer and its question, as for any bare answer.
"""

import argparse
import asyncio
import json
import statistics
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tutor.bank.item import AnswerKey
from tutor.grading.grader import Grader
from tutor.grading.keys import key_for
from tutor.grading.verdict import Outcome
from tutor.language import Language, detect

ITEMS = Path(__file__).parent / "data" / "grading.jsonl"


@dataclass(frozen=True, slots=True)
class Missed:
    """An answer whose verdict was not what the file says."""

    question: str
    key: AnswerKey
    answer: str
    outcome: Outcome


@dataclass
class Tally:
    """What was accepted of either kind, and how long each verdict took."""

    equivalents: int = 0
    accepted: int = 0
    wrong: int = 0
    wrong_accepted: int = 0
    seconds: list[float] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        """The figures by the names that others rely on."""
        return {
            "equivalents_accepted": self.accepted / max(1, self.equivalents),
            "equivalents": self.equivalents,
            "wrong_accepted": self.wrong_accepted,
            "wrong": self.wrong,
            "median_ms": round(1000 * statistics.median(self.seconds or [0.0]), 3),
            "worst_seconds": round(max(self.seconds, default=0.0), 3),
        }


async def measure(items: Iterable[dict[str, Any]]) -> Tally:
    """Grades every equivalent and every wrong answer, one after the other."""
    tally = Tally()
    grader = Grader()
    try:
        await grader.ready()
        for item in items:
            await _measure_item(tally, grader, item)
    finally:
        await grader.close()
    return tally


async def _measure_item(tally: Tally, grader: Grader, item: dict[str, Any]) -> None:
    question, answer = str(item["question"]), str(item["answer"])
    language = detect(question) or Language.ENGLISH
    key = key_for(answer, question, language)
    for text, is_right in (
        *((str(one), True) for one in item.get("equivalent", ())),
        *((str(one), False) for one in item.get("wrong", ())),
    ):
        started = time.perf_counter()
        verdict = await grader.grade(key, text, language, question)
        tally.seconds.append(time.perf_counter() - started)
        accepted = verdict.outcome is Outcome.RIGHT
        tally.equivalents += is_right
        tally.accepted += is_right and accepted
        tally.wrong += not is_right
        tally.wrong_accepted += not is_right and accepted
        if accepted is not is_right:
            tally.missed.append(Missed(question, key, text, verdict.outcome))


def read_items(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON-lines file."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=Path, default=ITEMS, help="JSON lines; ours by default")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--missed", action="store_true", help="list what was judged otherwise")
    options = parser.parse_args()
    tally = asyncio.run(measure(read_items(options.items)))
    for one in tally.missed if options.missed else ():
        key = f"{one.key.type} {one.key.answers[0]!r} {one.key.unit}"
        print(
            f"{one.outcome:10} {one.answer[:80]!r} for {key}: {one.question[:80]}", file=sys.stderr
        )
    figures = tally.figures()
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:22} {value:g}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
