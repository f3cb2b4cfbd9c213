"""The tutoring adapter that ships is better than its base on lessons that no training saw.

Loss on the tutor's words at least 20 % lower; more drafts fit to show and more that take up the
attempt, with the whole 95 % interval of the difference above zero, and no more that give the answer
away; everyday talk within 2 %. Measured on a committed sample; `DAOSHI_TUTORING_HELD_OUT` names a
larger file.
"""

import os
import sys
from pathlib import Path

from benchmarks.shipped_adapter import SAMPLE, measure, newest_shipped, read
from benchmarks.stage.verdict import Verdict, present
from training.lora.recipe import Effort
from tutor.tuning.report import Measure, MeasureName, Report

LEAST_GAIN = 0.2  # of the base's loss
MOST_DRIFT = 0.02  # of the base's perplexity
VARIABLE = "DAOSHI_TUTORING_HELD_OUT"


async def examine(verdict: Verdict) -> None:
    adapter = newest_shipped()
    verdict.check("an adapter is shipped", adapter.name if adapter else "none", bool(adapter))
    if adapter is None:
        return
    path = Path(os.environ.get(VARIABLE) or SAMPLE)
    held_out = read(path)
    verdict.remark = f"{len(held_out)} held-out examples" + " of the sample" * (path == SAMPLE)
    verdict.note(f"asking base and {adapter.name} about {len(held_out)} examples")
    report = await measure(adapter, held_out, Effort.QUICK if path == SAMPLE else Effort.NORMAL)
    _loss(verdict, report)
    for name, claim in (
        (MeasureName.ACCEPTED, "more of its drafts may be shown"),
        (MeasureName.REFERS, "more of its drafts take up the attempt"),
    ):
        one = _measure(report, name)
        verdict.check(claim, _said(one), one.low > 0)
    leaks = _measure(report, MeasureName.LEAKS)
    verdict.check("no more of its drafts give the answer away", _said(leaks), leaks.low <= 0)
    general = _measure(report, MeasureName.GENERAL)
    drift = general.candidate / general.base - 1
    measured = f"perplexity {general.base:.3f} → {general.candidate:.3f} ({drift:+.2%})"
    verdict.check("everyday talk stays within 2 %", measured, drift <= MOST_DRIFT)


def _loss(verdict: Verdict, report: Report) -> None:
    loss = _measure(report, MeasureName.LOSS)
    gain = 1 - loss.candidate / loss.base
    measured = f"{loss.base:.3f} → {loss.candidate:.3f} ({gain:.0%} lower)"
    verdict.check("loss on the tutor's words is at least 20 % lower", measured, gain >= LEAST_GAIN)


def _measure(report: Report, name: MeasureName) -> Measure:
    found = report.measure(name)
    assert found is not None, name
    return found


def _said(one: Measure) -> str:
    return f"{one.base:.1%} → {one.candidate:.1%} ({one.low:+.1%} to {one.high:+.1%}, n={one.n})"


def main() -> int:
    return present("The shipped tutoring adapter beats its base", examine)


if __name__ == "__main__":
    sys.exit(main())
