"""`python -m training.runs.measure FOLDER`: prints what the training of a folder will take.

A process of its own, since it loads torch and the model; see `training.runs.measuring`.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import torch

from training.failure import TrainingFailed
from training.lora.base import load_base
from training.lora.estimate import estimate
from training.lora.folder import read_run, write_failure
from training.runs.child import DONE, SENTENCE
from training.runs.room import Need


def main(arguments: list[str]) -> int:
    """The exit code: done, or a sentence in the folder."""
    folder = Path(arguments[0])
    try:
        need = measured(folder)
    except TrainingFailed as error:
        write_failure(folder, error.record())
        return SENTENCE
    print(json.dumps(asdict(need)), flush=True)
    return DONE


def measured(folder: Path) -> Need:
    """Loads the model and computes a few micro-batches."""
    run = read_run(folder)
    free, total = torch.cuda.mem_get_info() if torch.cuda.is_available() else (None, None)
    base = load_base(run.model, run.data_dir, four_bit=run.recipe.four_bit)
    found = estimate(
        run.recipe, base.model, base.tokenizer, run.train, run.held_out, replay=run.replay
    )
    return Need(
        **asdict(found),
        device="cpu" if total is None else f"cuda:{torch.cuda.current_device()}",
        device_free_bytes=free,
        device_total_bytes=total,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
