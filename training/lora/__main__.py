"""`python -m training.lora FOLDER`: the trainer as a process of its own.

Reads what `training.lora.folder` describes, goes on from the folder's last good checkpoint, prints
one JSON object for every step, and ends with 0 when the adapter lies in FOLDER/adapter, with 3 and
a sentence in FOLDER/failure.json where it can't succeed, or with 4 when SIGTERM ended it after a
checkpoint, so that the same command goes on. Where run.json says so, or there are several GPUs, it
only looks after those who do the work; below torchrun or `accelerate launch` it is one of them.
"""

import sys
from pathlib import Path

from training.failure import TrainingFailed
from training.lora.device import launched_together
from training.lora.folder import read_run, write_failure
from training.lora.process import SENTENCE, run_process


def main(arguments: list[str]) -> int:
    """The exit code of a training."""
    folder = Path(arguments[0])
    if launched_together():
        return run_process(folder)
    try:
        return _trained(folder)
    except TrainingFailed as error:
        write_failure(folder, error.record())
        return SENTENCE


def _trained(folder: Path) -> int:
    """In this process, in several of this machine, or on a cluster."""
    run = read_run(folder)
    if run.on is not None:
        from training.cluster.driver import train_on_cluster

        return train_on_cluster(run, folder)
    from training.cluster.processes import processes_for, train_in_processes

    count = processes_for(run)
    return run_process(folder) if count == 1 else train_in_processes(folder, count)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
