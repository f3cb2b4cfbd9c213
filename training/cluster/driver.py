"""A training on a Ray cluster, seen from where it was started: as if it ran here.

The run's folder gets progress, checkpoints and the adapter; exit codes are those of a trainer.
"""

import logging
import shutil
import signal
from pathlib import Path
from threading import Event
from types import FrameType
from typing import Any

from training.cluster.files import newest_checkpoint, packed, unpack
from training.cluster.letterbox import Letterbox, News
from training.cluster.ray_cluster import connected, fit
from training.cluster.worker import Task
from training.failure import TrainingFailed
from training.lora.folder import PROGRESS, Run, write_failure
from training.lora.process import DIED, DONE, INTERRUPTED, SENTENCE
from training.lora.recipe import Method
from training.lora.train import ONE_DEVICE_ONLY
from tutor.tuning.cluster import AddressUnknown, check_address

log = logging.getLogger(__name__)
POLL_SECONDS = 0.5
KEPT = 2  # checkpoints


def train_on_cluster(run: Run, folder: Path) -> int:
    """The exit code of the training. Raises TrainingFailed where it can't be sent there."""
    assert run.on is not None
    try:
        check_address(run.on)
    except AddressUnknown as error:
        raise TrainingFailed(error.reason.message, **error.reason.fields) from error
    if run.recipe.method not in (Method.SUPERVISED, Method.PRETRAIN):
        raise TrainingFailed(ONE_DEVICE_ONLY)
    with connected(run.on, run.devices) as ray:
        return _Training(ray, run, folder).followed()


class _Training:
    def __init__(self, ray: Any, run: Run, folder: Path) -> None:
        self._ray, self._folder = ray, folder
        self._stopping = Event()
        for number in (signal.SIGTERM, signal.SIGINT):  # after Ray has set its own
            signal.signal(number, self._stop)
        found = newest_checkpoint(folder)
        self._box = ray.remote(num_cpus=0)(Letterbox).remote(found and packed(found))
        task = Task(run, self._box)
        self._fitting = ray.remote(num_cpus=0, max_retries=0)(fit).remote(task, folder)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping.set()

    def followed(self) -> int:
        """Takes in what comes until the training has ended."""
        finished, told = False, False
        while True:
            ended, _ = self._ray.wait([self._fitting], timeout=POLL_SECONDS)
            news: News = self._ray.get(self._box.take.remote())
            self._take_in(news)
            finished = finished or news.adapter is not None
            if news.failure is not None:
                write_failure(self._folder, news.failure)
                return SENTENCE
            if self._stopping.is_set() and not told:
                self._ray.get(self._box.stop.remote())
                told = True
            if ended:
                return self._code(finished)

    def _code(self, finished: bool) -> int:
        try:
            self._ray.get(self._fitting)
        except self._ray.exceptions.RayError as error:
            log.error("The training on the cluster died: %s", error)  # noqa: TRY400 - Ray's own trace
            return DIED
        return DONE if finished else INTERRUPTED

    def _take_in(self, news: News) -> None:
        with (self._folder / PROGRESS).open("a", encoding="utf-8") as file:
            for line in news.lines:
                print(line, flush=True)
                file.write(line + "\n")
        if news.checkpoint is not None:
            unpack(news.checkpoint, self._folder / "checkpoints")
            self._forget_old()
        if news.adapter is not None:
            unpack(news.adapter, self._folder)

    def _forget_old(self) -> None:
        for old in sorted((self._folder / "checkpoints").glob("step-*[0-9]"))[:-KEPT]:
            shutil.rmtree(old, ignore_errors=True)
