"""`python -m benchmarks.grading_items`: writes benchmarks/data/grading.jsonl, always the same.

Keys are computed here; equivalents and wrong answers follow from each key by rules of wording, of
mathematics, and of how people go wrong.
"""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from benchmarks.grading_algebra import (
    derivative,
    factored,
    inequality,
    integral,
    interval,
    line,
    linear,
    point,
    roots,
)
from benchmarks.grading_line import Line
from benchmarks.grading_numbers import (
    circle,
    fraction,
    length,
    money,
    percent,
    scientific,
    surd,
    whole,
)
from benchmarks.grading_words import CHOICES, WORDS

FILE = Path(__file__).parent / "data" / "grading.jsonl"
SEED = 20_261_123
ROUNDS = 16
HOSTILE: tuple[str, ...] = (
    "9^9^9^9",
    "(" * 300 + "1" + ")" * 300,
    "1" * 10_000,
    "9**9**9**9**9",
    "\\frac{" * 200,
)
HOSTILE += ("sin(" * 90, "x" * 9_000, "10^(10^10)", "170!!!", "__import__('os').system('true')")
EVASIONS = ("idk", "不知道", "help", "whatever you say", "?", "随便")

FAMILIES: tuple[Callable[[random.Random], Iterator[Line]], ...] = (
    *(whole, fraction, length, money, percent, linear, factored, roots, inequality, interval),
    *(derivative, integral, surd, circle, point, line, scientific),
)


def lines() -> Iterator[Line]:
    """All lines, hostile answers and evasions spread over them."""
    chance = random.Random(SEED)
    seen: set[tuple[str, str]] = set()
    for _ in range(ROUNDS):
        for family in FAMILIES:
            for one in family(chance):
                if (one.question, one.answer) not in seen:
                    seen.add((one.question, one.answer))
                    yield _with_hostile(one, chance)
    for question, answer, equivalent, wrong in (*WORDS, *CHOICES):
        yield _with_hostile(Line(question, answer, equivalent, wrong), chance)


def _with_hostile(one: Line, chance: random.Random) -> Line:
    more = (chance.choice(EVASIONS), *((chance.choice(HOSTILE),) if chance.random() < 0.2 else ()))
    wrong = tuple(text for text in (*one.wrong, *more) if text != one.answer)
    return Line(one.question, one.answer, (one.answer, *one.equivalent), wrong)


def main() -> None:
    FILE.parent.mkdir(exist_ok=True)
    with FILE.open("w", encoding="utf-8") as out:
        for one in lines():
            print(json.dumps(asdict(one), ensure_ascii=False), file=out)


if __name__ == "__main__":
    main()
