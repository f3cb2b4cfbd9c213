"""What a training in a Trainer would take on this machine: its first steps are really made.

They are made in a folder that is thrown away, and the model is left as it was given.
"""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from training.lora.estimate import FORWARD_SHARE, SPREAD, STATES, Estimate
from training.lora.progress import Progress
from training.lora.watching import PeakMemory
from training.trainer.running import Task, run
from tutor.engine.adapter_format import WEIGHTS

PROBE_STEPS = 2  # the first one also warms up: the estimate errs on the long side


def estimate_task(task: Task, model: Any) -> Estimate:
    """Raises TrainingFailed where not even one row at a time fits into memory."""
    made: list[Progress] = []
    with tempfile.TemporaryDirectory(prefix="daoshi-estimate-") as folder, PeakMemory() as peak:
        run(
            replace(task, held_out=()),
            model,
            Path(folder),
            made.append,
            lambda: len(made) >= PROBE_STEPS - 1,
        )
        written = sum(path.stat().st_size for path in Path(folder).rglob(WEIGHTS))
    last = made[-1]
    a_row = last.seconds / last.step / (task.rows.per_device * task.rows.accumulation)
    measured = 2 * len(task.held_out) * FORWARD_SHARE * a_row
    return Estimate(
        seconds=round((last.seconds / last.step * last.steps + measured) * SPREAD, 1),
        peak_bytes=peak.bytes,
        disk_bytes=written * STATES,
        steps=last.steps,
        tokens=last.tokens // last.step * last.steps,
    )
