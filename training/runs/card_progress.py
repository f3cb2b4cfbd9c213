"""From the lines that a trainer writes to the progress that a card shows. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MOST_POINTS = 200
SHOWN = (
    *("step", "steps", "tokens", "tokens_per_second", "pictures_per_second"),
    *("seconds_left", "peak_bytes"),
)
Point = tuple[int, float]  # a step and a loss


@dataclass
class CardProgress:
    """`take` a line; `record` is what a row holds."""

    figures: dict[str, Any] = field(default_factory=dict)
    losses: list[Point] = field(default_factory=list)
    held_out_losses: list[Point] = field(default_factory=list)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "CardProgress":
        """Goes on from what a row holds, so that a curve survives a restart."""
        figures = {name: record[name] for name in SHOWN if name in record}
        losses, held_out = (
            [(int(step), float(loss)) for step, loss in record.get(name, ())] for name in CURVES
        )
        return cls(figures, losses, held_out)

    def take(self, line: Mapping[str, Any]) -> None:
        self.figures |= {name: line[name] for name in SHOWN if line.get(name) is not None}
        step = int(line.get("step") or 0)
        if line.get("base_held_out_loss") is not None and not self.held_out_losses:
            self.held_out_losses.append((0, float(line["base_held_out_loss"])))
        for curve, name in ((self.losses, "loss"), (self.held_out_losses, "held_out_loss")):
            if line.get(name) is not None:
                _add(curve, (step, float(line[name])))

    def record(self) -> dict[str, Any]:
        return {
            **self.figures,
            "losses": [list(point) for point in thinned(self.losses)],
            "held_out_losses": [list(point) for point in thinned(self.held_out_losses)],
        }


CURVES = ("losses", "held_out_losses")


def thinned(points: Sequence[Point], most: int = MOST_POINTS) -> list[Point]:
    """At most so many points of a curve, evenly chosen, the first and the last among them."""
    if len(points) <= most:
        return list(points)
    return [points[round(i * (len(points) - 1) / (most - 1))] for i in range(most)]


def _add(curve: list[Point], point: Point) -> None:
    """A trainer that resumed repeats steps: the newer figures replace the older ones."""
    while curve and curve[-1][0] >= point[0]:
        curve.pop()
    curve.append(point)
