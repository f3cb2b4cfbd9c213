"""`python -m training.lora FOLDER`: the trainer as a process of its own.

Reads what `training.lora.folder` describes, goes on from the folder's last good checkpoint, prints
one JSON object for every step, and ends with 0 when the adapter lies in FOLDER/adapter, with 3 and
a sentence in FOLDER/failure.json where it can't succeed, or with 4 when SIGTERM ended it after a
checkpoint, so that the same command goes on.
"""

import signal
import sys
from pathlib import Path
from threading import Event
from types import FrameType

from training.lora.base import load_base
from training.lora.failure import TrainingFailed
from training.lora.folder import PROGRESS, read_run, write_failure
from training.lora.progress import Progress
from training.lora.train import train

DONE, SENTENCE, INTERRUPTED = 0, 3, 4


def main(arguments: list[str]) -> int:
    """The exit code of a training."""
    folder = Path(arguments[0])
    stopping = Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        return DONE if _train(folder, stopping) else INTERRUPTED
    except TrainingFailed as error:
        write_failure(folder, error.record())
        return SENTENCE


def _train(folder: Path, stopping: Event) -> bool:
    """Whether it came to its end."""
    run = read_run(folder)
    base = load_base(run.model, run.data_dir)
    with (folder / PROGRESS).open("a", encoding="utf-8") as file:

        def report(progress: Progress) -> None:
            line = progress.to_line()
            print(line, flush=True)
            file.write(line + "\n")
            file.flush()

        trained = train(
            run.recipe,
            base.model,
            base.tokenizer,
            run.train,
            run.held_out,
            folder,
            replay=run.replay,
            report=report,
            should_stop=stopping.is_set,
        )
    return trained.finished


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
