"""`python -m training.gan FOLDER`: the trainer of pictures as a process of its own.

Reads what `training.gan.running.folder` describes, goes on from the folder's last good checkpoint,
prints a JSON object every few seconds, and ends with 0 when the generator lies in FOLDER/adapter,
with 3 and a sentence in FOLDER/failure.json where it can't succeed, or with 4 when SIGTERM ended it
after a checkpoint, so that the same command goes on.
"""

import sys
from pathlib import Path

from training.gan.running.process import run_process

if __name__ == "__main__":
    sys.exit(run_process(Path(sys.argv[1])))
