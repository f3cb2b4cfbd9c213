"""A report card as a picture: each measure's interval beside the line of no difference.

Differences are turned so that better lies to the right, and each row has a scale of its own, since
nats and percent share none; the figures stand beside it.
"""

from typing import TYPE_CHECKING

from tutor.charts.card import (
    EMPTY,
    FOOT_INCHES,
    GREEN,
    GRID,
    HEAD_INCHES,
    INK,
    QUIET,
    VERMILION,
    Card,
    columns,
)
from tutor.i18n import say
from tutor.language import Language
from tutor.messages import Picture
from tutor.tuning.report import Measure, Report, Verdict
from tutor.tuning.report_text import conclusion
from tutor.tuning.report_words import SIGNS, change_text, title, value_text, verdict_word

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, ROW_INCHES, FEWEST_ROWS = 7.4, 0.33, 3
COLOURS = {Verdict.BETTER: GREEN, Verdict.EQUAL: QUIET, Verdict.WORSE: VERMILION}
MARKERS = {Verdict.BETTER: "^", Verdict.EQUAL: "s", Verdict.WORSE: "v"}
VALUES_INCHES, VERDICT_INCHES = 1.55, 1.45


def report_picture(language: Language, report: Report) -> Picture:
    """All measures of a report in their order."""
    measures = report.measures
    rows = max(len(measures), FEWEST_ROWS)
    height = HEAD_INCHES + FOOT_INCHES + ROW_INCHES * (rows + 0.6)
    card = Card(WIDTH, height, _heading(language, report), conclusion(language, report))
    names = [title(language, one.name) for one in measures]
    named = 0.12 + 0.077 * max(map(columns, names), default=0)
    axes = card.axes(left=named + VALUES_INCHES, right=VERDICT_INCHES, top=0.6 * ROW_INCHES)
    axes.set_xlim(-1.08, 1.08)
    axes.set_ylim(rows - 0.5, -0.5)
    axes.set_yticks([])
    axes.set_xticks([])
    axes.axvline(0, color=INK, linewidth=1)
    inches = WIDTH - 0.64 - named - VALUES_INCHES - VERDICT_INCHES
    for place, (measure, name) in enumerate(zip(measures, names, strict=True)):
        _interval(axes, place, measure)
        _figures(axes, place, measure, name, language, inches, named)
    _head(axes, language, inches, rows)
    card.foot(
        say(language, "95 % intervals of the difference; right of the line is better. Grey: margin")
    )
    return Picture(card.png(), "report.png", _alt(language, report))


def _heading(language: Language, report: Report) -> str:
    if report.passed:
        return say(language, "Report card: passed")
    return say(language, "Report card: not passed")


def _interval(axes: "Axes", place: int, measure: Measure) -> None:
    """The margin as a band, the interval as a line, the estimate as a symbol."""
    turn = -1 if measure.higher_is_better is False else 1
    reach = max(abs(measure.low), abs(measure.high), 1.6 * measure.margin) or 1.0
    band = measure.margin / reach
    axes.axhspan(place - 0.42, place + 0.42, color=EMPTY, alpha=0.45, linewidth=0)
    axes.barh(place, 2 * band, left=-band, height=0.6, color=GRID)
    ends = sorted((turn * measure.low / reach, turn * measure.high / reach))
    colour = COLOURS[measure.verdict]
    axes.plot(ends, [place, place], color=colour, linewidth=2.4, solid_capstyle="butt")
    at = turn * measure.difference / reach
    axes.plot([at], [place], marker=MARKERS[measure.verdict], color=colour, markersize=8)


def _figures(
    axes: "Axes",
    place: int,
    measure: Measure,
    name: str,
    language: Language,
    inches: float,
    named: float,
) -> None:
    """Name and values at the left of the line, change and verdict at the right."""
    wide = 2.16 / inches  # of the axis' own units in an inch
    left = -1.08 - wide * (named + VALUES_INCHES)
    axes.text(left, place, name, va="center", fontsize=9.5, color=INK)
    values = (measure.base, measure.candidate)
    for shift, value in zip((0.85, 0.12), values, strict=True):
        text = value_text(measure, value)
        x = -1.08 - wide * shift
        axes.text(x, place, text, va="center", ha="right", fontsize=9.5, color=INK)
    change = change_text(measure, measure.difference)
    axes.text(1.08 + wide * 0.66, place, change, va="center", ha="right", fontsize=9.5, color=QUIET)
    word = f"{SIGNS[measure.verdict]} {verdict_word(language, measure.verdict)}"
    colour = COLOURS[measure.verdict]
    axes.text(1.08 + wide * 0.78, place, word, va="center", fontsize=9.5, color=colour)


def _head(axes: "Axes", language: Language, inches: float, rows: int) -> None:
    wide, above = 2.16 / inches, -0.82
    heads = (
        (-1.08 - wide * 0.85, say(language, "base"), "right"),
        (-1.08 - wide * 0.12, say(language, "new"), "right"),
        (-1.0, f"← {say(language, 'worse')}", "left"),
        (1.0, f"{say(language, 'better')} →", "right"),
    )
    for x, text, side in heads:
        axes.text(x, above, text, va="center", ha=side, fontsize=9, color=QUIET)


def _alt(language: Language, report: Report) -> str:
    listed = [
        say(
            language,
            "{measure}: {verdict} ({base} before, {new} now)",
            measure=title(language, one.name),
            verdict=verdict_word(language, one.verdict),
            base=value_text(one, one.base),
            new=value_text(one, one.candidate),
        )
        for one in report.measures
    ]
    return "\n".join([conclusion(language, report), *listed])
