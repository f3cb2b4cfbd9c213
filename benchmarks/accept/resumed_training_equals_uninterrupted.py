"""A training that is stopped, and then killed, ends with the loss of one that was left alone.

The embedded model, as the worker trains it: in a process of its own that is told to stop once, and
once killed without notice. Same seed, same final and held-out loss to 1e-4, on the CPU.
"""

import asyncio
import signal
import sys
import tempfile
from pathlib import Path

from benchmarks.stage.prepared_model import lend_model
from benchmarks.stage.verdict import Verdict, present
from training.datasets.example import ChatMessage, Example, ExampleKind
from training.lora.folder import write_run
from training.lora.progress import Progress, from_line
from training.lora.recipe import Recipe

TOLERANCE = 1e-4
RECIPE = Recipe(rank=8, epochs=2, batch_tokens=200, learning_rate=1e-3)
DONE, INTERRUPTED = 0, 4


async def examine(verdict: Verdict) -> None:
    with tempfile.TemporaryDirectory(prefix="daoshi-resume-") as name:
        root = Path(name)
        await asyncio.to_thread(lend_model, root)
        whole, parts = (_prepared(root, part) for part in ("whole", "parts"))
        code, seen = await _train(whole)
        assert code == DONE, code
        wanted = seen[-1]
        verdict.note(f"left alone: {wanted.steps} steps, loss {wanted.loss}")
        code, seen = await _train(parts, signal.SIGTERM, after=3)
        verdict.check("told to stop, it can go on", f"exit code {code}", code == INTERRUPTED)
        stopped_at = seen[-1].step
        _, seen = await _train(parts, signal.SIGKILL, after=2)
        verdict.check("goes on after the last step", seen[0].step, seen[0].step == stopped_at + 1)
        code, seen = await _train(parts)
        verdict.check("ends after a kill", f"exit code {code}", code == DONE)
        _compare(verdict, seen[-1], wanted)


def _compare(verdict: Verdict, found: Progress, wanted: Progress) -> None:
    for claim, one, other in (
        ("same final loss", found.loss, wanted.loss),
        ("same held-out loss", found.held_out_loss, wanted.held_out_loss),
    ):
        assert one is not None
        assert other is not None
        verdict.check(claim, f"{one:.6f} to {other:.6f}", abs(one - other) <= TOLERANCE)


def _prepared(root: Path, name: str) -> Path:
    folder = root / "tuning" / name
    examples = [_example(number) for number in range(20)]
    write_run(
        folder,
        model="",
        data_dir=root,
        recipe=RECIPE,
        train=examples[:16],
        held_out=examples[16:],
    )
    return folder


def _example(number: int) -> Example:
    turns = (
        ChatMessage("user", f"What is {number} + {number + 3}?"),
        ChatMessage("assistant", f"Start at {number} and count on {number + 3}. Where are you?"),
    )
    return Example(ExampleKind.DIALOGUE, str(number), "daoshi", messages=turns)


async def _train(
    folder: Path, send: signal.Signals | None = None, after: int = 0
) -> tuple[int, list[Progress]]:
    """Runs the trainer, and sends it a signal after so many of its steps."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "training.lora", str(folder)), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    seen: list[Progress] = []
    try:
        async for line in process.stdout:
            if line.startswith(b"{"):
                seen.append(from_line(line.decode()))
            if send is not None and len(seen) == after:
                process.send_signal(send)
                send = None
        return await process.wait(), seen
    finally:
        if process.returncode is None:
            process.kill()


def main() -> int:
    return present("Resumed training equals uninterrupted training", examine)


if __name__ == "__main__":
    sys.exit(main())
