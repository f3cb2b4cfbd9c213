"""On a Ray cluster the same job ends with the same loss, also where a Ray worker is killed.

A tiny random model on two workers of a local cluster, against the plain trainer in one process;
then once more, with one of Ray's worker processes killed in the middle.
"""

import asyncio
import itertools
import os
import signal
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import psutil

from benchmarks.stage.verdict import Verdict, present
from tests.tutor.engine.tiny_model import save_tiny_model
from training.cluster.files import newest_checkpoint
from training.datasets.example import ChatMessage, Example, ExampleKind
from training.lora.folder import write_run
from training.lora.progress import Progress, from_line
from training.lora.recipe import Recipe

NOISE = 1e-3  # nats; other orders of addition, and what they become over the steps
RECIPE = Recipe(rank=4, epochs=40, batch_tokens=400, learning_rate=5e-4, replay_share=0.0)
KILLED_AFTER_SHARE = 0.3
WORKER = "ray::RayTrainWorker"
PATIENCE_SECONDS = 900
ENVIRONMENT = {"OMP_NUM_THREADS": "1", "RAY_TRAIN_WORKER_GROUP_START_TIMEOUT_S": "600"}


async def examine(verdict: Verdict) -> None:
    with tempfile.TemporaryDirectory(prefix="daoshi-cluster-") as name:
        root = Path(name)
        model = await asyncio.to_thread(save_tiny_model, root / "model")
        plain = await _trained(verdict, root / "plain", model)
        on_ray = await _trained(verdict, root / "ray", model, on="ray")
        _compare(verdict, "two Ray workers", on_ray, plain)
        killed = await _trained(verdict, root / "killed", model, kill=True, on="ray")
        _compare(verdict, "after a kill", killed, plain)
        again = _first_step_again(killed)
        verdict.check("goes on from a checkpoint", f"step {again}", again is not None and again > 1)


def _compare(verdict: Verdict, what: str, found: list[Progress], wanted: list[Progress]) -> None:
    last, usual = found[-1], wanted[-1]
    ends = last.step == last.steps == usual.steps
    verdict.check(f"{what}: all steps", f"{last.step} of {usual.steps}", ends)
    for name in ("loss", "held_out_loss"):
        one, other = getattr(last, name), getattr(usual, name)
        verdict.check(
            f"{what}: same {name.replace('_', '-')}",
            f"{one:.6f} to {other:.6f}",
            abs(one - other) <= NOISE,
        )


def _first_step_again(seen: list[Progress]) -> int | None:
    """Where it began anew."""
    pairs = itertools.pairwise(seen)
    return next((after.step for before, after in pairs if after.step <= before.step), None)


async def _trained(
    verdict: Verdict, folder: Path, model: Path, *, kill: bool = False, on: str | None = None
) -> list[Progress]:
    """What a training reported until it had left its adapter."""
    examples = [_example(number) for number in range(60)]
    told = {"model": str(model), "data_dir": folder.parent, "recipe": RECIPE}
    more = {"on": on, "devices": 2 if on else None, "checkpoint_seconds": 0.5}
    write_run(folder, **told, train=examples[:50], held_out=examples[50:], **more)  # type: ignore[arg-type]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "training.lora", str(folder)),
        stdout=PIPE,
        env=os.environ | ENVIRONMENT,
    )
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            seen = await _listen(verdict, process, folder, kill)
            code = await process.wait()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
    whole = (folder / "adapter" / "adapter_model.safetensors").is_file()
    verdict.check(f"{folder.name}: ends with its adapter", f"exit code {code}", code == 0 and whole)
    assert seen, f"{folder.name} reported no step"
    verdict.note(f"{folder.name}: {seen[-1].steps} steps in {seen[-1].seconds} s")
    return seen


async def _listen(verdict: Verdict, process: Process, folder: Path, kill: bool) -> list[Progress]:
    assert process.stdout is not None
    seen = list[Progress]()
    async for line in process.stdout:
        if not line.startswith(b"{"):
            continue
        seen.append(from_line(line.decode()))
        late = seen[-1].step >= KILLED_AFTER_SHARE * seen[-1].steps
        if kill and late and newest_checkpoint(folder) is not None:
            verdict.note(f"a worker is killed after step {seen[-1].step}")
            _kill_a_worker(process.pid)
            kill = False
    assert not kill, "it ended before a worker was killed"
    return seen


def _kill_a_worker(trainer: int) -> None:
    """One of Ray's processes below the trainer, without notice."""
    below = psutil.Process(trainer).children(recursive=True)
    workers = [one for one in below if one.cmdline()[:1] and one.cmdline()[0].startswith(WORKER)]
    assert workers, [one.name() for one in below]
    workers[-1].send_signal(signal.SIGKILL)


def _example(number: int) -> Example:
    turns = (
        ChatMessage("user", f"What is {number} + {number}?"),
        ChatMessage("assistant", f"Count on from {number}." + " Slowly." * (number % 7)),
    )
    return Example(ExampleKind.DIALOGUE, f"g{number}", "made here", messages=turns)


if __name__ == "__main__":
    sys.exit(present("Ray trains the same", examine))
