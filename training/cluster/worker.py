"""The training function in each of Ray Train's workers: the one of a single process, with others.

Works in a folder of its own that is gone afterwards; the worker of rank 0 sends everything on.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.cluster.files import newest_checkpoint, packed, unpack
from training.lora.folder import Run
from training.lora.progress import Progress


@dataclass(frozen=True, slots=True)
class Task:
    """`box` is the handle of a `Letterbox`."""

    run: Run
    box: Any


def train_as_worker(task: Task) -> None:
    """Trains together with the other workers of the group."""
    import ray

    from training.failure import TrainingFailed

    with tempfile.TemporaryDirectory(prefix="daoshi-training-") as name:
        try:
            _train(task, Path(name))
        except TrainingFailed as error:
            ray.get(task.box.fail.remote(error.record()))
            raise


def _train(task: Task, folder: Path) -> None:
    import torch
    from ray.train.torch import get_device

    from training.lora.base import load_base
    from training.lora.device import here
    from training.lora.train import train
    from training.replay import general_chat

    place, run = get_device(), task.run
    if place.type == "cuda":
        torch.cuda.set_device(place)
    device, post = here(place), Post(task.box, folder)
    if device.rank == 0:
        post.fetch()
    base = load_base(run.model, _data_dir(run), four_bit=run.recipe.four_bit)
    replay = run.replay or device.first(
        lambda: general_chat(run.recipe, run.model, _data_dir(run), base.model, base.tokenizer)
    )
    trained = train(
        *(run.recipe, base.model, base.tokenizer, run.train, run.held_out, folder),
        replay=replay,
        report=post.report,
        should_stop=lambda: post.stopping,
        checkpoint_seconds=run.checkpoint_seconds,
    )
    if device.rank == 0:
        post.end(trained.adapter_folder)


class Post:
    """The way of rank 0's files and lines to the driver."""

    def __init__(self, box: Any, folder: Path) -> None:
        self._box, self._folder = box, folder
        self._sent: Path | None = None
        self.stopping = False

    def fetch(self) -> None:
        """Lays the last checkpoint where the training looks for it."""
        import ray

        found = ray.get(self._box.checkpoint.remote())
        if found is not None:
            self._sent = unpack(found, self._folder / "checkpoints")

    def report(self, progress: Progress) -> None:
        """Sends a line, and a checkpoint where one was written since the last."""
        import ray

        line = progress.to_line()
        self.stopping = ray.get(self._box.note.remote(line, self._new_checkpoint()))

    def end(self, adapter: Path | None) -> None:
        """Sends the adapter, or the checkpoint from which another time goes on."""
        import ray

        checkpoint = self._new_checkpoint() if adapter is None else None
        ray.get(self._box.keep.remote(checkpoint, adapter and packed(adapter)))

    def _new_checkpoint(self) -> Any:
        newest = newest_checkpoint(self._folder)
        if newest is None or newest == self._sent:
            return None
        self._sent = newest
        return packed(newest)


def _data_dir(run: Run) -> Path:
    """The driver's, where this machine has it too."""
    from platformdirs import user_cache_path

    return run.data_dir if run.data_dir.is_dir() else user_cache_path("daoshi")
