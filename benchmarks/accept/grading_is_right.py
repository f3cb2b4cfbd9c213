"""Equivalent answers are accepted in English and Chinese, wrong ones never, each within its time.

Items: ours, or those of `--items FILE` or of the variable DAOSHI_GRADING_ITEMS (JSON lines).
"""

import argparse
import os
import sys
from pathlib import Path

from benchmarks.grading import ITEMS, measure, read_items
from benchmarks.stage.verdict import Verdict, present
from tutor.language import Language, detect

SHARE_ACCEPTED = 0.97
FEWEST_WRONG = 2_000
WORST_SECONDS = 2.5


async def examine(verdict: Verdict) -> None:
    path = _path()
    items = read_items(path)
    chinese = sum(detect(str(item["question"])) is Language.CHINESE for item in items)
    verdict.check(
        "items in both languages", f"{len(items)}, {chinese} Chinese", 0 < chinese < len(items)
    )
    tally = await measure(items)
    figures = tally.figures()
    for one in tally.missed[:20]:
        verdict.note(f"{one.outcome}: {one.answer[:60]!r} for {one.key.answers[0]!r}")
    share, count = figures["equivalents_accepted"], figures["equivalents"]
    verdict.check(
        "97 % of equivalents accepted", f"{share:.4f} of {count}", share >= SHARE_ACCEPTED
    )
    accepted, wrong = figures["wrong_accepted"], figures["wrong"]
    verdict.check("no wrong answer accepted", f"{accepted} of {wrong}", not accepted)
    verdict.check("at least 2,000 wrong answers", wrong, wrong >= FEWEST_WRONG)
    worst, median = figures["worst_seconds"], figures["median_ms"]
    verdict.check(
        "worst case within 2.5 s", f"{worst} s, median {median} ms", worst <= WORST_SECONDS
    )


def _path() -> Path:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--items", type=Path, default=os.environ.get("DAOSHI_GRADING_ITEMS", ITEMS))
    options, _ = parser.parse_known_args()
    return Path(options.items)


def main() -> int:
    return present("Grading is right", examine)


if __name__ == "__main__":
    sys.exit(main())
