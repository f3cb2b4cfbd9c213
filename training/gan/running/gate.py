"""`python -m training.gan.running.gate FOLDER`: judges the generator that lies in a run's folder.

Prints a JSON object with the figures, and leaves FOLDER/gate/grid.png.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from training.gan.running.folder import GATE, MADE, read_run
from training.gan.running.judging import judge
from tutor.images.weights import load_generator

GRID = "grid.png"


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0])
    run = read_run(folder)
    judged = judge(run, load_generator(folder / MADE).generator)
    (folder / GATE).mkdir(exist_ok=True)
    (folder / GATE / GRID).write_bytes(judged.grid)
    print(json.dumps(_figures(asdict(judged), len(run.train), len(run.held_out))), flush=True)
    return 0


def _figures(judged: dict[str, Any], shown: int, held_out: int) -> dict[str, Any]:
    del judged["grid"]
    lists = {
        name: one.round(4).tolist() if isinstance(one, np.ndarray) else one
        for name, one in judged.items()
    }
    return {**lists, "shown": shown, "held_out": held_out}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
