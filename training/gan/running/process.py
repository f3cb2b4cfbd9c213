"""The trainer of pictures as a process: prints its progress, ends in order, leaves a generator."""

import json
import math
import signal
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from types import FrameType
from typing import Any

import torch

from training.failure import TrainingFailed
from training.gan.labelled import labelled
from training.gan.loop import Loop
from training.gan.measuring import Measure
from training.gan.recipe import GanProgress, to_json
from training.gan.running.folder import CHECKPOINTS, MADE, PROGRESS, GanRun, read_run
from training.gan.running.networks import networks_for
from training.gan.running.plan import recipe_of
from training.lora.folder import write_failure
from tutor.images.network import Generator
from tutor.images.weights import save_generator

DONE, SENTENCE, INTERRUPTED = 0, 3, 4


def run_process(folder: Path) -> int:
    """The exit code of a training; SIGTERM and SIGINT end it after a checkpoint."""
    stopping = Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        finished = train_folder(folder, should_stop=stopping.is_set)
    except TrainingFailed as error:
        write_failure(folder, error.record())
        return SENTENCE
    return DONE if finished else INTERRUPTED


def train_folder(folder: Path, *, should_stop: Callable[[], bool] = lambda: False) -> bool:
    """Whether it came to its end, and folder/adapter holds the generator. Raises TrainingFailed."""
    run = read_run(folder)
    loop = loop_of(run, folder)
    with (folder / PROGRESS).open("a", encoding="utf-8") as file:

        def report(progress: GanProgress) -> None:
            line = line_of(progress)
            print(line, flush=True)
            file.write(line + "\n")
            file.flush()

        finished = loop.run(report, should_stop)
    if finished:
        save_generator(folder / MADE, loop.best, card_of(run, loop), half=True)
    return finished


def loop_of(run: GanRun, folder: Path | None) -> Loop[Generator]:
    """The training, ready to run or to go on."""
    generator, discriminator = networks_for(run.plan, run.train)
    return Loop(
        recipe_of(run.plan),
        generator,
        discriminator,
        labelled(run.train),
        folder / CHECKPOINTS if folder else None,
        "cuda" if torch.cuda.is_available() else "cpu",
        Measure(run.train, folder=folder / "sheets") if folder else None,
    )


def line_of(progress: GanProgress) -> str:
    """One line for a file or a pipe; `loss` is what the generator is taught by at this time."""
    losses = {name: one for name, one in progress.losses.items() if math.isfinite(one)}
    record: dict[str, Any] = {**asdict(progress), "losses": losses}
    record["loss"] = losses.get("target", losses.get("generator"))
    return json.dumps(record, allow_nan=False)


def card_of(run: GanRun, loop: Loop[Generator]) -> dict[str, Any]:
    """What the trainer knows of what it made; the rest is added with the report."""
    progress, pictures = loop.progress(), run.train
    return {
        "kind": "image_generator",
        "labels": [asdict(one) for one in pictures.labels],
        "styles": list(pictures.style_names),
        "sources": [asdict(one) for one in pictures.sources],
        "start": run.plan.start.value,
        "gan_recipe": to_json(loop.recipe),
        "seed": run.plan.seed,
        "pictures": len(pictures),
        "training_seconds": progress.seconds,
        "metrics": progress.metrics,
        "trained_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
