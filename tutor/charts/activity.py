"""On which days how much was answered, as a calendar of weeks."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from babel.dates import format_skeleton, get_day_names

from tutor.charts.card import EMPTY, INK, QUIET, Card
from tutor.i18n import say, say_count
from tutor.language import Language
from tutor.messages import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WEEKS = 16
SHADES = ("#bcd9ec", "#74b3d8", "#2a86bd", "#004c7a")
WIDTH, HEIGHT = 6.6, 4.05
DAY = timedelta(days=1)


def activity_picture(counts: Mapping[date, int], today: date, language: Language) -> Picture:
    """The last 16 weeks up to today; a day that is missing had no answer."""
    first = today - timedelta(days=today.weekday() + 7 * (WEEKS - 1))
    days = {first + DAY * n: 0 for n in range((today - first).days + 1)}
    days |= {day: count for day, count in counts.items() if day in days}
    said, most = _in_words(days, language), max(days.values())
    card = Card(WIDTH, HEIGHT, say(language, "Answers by day"), said)
    axes = card.axes(left=0.45, top=0.12)
    for day, count in days.items():
        _square(axes, (day - first).days // 7, day.weekday(), _shade(count, most))
    _label(axes, first, language)
    if most:
        card.foot(say(language, "Darker is more; the darkest day had {most}.", most=most))
    alt = say(language, "A calendar of the last {weeks} weeks. {words}", weeks=WEEKS, words=said)
    return Picture(card.png(), "activity.png", alt)


def _in_words(days: Mapping[date, int], language: Language) -> str:
    active = sum(count > 0 for count in days.values())
    return say_count(
        language,
        "{count} answer on {days} days in {weeks} weeks",
        "{count} answers on {days} days in {weeks} weeks",
        sum(days.values()),
        days=active,
        weeks=WEEKS,
    )


def _shade(count: int, most: int) -> str:
    """A quarter of the busiest day makes a step."""
    return SHADES[min(3, (count * 4 - 1) // most)] if count else EMPTY


def _square(axes: "Axes", week: int, weekday: int, colour: str) -> None:
    from matplotlib.patches import FancyBboxPatch

    corner, side = (week - 0.32, weekday - 0.32), 0.64
    round_ = "round,pad=0.1,rounding_size=0.16"
    axes.add_patch(
        FancyBboxPatch(corner, side, side, boxstyle=round_, facecolor=colour, edgecolor="none")
    )


def _label(axes: "Axes", first: date, language: Language) -> None:
    locale = language.value.replace("-", "_")
    names = get_day_names("abbreviated", locale=locale)
    axes.set_yticks(range(7), [names[weekday] for weekday in range(7)])
    begun = [week for week in range(WEEKS) if (first + 7 * week * DAY).day <= 7]
    months = [format_skeleton("MMM", first + 7 * week * DAY, locale=locale) for week in begun]
    axes.set_xticks(begun, months)
    axes.xaxis.tick_top()
    axes.tick_params(axis="x", colors=INK, labelsize=9, pad=1)
    axes.tick_params(axis="y", colors=QUIET, labelsize=8.5)
    axes.set_xlim(-0.5, WEEKS - 0.5)
    axes.set_ylim(6.5, -0.5)
    axes.set_aspect("equal", anchor="W")
