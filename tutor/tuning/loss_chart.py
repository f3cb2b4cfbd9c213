"""The loss of a training by step, on what it learns from and on what was held out."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tutor.charts.card import BLUE, GRID, INK, QUIET, VERMILION, Card
from tutor.i18n import say
from tutor.language import Language
from tutor.messages import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT = 6.6, 3.9
SMOOTHING = 0.8  # of an exponential mean; the raw figures stand behind it, lighter
Point = tuple[int, float]


def loss_picture(
    losses: Sequence[Point], held_out: Sequence[Point], steps: int, language: Language
) -> Picture:
    """`losses` by step, at least one; `steps` is where the training ends."""
    said = _in_words(losses, held_out, language)
    card = Card(WIDTH, HEIGHT, say(language, "Loss while training"), said)
    axes = card.axes(left=0.42, right=0.1, bottom=0.2)
    _grid(axes, losses, held_out, steps)
    xs, ys = zip(*losses, strict=True)
    axes.plot(xs, ys, color=BLUE, linewidth=1.2, alpha=0.3)
    axes.plot(
        xs, _smoothed(ys), color=BLUE, linewidth=2.2, label=say(language, "on the training data")
    )
    if held_out:
        xs, ys = zip(*held_out, strict=True)
        label = say(language, "on held-out data")
        axes.plot(xs, ys, color=VERMILION, linewidth=2.2, marker="o", markersize=5, label=label)
    axes.legend(frameon=False, fontsize=9.5, labelcolor=INK, loc="upper right")
    axes.set_xlabel(say(language, "step"), fontsize=9.5, color=QUIET)
    return Picture(
        card.png(), "loss.png", say(language, "A curve of the loss. {words}", words=said)
    )


def _grid(axes: "Axes", losses: Sequence[Point], held_out: Sequence[Point], steps: int) -> None:
    values = [value for _, value in (*losses, *held_out)]
    low, high = min(values), max(values)
    room = max(0.1, (high - low) * 0.12)
    axes.set_xlim(0, max(steps, losses[-1][0], 1))
    axes.set_ylim(max(0.0, low - room), high + room)
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.locator_params(axis="x", integer=True)


def _smoothed(values: Sequence[float]) -> list[float]:
    """An exponential mean without the pull of its start (D. Kingma & J. Ba, 2015, section 3)."""
    mean, smoothed = 0.0, []
    for count, value in enumerate(values, 1):
        mean = SMOOTHING * mean + (1 - SMOOTHING) * value
        smoothed.append(mean / (1 - SMOOTHING**count))
    return smoothed


def _in_words(losses: Sequence[Point], held_out: Sequence[Point], language: Language) -> str:
    first, last = losses[0][1], _smoothed([value for _, value in losses])[-1]
    if not held_out:
        return say(language, "From {first} to {last}", first=f"{first:.2f}", last=f"{last:.2f}")
    return say(
        language,
        "From {first} to {last}; {held_out} on held-out data",
        first=f"{first:.2f}",
        last=f"{last:.2f}",
        held_out=f"{held_out[-1][1]:.2f}",
    )
