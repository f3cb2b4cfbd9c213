"""How well each skill is known, as bars with the line from which a skill counts as mastered."""

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.charts.card import (
    BLUE,
    EMPTY,
    FOOT_INCHES,
    GREEN,
    HEAD_INCHES,
    INK,
    VERMILION,
    Card,
    columns,
    short,
)
from tutor.i18n import say
from tutor.language import Language
from tutor.messages import Picture

MOST = 25
BAR_INCHES = 0.3
WIDTH = 6.6


@dataclass(frozen=True, slots=True)
class SkillBar:
    """`percent` is the mastery."""

    name: str
    percent: int
    mastered: bool


def mastery_picture(bars: Sequence[SkillBar], threshold: int, language: Language) -> Picture:
    """The first 25 skills in the order given; the others are counted."""
    shown, more = bars[:MOST], len(bars) - MOST
    mastered = sum(bar.mastered for bar in bars)
    under = say(
        language,
        "{mastered} of {count} skills mastered; the line marks {threshold} %",
        mastered=mastered,
        count=len(bars),
        threshold=threshold,
    )
    height = HEAD_INCHES + FOOT_INCHES + BAR_INCHES * max(len(shown), 2)
    card = Card(WIDTH, height, say(language, "Mastery by skill"), under)
    names = [short(bar.name) for bar in shown]
    axes = card.axes(left=0.3 + 0.077 * max(map(columns, names), default=0), right=0.5)
    at = range(len(shown))
    axes.barh(at, [100] * len(shown), height=0.56, color=EMPTY)
    colours = [GREEN if bar.mastered else BLUE for bar in shown]
    axes.barh(at, [bar.percent for bar in shown], height=0.56, color=colours)
    for place, bar in enumerate(shown):
        value = f"{bar.percent} %" + (" ★" if bar.mastered else "")
        axes.text(102, place, value, va="center", fontsize=9.5, color=INK)
    axes.axvline(threshold, color=VERMILION, linewidth=1.4, linestyle=(0, (4, 2)))
    axes.set_yticks(list(at), names)
    axes.set_xticks([])
    axes.set_xlim(0, 100)
    axes.set_ylim(max(len(shown), 2) - 0.5, -0.5)
    legend = say(language, "★ mastered")
    if more > 0:
        legend += "  ·  " + say(language, "and {count} more", count=more)
    card.foot(legend)
    return Picture(card.png(), "mastery.png", _alt(bars, shown, threshold, language))


def _alt(
    bars: Sequence[SkillBar], shown: Sequence[SkillBar], threshold: int, language: Language
) -> str:
    listed = [
        say(language, "{skill} {percent} % (mastered)", skill=bar.name, percent=bar.percent)
        if bar.mastered
        else say(language, "{skill} {percent} %", skill=bar.name, percent=bar.percent)
        for bar in shown
    ]
    if len(bars) > len(shown):
        listed.append(say(language, "and {count} more", count=len(bars) - len(shown)))
    return say(
        language,
        "Bars of mastery by skill, mastered from {threshold} %: {skills}",
        threshold=threshold,
        skills=say(language, ", ").join(listed),
    )
