"""A run's folder as the trainer of pictures, its estimate and its gate read it.

`run.json` has `recipe` (see `plan_from`), `name` and `dataset`; the set lies in `data`, as
`PictureSet.save` writes it.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.gan.parting import parted
from training.gan.pictures import PictureSet
from training.gan.running.plan import GanPlan, plan_from
from training.gan.running.variants import with_variants

RUN, DATA, CHECKPOINTS, MADE, GATE = "run.json", "data", "checkpoints", "adapter", "gate"
PROGRESS = "progress.jsonl"


@dataclass(frozen=True, slots=True)
class GanRun:
    """`train` is what the generator is shown, each picture a condition of its own; `held_out` is
    what it is never shown. Both are of the plan's size."""

    plan: GanPlan
    told: dict[str, Any]
    train: PictureSet
    held_out: PictureSet


def read_run(folder: Path) -> GanRun:
    """Raises BrokenPictureSet."""
    told: dict[str, Any] = json.loads((folder / RUN).read_text(encoding="utf-8"))
    plan = plan_from(told["recipe"])
    whole = PictureSet.load(folder / DATA).resized(plan.size)
    train, held_out = parted(whole)
    return GanRun(plan, told, with_variants(train), held_out)
