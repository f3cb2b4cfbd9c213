"""How much a training will take, found out by a child process that may load torch."""

from typing import Any

from training.runs.child import DONE, SENTENCE, Child
from training.runs.failure import RunFailed, TrainerDied
from training.runs.folder import RunFolder
from training.runs.room import Need

MODULE = "training.runs.measure"


async def measured_need(folder: RunFolder) -> Need:
    """The need of the training that a prepared folder describes."""
    found: list[dict[str, Any]] = []
    module = (MODULE, str(folder.path))
    child = await Child.start(module, log_file=folder.log_file, on_line=found.append)
    try:
        code = await child.wait()
    finally:
        await child.stop(0)
    if code == SENTENCE:
        raise failure_in(folder)
    if code != DONE or not found:
        raise TrainerDied(f"the estimate ended with code {code}; see {folder.log_file}")
    return Need(**found[-1])


def failure_in(folder: RunFolder) -> RunFailed:
    """The sentence that a child left."""
    left = folder.read_json(folder.failure_file)
    assert left is not None, f"a child ended with {SENTENCE} and left no {folder.failure_file}"
    return RunFailed(left["message"], **left.get("fields", {}))
