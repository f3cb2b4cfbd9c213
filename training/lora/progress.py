"""How far a training is: one JSON object a line. Pure data."""

import json
import math
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Progress:
    """`loss` is the mean of the last steps'; tokens are those of documents, never padding."""

    step: int
    steps: int
    tokens: int
    tokens_per_second: float
    seconds: float
    seconds_left: float
    loss: float | None
    held_out_loss: float | None = None
    base_held_out_loss: float | None = None  # before the first step

    def to_line(self) -> str:
        """One line for a file or a pipe; a loss that is no number is null, since JSON has none."""
        values = asdict(self).items()
        finite = {
            name: None if isinstance(value, float) and not math.isfinite(value) else value
            for name, value in values
        }
        return json.dumps(finite, allow_nan=False)


def from_line(line: str) -> Progress:
    """What `to_line` wrote."""
    record: dict[str, Any] = json.loads(line)
    return Progress(**record)
