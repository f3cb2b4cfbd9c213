"""How what was learnt fades without a review: the recall that the scheduler predicts, by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.charts.card import GRID, INK, QUIET, SERIES, Card, columns, short
from tutor.i18n import say, say_count
from tutor.language import Language
from tutor.messages import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST = len(SERIES)
WIDTH, HEIGHT = 6.6, 4.0
STYLES = ("-", (0, (6, 2)), (0, (2, 1.5)), (0, (7, 2, 1.5, 2)), "-", (0, (4, 2)))
APART = 0.065  # between two labels, as a part of the axis


@dataclass(frozen=True, slots=True)
class Fading:
    """The predicted recall of something today and on each day after, from 0 to 1."""

    name: str
    recalls: tuple[float, ...]


def forgetting_picture(
    fading: Sequence[Fading], retention: float, language: Language, *, others: int = 0
) -> Picture:
    """Up to six curves, in the order given; those that are not given are counted as `others`.

    `retention` is the recall at which a review is due.
    """
    shown, more = fading[:MOST], max(0, len(fading) - MOST) + others
    under = say(
        language,
        "Predicted recall without a review; due when it falls to {percent} %",
        percent=round(100 * retention),
    )
    card = Card(WIDTH, HEIGHT, say(language, "How memory fades"), under)
    names = [short(one.name, 20) for one in shown]
    axes = card.axes(left=0.42, right=0.2 + 0.08 * max(map(columns, names), default=0), bottom=0.2)
    last = max((len(one.recalls) for one in shown), default=2) - 1
    lowest = min((min(one.recalls) for one in shown), default=0.0)
    floor = max(0, int(min(lowest, retention) * 10) - 1) * 10
    _grid(axes, last, floor, retention, language)
    for index, one in enumerate(shown):
        percents = [100 * recall for recall in one.recalls]
        axes.plot(percents, color=SERIES[index], linewidth=2.2, linestyle=STYLES[index])
    _name(axes, shown, names, floor)
    if more:
        card.foot(say(language, "and {count} more", count=more))
    return Picture(card.png(), "forgetting.png", _alt(shown, more, last, language))


def _grid(axes: "Axes", last: int, floor: int, retention: float, language: Language) -> None:
    axes.set_xlim(0, last)
    axes.set_ylim(floor, 101)
    marks = range(100, floor - 1, -10 if floor >= 50 else -20)
    axes.set_yticks(list(marks), [f"{mark} %" for mark in marks])
    axes.grid(axis="y", color=GRID, linewidth=1)
    axes.set_axisbelow(True)
    weeks = list(range(0, last + 1, 7))
    labels = [say(language, "today")]
    labels += [say_count(language, "{count} day", "{count} days", day) for day in weeks[1:]]
    axes.set_xticks(weeks, labels)
    axes.tick_params(colors=QUIET, labelsize=9, pad=6)
    axes.axhline(100 * retention, color=INK, linewidth=1, linestyle=(0, (1, 2)))


def _name(axes: "Axes", shown: Sequence[Fading], names: Sequence[str], floor: int) -> None:
    """Each name at the end of its curve, moved apart where two would cover each other."""
    span = 101 - floor
    ends = sorted((100 * one.recalls[-1], index) for index, one in enumerate(shown))
    places: list[float] = []
    for end, _ in ends:
        lowest = places[-1] + APART * span if places else float(floor)
        places.append(max(end, lowest))
    over = max(0.0, places[-1] - 100) if places else 0.0
    for place, (_, index) in zip(places, ends, strict=True):
        axes.annotate(
            names[index],
            (1.015, (place - over - floor) / span),
            xycoords="axes fraction",
            va="center",
            fontsize=9.5,
            color=SERIES[index],
        )


def _alt(shown: Sequence[Fading], more: int, last: int, language: Language) -> str:
    listed = [
        say(
            language,
            "{skill} {now} % today and {then} % in {days} days",
            skill=one.name,
            now=round(100 * one.recalls[0]),
            then=round(100 * one.recalls[-1]),
            days=last,
        )
        for one in shown
    ]
    if more:
        listed.append(say(language, "and {count} more", count=more))
    return say(
        language,
        "Curves of predicted recall without a review: {curves}",
        curves=say(language, ", ").join(listed),
    )
