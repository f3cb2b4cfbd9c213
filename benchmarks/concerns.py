"""How well concerns are recognised: recall, kind and false alarms, by kind and language.

    python -m benchmarks.concerns [--show]

Lines and rules have the same authors, and no line is a real person's. Rules and learnt weights were
tuned to "tuning" and "wide_tuning" alone. "held_out" was written before the first rules, by their
author, and is too easy; "wide_held_out" is half, by lot, of lines written in many voices before the
rules were widened; "afterwards" was written in other words when the first rules were done, and not
looked at since. Trust the last two. Knows nothing of what is answered.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tutor.safety.concern import find_concern

DATA = Path(__file__).parent / "data" / "concerns.jsonl"
TUNED = ("tuning", "wide_tuning")
SPLITS = (*TUNED, "held_out", "wide_held_out", "afterwards")


@dataclass(frozen=True, slots=True)
class Line:
    """`concern` is "" where a message means none; `split` is one of SPLITS."""

    text: str
    language: str
    concern: str
    split: str

    @property
    def found(self) -> str:
        return find_concern(self.text) or ""


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the lines of one split: concerns seen, of the right kind, and alarms about nothing."""

    concerns: int
    seen: int
    right_kind: int
    harmless: int
    false_alarms: int


def lines(split: str | None = None) -> list[Line]:
    with DATA.open(encoding="utf-8") as file:
        every = [Line(**json.loads(one)) for one in file]
    return [line for line in every if split in (None, line.split)]


def figures(of: Sequence[Line]) -> Figures:
    meant = [line for line in of if line.concern]
    harmless = [line for line in of if not line.concern]
    return Figures(
        concerns=len(meant),
        seen=sum(bool(line.found) for line in meant),
        right_kind=sum(line.found == line.concern for line in meant),
        harmless=len(harmless),
        false_alarms=sum(bool(line.found) for line in harmless),
    )


def missed_by_kind(of: Iterable[Line]) -> Mapping[str, str]:
    """For each concern and language: how many of how many were seen."""
    total, seen = Counter[str](), Counter[str]()
    for line in of:
        if line.concern:
            key = f"{line.concern} ({line.language})"
            total[key] += 1
            seen[key] += bool(line.found)
    return {key: f"{seen[key]}/{count}" for key, count in total.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--show", action="store_true", help="the mistakes in what rules are tuned to"
    )
    show = parser.parse_args().show
    for split in SPLITS:
        chosen = lines(split)
        print(split, figures(chosen))
        print("  ", dict(missed_by_kind(chosen)))
    if show:
        for line in (line for split in TUNED for line in lines(split)):
            if line.found != line.concern:
                print(f"  {line.concern or 'none'} → {line.found or 'none'}: {line.text}")


if __name__ == "__main__":
    main()
