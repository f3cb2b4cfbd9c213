"""What the figures of a gate allow: which things are offered, and whether a generator passes. Pure.

It passes if its pictures are recognised at least four fifths as often as real ones are, if they are
nearer to real pictures than real ones are that were made too small to recognise, and if they vary
at least half as much as real ones. How many are near copies is told and no limit: where every thing
has one right picture, that picture is the aim. A thing that is recognised less than half as often
as its real pictures is not offered.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from tutor.bank.reason import Reason
from tutor.i18n import mark
from tutor.tuning.generators.report import Figure, FigureName, GeneratorReport, ThingDrawn

LEAST_RECOGNISED = 0.8  # of the real ones' share
LEAST_OFFERED = 0.5  # the same for one thing
LEAST_VARIETY = 0.5
MANY_COPIES = 0.5
BEYOND_CHANCE = 0.25  # of the way from chance to certainty

WELL = mark("What it draws is recognised nearly as often as real pictures are.")
UNRECOGNISED = mark(
    "What it draws is not recognised often enough. More effort, or more pictures that are alike, "
    "may help."
)
FAR = mark("Its pictures are no nearer to real ones than smeared ones are. More effort may help.")
THE_SAME = mark(
    "It draws nearly the same picture of a thing every time. More pictures of each thing may help."
)
COPIES = mark(
    "{share} of its pictures are near copies of pictures that it was shown: make sure that their "
    "licence allows copies."
)
INDISTINCT = mark(
    "The real pictures of these things can't be told apart by the classifier, so the report says "
    "little: look at the sheet."
)


def report_from(
    figures: Mapping[str, Any],
    labels: Sequence[Mapping[str, Any]],
    *,
    version_id: str,
    grid: Mapping[str, Any] | None,
    now: datetime,
) -> GeneratorReport:
    """The report card of the figures that `training.gan.running.gate` printed."""
    things = tuple(
        _thing(label, drawn, real)
        for label, drawn, real in zip(labels, figures["named"], figures["named_real"], strict=True)
    )
    taken = _figures(figures)
    against = [
        Reason(message)
        for name, message in (
            (FigureName.RECOGNISED, UNRECOGNISED),
            (FigureName.DISTANCE, FAR),
            (FigureName.VARIETY, THE_SAME),
        )
        if not _named(taken, name).holds
    ]
    said = against or [Reason(WELL)]
    if figures["copies"] >= MANY_COPIES:
        said.append(Reason(COPIES, {"share": f"{figures['copies']:.0%}"}))
    if not _told_apart(_mean(figures["named_real"]), len(things)):
        said.append(Reason(INDISTINCT))
    return GeneratorReport(
        figures=taken,
        things=things,
        passed=not against,
        reasons=tuple(said),
        nearest=round(float(figures["nearest"]), 3),
        drawn=int(figures["drawn"]),
        dataset_version_id=version_id,
        made_at=now,
        grid=grid,
    )


def _figures(figures: Mapping[str, Any]) -> tuple[Figure, ...]:
    drawn, real = _mean(figures["named"]), _mean(figures["named_real"])
    limit = LEAST_RECOGNISED * real
    return (
        Figure(FigureName.RECOGNISED, drawn, real, limit, drawn >= limit and drawn > 0),
        Figure(
            FigureName.DISTANCE,
            figures["distance"],
            figures["distance_real"],
            figures["smeared"],
            figures["distance"] <= figures["smeared"],
        ),
        Figure(
            FigureName.VARIETY,
            figures["variety"],
            1.0,
            LEAST_VARIETY,
            figures["variety"] >= LEAST_VARIETY,
        ),
        Figure(FigureName.COPIES, figures["copies"]),
    )


def _told_apart(share: float, things: int) -> bool:
    """Whether a share of right names is clearly better than guessing among so many."""
    chance = 1 / things
    return things == 1 or (share - chance) / (1 - chance) >= BEYOND_CHANCE


def _thing(label: Mapping[str, Any], drawn: float, real: float) -> ThingDrawn:
    offered = drawn > 0 and drawn >= LEAST_OFFERED * real
    return ThingDrawn(label["id"], label["en"], label["zh"], drawn, real, offered)


def _named(figures: Sequence[Figure], name: FigureName) -> Figure:
    return next(one for one in figures if one.name is name)


def _mean(shares: Sequence[float]) -> float:
    return round(float(np.mean(shares)), 4) if len(shares) else 0.0
