"""How a generator is trained. Pure data, so that it can be stored, shown and repeated."""

import math
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from training.gan.losses import GanLoss


class Kind(StrEnum):
    """What the generator is taught by."""

    REGRESSION = "regression"  # its target picture, where there is one for each condition
    ADVERSARIAL = "adversarial"  # the discriminator, beside a share of the regression


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of a training: `epochs` passes over the set at `size` pixels.

    The rates fall along half a cosine to `last_share` of themselves.
    """

    kind: Kind
    size: int
    epochs: float
    batch: int = 32
    learning_rate: float = 2e-3
    discriminator_rate: float = 2e-3
    last_share: float = 1.0

    def share_of_rate(self, done: float) -> float:
        """How much of its rates is left when a part (0 … 1) of the phase is done."""
        return 1 - (1 - self.last_share) * (1 - math.cos(math.pi * done)) / 2


@dataclass(frozen=True, slots=True)
class GanRecipe:
    """`target_weight` is that of the regression beside the adversarial loss: 0 where a condition
    has many right pictures. `gamma` weighs both gradient penalties, `variety_weight` the term that
    asks different noise for different pictures. Half-lives are in pictures."""

    phases: tuple[Phase, ...]
    loss: GanLoss = GanLoss.PAIRING
    gamma: float = 1.0
    target_weight: float = 10.0
    variety_weight: float = 0.0
    augmented: bool = True
    average_half_life: int = 10_000
    ramp_steps: int = 200  # the rate rises so long: a sudden start ends in one flat colour
    seed: int = 42


@dataclass(frozen=True, slots=True)
class GanProgress:
    """How far a training is. `phase` counts from 0; what it is taught by and at which size stands
    beside it. `losses` are those of the last step, `metrics` those of the last measurement."""

    phase: int
    phases: int
    kind: Kind
    size: int
    step: int
    steps: int
    seconds: float
    seconds_left: float | None
    pictures_per_second: float
    losses: dict[str, float] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)


def to_json(recipe: GanRecipe) -> dict[str, Any]:
    """Plain values for a row or a card."""
    return asdict(recipe)


def from_json(record: dict[str, Any]) -> GanRecipe:
    """What `to_json` wrote."""
    phases = tuple(Phase(**{**one, "kind": Kind(one["kind"])}) for one in record["phases"])
    return GanRecipe(**{**record, "phases": phases, "loss": GanLoss(record["loss"])})
