"""A trainer without torch, run as `python -m tests.doubles.fake_trainer FOLDER`.

Does what the folder's recipe says, in the key "fake": `steps`, `seconds_a_step`, and what goes
wrong at which step. Resumes from its checkpoint and stops on SIGTERM like the real one.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

WEIGHTS = b"weights of a fake"


def main() -> int:
    folder = Path(sys.argv[1])
    told = json.loads((folder / "run.json").read_text())["recipe"].get("fake", {})
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: stopped.append(number))
    checkpoints = folder / "checkpoints"
    checkpoints.mkdir(exist_ok=True)
    first = max((int(path.name[5:]) for path in checkpoints.iterdir()), default=0)
    with (folder / "starts").open("a") as starts:
        starts.write(f"{first}\n")
    steps = told.get("steps", 4)
    for step in range(first + 1, steps + 1):
        if step == told.get("dies_at") and first < step - 1:
            os._exit(9)
        if step == told.get("gives_up_at"):
            return give_up(folder)
        time.sleep(told.get("seconds_a_step", 0.0))
        (checkpoints / f"step-{step:08d}").touch()
        say(step=step, steps=steps, loss=2.0 / step, seconds_left=steps - step)
        if stopped:
            return 4
    write_adapter(folder / "adapter")
    return 0


def give_up(folder: Path) -> int:
    sentence = {"message": "All {count} rows are too long.", "fields": {"count": 3}}
    (folder / "failure.json").write_text(json.dumps(sentence))
    return 3


def write_adapter(adapter: Path) -> None:
    adapter.mkdir(exist_ok=True)
    (adapter / "adapter_config.json").write_text('{"r": 8}')
    (adapter / "adapter_model.safetensors").write_bytes(WEIGHTS)
    (adapter / "card.json").write_text('{"metrics": {"loss": 0.5}}')


def say(**line: object) -> None:
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    sys.exit(main())
