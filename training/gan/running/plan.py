"""What an administrator's training is told, and the recipe that follows from it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from training.gan.recipe import GanRecipe, Kind, Phase
from training.lora.recipe import Effort

SIZES = (32, 64)
BATCH = 32


class Start(StrEnum):
    """From which weights."""

    SCRATCH = "scratch"
    SHIPPED = "shipped"


@dataclass(frozen=True, slots=True)
class Passes:
    """How often each picture is seen, coarse, at full size, and beside the discriminator."""

    coarse: float
    fine: float
    adversarial: float


PASSES = {
    Effort.QUICK: Passes(80, 60, 3),
    Effort.NORMAL: Passes(220, 190, 10),
    Effort.THOROUGH: Passes(900, 800, 60),
}
TAUGHT_ALREADY = 0.5  # of the passes are enough for a generator that can draw other things


@dataclass(frozen=True, slots=True)
class GanPlan:
    """`passes` replaces what the effort stands for: all passes together."""

    effort: Effort = Effort.NORMAL
    start: Start = Start.SCRATCH
    size: int = 32
    seed: int = 42
    passes: float | None = None


def plan_from(asked: Mapping[str, Any]) -> GanPlan:
    """Reads what a run's recipe asks for; keys that are for others are passed over."""
    size = int(asked.get("size") or 32)
    assert size in SIZES, size
    passes = asked.get("passes")
    return GanPlan(
        Effort(asked.get("effort") or Effort.NORMAL),
        Start(asked.get("start") or Start.SCRATCH),
        size,
        int(asked.get("seed") or 42),
        float(passes) if passes else None,
    )


def recipe_of(plan: GanPlan) -> GanRecipe:
    """Regression at half the size, which costs a quarter, then at the full size with a falling
    rate, at last adversarial, which makes edges crisp."""
    passes = PASSES[plan.effort]
    whole = passes.coarse + passes.fine + passes.adversarial
    share = plan.passes / whole if plan.passes else 1.0
    if plan.start is Start.SHIPPED:
        share *= TAUGHT_ALREADY
    coarse, fine, last = (share * one for one in (passes.coarse, passes.fine, passes.adversarial))
    return GanRecipe(
        (
            Phase(Kind.REGRESSION, plan.size // 2, coarse, BATCH, 2e-3),
            Phase(Kind.REGRESSION, plan.size, 0.7 * fine, BATCH, 2e-3),
            Phase(Kind.REGRESSION, plan.size, 0.3 * fine, BATCH, 5e-4),
            Phase(Kind.ADVERSARIAL, plan.size, last, BATCH, 2e-4, 1e-3),
        ),
        seed=plan.seed,
    )
