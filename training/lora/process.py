"""One trainer process: alone, or one of several that share the steps of a training.

The one of rank 0 prints a JSON object for every step and writes the files; all of them end alike.
Knows nothing of who started it.
"""

import signal
from pathlib import Path
from threading import Event
from types import FrameType

from training.failure import TrainingFailed
from training.lora import device as devices
from training.lora.base import load_base
from training.lora.device import Alone, Device
from training.lora.folder import PROGRESS, Run, read_run, write_failure
from training.lora.progress import Progress
from training.lora.train import train
from training.replay import general_chat

DONE, DIED, SENTENCE, INTERRUPTED = 0, 1, 3, 4


def run_process(folder: Path) -> int:
    """The exit code of a training; SIGTERM and SIGINT end it after a checkpoint."""
    stopping = Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        device = devices.join() if devices.launched_together() else Alone("cpu")
        finished = _train(folder, read_run(folder), device, stopping)
    except TrainingFailed as error:
        write_failure(folder, error.record())
        return SENTENCE
    devices.leave()
    return DONE if finished else INTERRUPTED


def _train(folder: Path, run: Run, device: Device, stopping: Event) -> bool:
    """Whether it came to its end."""
    base = load_base(run.model, run.data_dir, four_bit=run.recipe.four_bit)
    replay = run.replay or device.first(
        lambda: general_chat(run.recipe, run.model, run.data_dir, base.model, base.tokenizer)
    )
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
            replay=replay,
            report=report,
            should_stop=stopping.is_set,
            checkpoint_seconds=run.checkpoint_seconds,
        )
    return trained.finished
