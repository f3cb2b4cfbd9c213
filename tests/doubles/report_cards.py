"""Report cards as a gate would make them."""

from datetime import UTC, datetime

from tutor.bank.reason import Reason
from tutor.tuning.report import (
    Binding,
    Difference,
    Measure,
    MeasureName,
    MoveDrafts,
    Report,
    Unit,
    Verdict,
)

BINDING = Binding("base", "template", "float32", "revision")


def measure(
    name: MeasureName = MeasureName.LOSS,
    unit: Unit = Unit.NATS,
    *,
    better_is: bool | None = False,
    base: float = 2.0,
    candidate: float = 1.5,
    spread: float = 0.1,
    verdict: Verdict = Verdict.BETTER,
    margin: float = 0.01,
    current: float | None = None,
) -> Measure:
    change = candidate - base
    against = None
    if current is not None:
        change_now = candidate - current
        against = Difference(change_now, change_now - spread, change_now + spread)
    return Measure(
        name=name,
        unit=unit,
        higher_is_better=better_is,
        base=base,
        current=current,
        candidate=candidate,
        difference=change,
        low=change - spread,
        high=change + spread,
        against_current=against,
        verdict=verdict,
        n=60,
        margin=margin,
    )


def report(*measures: Measure, passed: bool = True, phrases: tuple[str, ...] = ()) -> Report:
    return Report(
        measures=measures or (measure(),),
        passed=passed,
        reasons=(Reason("Better than the base: {measure}.", {"measure": Reason("Answers right")}),),
        binding=BINDING,
        dataset_version_id="v1",
        phrases=phrases,
        seconds=12.5,
        made_at=datetime(2026, 11, 23, 12, tzinfo=UTC),
        style="tutoring-1",
        moves=(MoveDrafts("hint", 60, 0.2, 0.9, 0.1, 0.0),),
    )


def whole_card() -> Report:
    """One with all kinds of measures and verdicts."""
    return report(
        measure(),
        measure(MeasureName.PERPLEXITY, Unit.PERPLEXITY, base=7.4, candidate=4.5, spread=0.4),
        measure(
            MeasureName.ACCEPTED, Unit.SHARE, better_is=True, base=0.16, candidate=0.92, margin=0.02
        ),
        measure(
            MeasureName.LEAKS,
            Unit.SHARE,
            base=0.02,
            candidate=0.01,
            spread=0.03,
            verdict=Verdict.EQUAL,
        ),
        measure(
            MeasureName.GENERAL,
            Unit.PERPLEXITY,
            base=4.0,
            candidate=4.3,
            spread=0.1,
            verdict=Verdict.WORSE,
            margin=0.08,
        ),
        measure(
            MeasureName.LENGTH,
            Unit.TOKENS,
            better_is=None,
            base=48,
            candidate=47.2,
            spread=2,
            verdict=Verdict.EQUAL,
            margin=14,
        ),
        passed=False,
    )
