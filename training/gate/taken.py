"""One measure's raw results: what each arm did with each item, and which items belong together."""

from collections.abc import Mapping
from dataclasses import dataclass

from training.gate.arms import Side
from training.gate.bootstrap import Part
from tutor.tuning.report import MeasureName


@dataclass(frozen=True, slots=True)
class Taken:
    """The n-th part of each side is of the same item, which belongs to the n-th group."""

    name: MeasureName
    groups: tuple[str, ...]
    parts: Mapping[Side, tuple[Part, ...]]
