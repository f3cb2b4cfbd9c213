"""Fine-tuning loses no job and no reply, and leaves no half adapter, whatever happens to it.

Real worker, trainer and engine processes with a tiny random model, each fault in a data folder of
its own. The small disk is a tmpfs where we may mount one. With `--only WORDS` the faults with these
words in their name.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from benchmarks.stage import broken_trainings
from benchmarks.stage.switched_adapters import promoted_while_replies_stream
from benchmarks.stage.trainings import Scene, scene
from benchmarks.stage.verdict import Verdict, present
from tests.tutor.engine.tiny_model import save_tiny_model

Fault = Callable[[Scene], Awaitable[str]]


async def adapter_promoted_while_replies_stream(here: Scene) -> str:
    return await promoted_while_replies_stream(here.database, here.folder, here.model)


FAULTS: tuple[Fault, ...] = (
    adapter_promoted_while_replies_stream,
    broken_trainings.worker_killed_at_each_stage,
    broken_trainings.damaged_checkpoint_is_passed_by,
    broken_trainings.two_workers_do_one_job_once,
    broken_trainings.full_disk_is_waited_for,
    broken_trainings.withdrawn_consent_ends_the_training,
    broken_trainings.cancelled_training_gives_the_engine_back,
    broken_trainings.killed_worker_gives_the_engine_back,
)
SHORT = 256  # positions, so that a reply of a model that never ends is short


async def examine(verdict: Verdict) -> None:
    with tempfile.TemporaryDirectory(prefix="daoshi-faults-", ignore_cleanup_errors=True) as name:
        root = Path(name)
        model = await asyncio.to_thread(save_tiny_model, root / "model")
        short = await asyncio.to_thread(
            lambda: save_tiny_model(root / "short", max_position_embeddings=SHORT)
        )
        for fault in FAULTS:
            if _options().only in _name(fault):
                switched = fault is adapter_promoted_while_replies_stream
                await _judge(verdict, fault, root / fault.__name__, short if switched else model)


async def _judge(verdict: Verdict, fault: Fault, folder: Path, model: Path) -> None:
    """A fault returns what was measured, and raises what somebody would complain about."""
    await asyncio.to_thread(folder.mkdir)
    began, holds = time.monotonic(), True
    try:
        async with scene(folder, model) as here:
            said = await fault(here)
    except Exception as error:  # the next fault is still worth a look
        said, holds = f"{type(error).__name__}: {error}", False
    verdict.check(_name(fault), f"{said} ({time.monotonic() - began:.0f} s)", holds)


def _name(fault: Fault) -> str:
    return fault.__name__.replace("_", " ")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--only", default="", help="faults with these words in their name")
    return parser.parse_known_args()[0]


def main() -> int:
    return present("Fine-tuning loses nothing, whatever happens to it", examine)


if __name__ == "__main__":
    sys.exit(main())
