"""`python -m benchmarks.stage.crowded_worker`: a worker on a machine without memory to spare.

What is free is said to be too little beside the engine and enough in its place.
"""

import sys
from collections.abc import Mapping
from typing import Any

from training import kinds
from training.runs.life import tune
from training.runs.room import MEMORY_MARGIN_BYTES
from training.runs.tools import Tools
from training.worker import Running
from tutor.tuning.runs import KIND

SPARE_BYTES = 200 << 20


def free_bytes() -> int:
    """Half of what the tiny model's training takes; the engine holds more than the other half."""
    return MEMORY_MARGIN_BYTES + SPARE_BYTES


async def crowded(running: Running) -> Mapping[str, Any]:
    return await tune(running, Tools(free_memory_bytes=free_bytes))


def main() -> int:
    """The worker takes its handlers when it is imported."""
    kinds.HANDLERS = {**kinds.HANDLERS, KIND: crowded}
    from training.__main__ import main as work

    return work()


if __name__ == "__main__":
    sys.exit(main())
