"""`python -m training.gan.running.need FOLDER`: prints what the training of a folder will take.

A few steps of each phase are done and timed; nothing is written but a sentence where it can't be.
"""

import json
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

import torch

from training.failure import TrainingFailed
from training.gan.labelled import labelled
from training.gan.loop import Loop
from training.gan.running.folder import GanRun, read_run
from training.gan.running.networks import networks_for
from training.gan.running.plan import BATCH, recipe_of
from training.lora.folder import write_failure
from training.lora.watching import PeakMemory
from training.runs.child import DONE, SENTENCE
from training.runs.room import Need
from tutor.images.network import Generator

STEPS = 3  # timed of each phase
STATES = 10  # copies of the weights on the disk: two checkpoints with optimizers and averages
BEGINNING_SECONDS = 20.0  # loading libraries, the first measures
GATE_SHARE = 0.05


def main(arguments: list[str]) -> int:
    """The exit code: done, or a sentence in the folder."""
    folder = Path(arguments[0])
    try:
        found = measured(read_run(folder))
    except TrainingFailed as error:
        write_failure(folder, error.record())
        return SENTENCE
    print(json.dumps(asdict(found)), flush=True)
    return DONE


def measured(run: GanRun) -> Need:
    """`tokens` of the estimate are pictures here."""
    recipe, count = recipe_of(run.plan), len(run.train)
    generator, discriminator = networks_for(run.plan, run.train)
    weights = sum(
        one.numel() * one.element_size()
        for network in (generator, discriminator)
        for one in network.parameters()
    )
    steps = [max(1, round(phase.epochs * count / phase.batch)) for phase in recipe.phases]
    examples, cuda = labelled(run.train), torch.cuda.is_available()
    seconds = BEGINNING_SECONDS
    with PeakMemory() as memory:
        for phase, planned in zip(recipe.phases, steps, strict=True):
            short = replace(phase, epochs=STEPS * phase.batch / count)
            some = replace(recipe, phases=(short,))
            loops = [
                Loop(some, generator, discriminator, examples, None, "cuda" if cuda else "cpu")
                for _ in range(2)
            ]
            loops[0].run()  # so that nothing is timed that is done once
            seconds += planned * _seconds_a_step(loops[1])
    free, total = torch.cuda.mem_get_info() if cuda else (None, None)
    return Need(
        seconds=round(seconds * (1 + GATE_SHARE), 1),
        peak_bytes=memory.bytes,
        disk_bytes=STATES * weights + 4 * run.train.images.nbytes,
        steps=sum(steps),
        tokens=sum(steps) * BATCH,
        device="cpu" if total is None else f"cuda:{torch.cuda.current_device()}",
        device_free_bytes=free,
        device_total_bytes=total,
    )


def _seconds_a_step(loop: Loop[Generator]) -> float:
    began = time.monotonic()
    loop.run()
    return (time.monotonic() - began) / loop.steps


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
