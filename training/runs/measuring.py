"""How much a training will take, found out by a child process that may load torch.

What was measured for the same data, recipe and model lately is not measured again: an estimate is
mostly followed by the training itself, whose preparation would ask the very same.
"""

import hashlib
import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from filelock import AsyncFileLock

from training.lora.recipe import from_json, to_json
from training.runs.child import DONE, SENTENCE, Child
from training.runs.failure import RunFailed, TrainerDied
from training.runs.folder import FOLDER, RunFolder
from training.runs.room import Need

MODULE = "training.runs.measure"
KEPT_IN, KEPT_SECONDS = "needs", 3600.0  # beside the folders of runs, and tidied with them


async def measured_need(folder: RunFolder) -> Need:
    """The need of the training that a prepared folder describes.

    Whoever asks for the same at the same time waits for the one who measures.
    """
    told = folder.read_json(folder.run_file)
    assert told is not None, folder.path
    file = Path(told["data_dir"]) / FOLDER / KEPT_IN / f"{_name(told)}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    async with AsyncFileLock(file.with_suffix(".lock")):
        need = _kept(folder, file)
        if need is None:
            need = await _measured(folder)
            folder.write_json(file, asdict(need))
    return need


def _name(told: dict[str, Any]) -> str:
    """Of all that the figures depend on."""
    recipe = to_json(from_json(told["recipe"]))
    asked = [told["model"], recipe, told["dataset"]["content_hash"]]
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:24]


def _kept(folder: RunFolder, file: Path) -> Need | None:
    """On a GPU the memory that is free counts, which is another one every time."""
    record = folder.read_json(file)
    if record is None or time.time() - file.stat().st_mtime > KEPT_SECONDS:
        return None
    need = Need(**record)
    return need if need.device == "cpu" else None


async def _measured(folder: RunFolder) -> Need:
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
