"""A class at a glance: how well each learner knows each skill, as a map of colours.

Learners come under the names that the reader may see; who those are, the caller knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.charts.card import EMPTY, FOOT_INCHES, HEAD_INCHES, INK, Card, columns, short
from tutor.i18n import say
from tutor.language import Language
from tutor.messages import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_LEARNERS = MOST_SKILLS = 25
CELL_INCHES = 0.34
LEAST_WIDTH = 4.6
LABEL_COLUMNS = 20
SHADES = ((0.25, "#d6e6f2"), (0.5, "#9cc7e2"), (0.75, "#4d9ccb"), (2.0, "#005a8f"))
WHITE_FROM = 0.75  # from here on a number is white on its cell


@dataclass(frozen=True, slots=True)
class MapRow:
    """A learner and the mastery of each skill from 0 to 1, None where never practised."""

    name: str
    masteries: tuple[float | None, ...]


def class_picture(rows: Sequence[MapRow], skills: Sequence[str], language: Language) -> Picture:
    """Learners from top to bottom and skills from left to right, 25 of each; others are counted."""
    shown, names = rows[:MOST_LEARNERS], [short(one, LABEL_COLUMNS) for one in skills]
    names = names[:MOST_SKILLS]
    left = 0.12 + 0.08 * max((columns(short(r.name, LABEL_COLUMNS)) for r in shown), default=0)
    top = 0.1 + 0.052 * max(map(columns, names), default=0)
    slanted = 0.05 * max((columns(one) for one in names[-4:]), default=0)
    side = max(LEAST_WIDTH, left + CELL_INCHES * len(names) + 0.64 + slanted)
    height = HEAD_INCHES + FOOT_INCHES + top + CELL_INCHES * len(shown)
    under = say(language, "Mastery in percent; an empty cell was never practised")
    card = Card(side, height, say(language, "Class overview"), under)
    axes = card.axes(left=left)
    _place(card, axes, left, len(names), len(shown))
    for row, learner in enumerate(shown):
        for column, mastery in enumerate(learner.masteries[: len(names)]):
            _cell(axes, column, row, mastery)
    _label(axes, names, [short(one.name, LABEL_COLUMNS) for one in shown])
    card.foot(_more(len(rows) - len(shown), len(skills) - len(names), language))
    return Picture(card.png(), "class.png", _alt(rows, shown, skills, language))


def _place(card: Card, axes: "Axes", left: float, wide: int, high: int) -> None:
    """Square cells, with room above them for the names of skills."""
    x = (0.32 + left) / card.width
    axes.set_position(
        (
            x,
            FOOT_INCHES / card.height,
            CELL_INCHES * wide / card.width,
            CELL_INCHES * high / card.height,
        )
    )


def _cell(axes: "Axes", column: int, row: int, mastery: float | None) -> None:
    from matplotlib.patches import FancyBboxPatch

    colour = EMPTY
    if mastery is not None:
        colour = next(shade for below, shade in SHADES if mastery < below)
    box = FancyBboxPatch(
        (column - 0.4, row - 0.4),
        0.8,
        0.8,
        boxstyle="round,pad=0.05,rounding_size=0.14",
        facecolor=colour,
        edgecolor="none",
    )
    axes.add_patch(box)
    if mastery is not None:
        ink = "#ffffff" if mastery >= WHITE_FROM else INK
        axes.text(
            column, row, f"{round(100 * mastery)}", ha="center", va="center", fontsize=8, color=ink
        )


def _label(axes: "Axes", skills: Sequence[str], learners: Sequence[str]) -> None:
    axes.set_xticks(range(len(skills)), skills, rotation=48, ha="left", rotation_mode="anchor")
    axes.xaxis.tick_top()
    axes.tick_params(axis="x", labelsize=8.5, pad=3)
    axes.set_yticks(range(len(learners)), learners)
    axes.set_xlim(-0.5, max(len(skills), 1) - 0.5)
    axes.set_ylim(max(len(learners), 1) - 0.5, -0.5)


def _more(learners: int, skills: int, language: Language) -> str:
    parts = []
    if learners > 0:
        parts.append(say(language, "and {count} more learners", count=learners))
    if skills > 0:
        parts.append(say(language, "and {count} more skills", count=skills))
    return "  ·  ".join(parts) or say(language, "Darker is better known.")


def _alt(
    rows: Sequence[MapRow], shown: Sequence[MapRow], skills: Sequence[str], language: Language
) -> str:
    """The mean of each skill over those who practised it."""
    listed = []
    for column, skill in enumerate(skills[:MOST_SKILLS]):
        known = [row.masteries[column] for row in rows]
        practised = [mastery for mastery in known if mastery is not None]
        if practised:
            mean = round(100 * sum(practised) / len(practised))
            listed.append(
                say(
                    language,
                    "{skill} {percent} % ({count} learners)",
                    skill=skill,
                    percent=mean,
                    count=len(practised),
                )
            )
    return say(
        language,
        "A map of mastery of {learners} learners in {skills} skills. Means: {means}",
        learners=len(rows),
        skills=len(skills),
        means=say(language, ", ").join(listed) or "–",
    )
