"""Several processes that share the steps end as one process does."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file

from training.cluster import processes
from training.cluster.processes import processes_for
from training.lora.folder import read_run
from training.lora.packing import share_of
from training.lora.progress import Progress, from_line
from training.lora.recipe import Method, Recipe

TRAINER = ("-m", "training.lora")
TORCHRUN = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", *TRAINER)


def start(folder: Path, command: tuple[str, ...] = TRAINER) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *command, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )


def steps_of(process: subprocess.Popen[str]) -> list[Progress]:
    assert process.stdout is not None
    return [from_line(line) for line in process.stdout if line.startswith("{")]


@pytest.mark.timeout(400)  # three starts of torch on what may be a busy machine
def test_two_processes_equal_one(prepare: Any) -> None:
    one, two = prepare("one"), prepare("two", devices=2)
    alone, shared = steps_of(start(one)), steps_of(start(two))
    assert [step.step for step in shared] == [step.step for step in alone]
    assert [step.loss for step in shared] == pytest.approx([s.loss for s in alone], abs=1e-4)
    assert shared[-1].held_out_loss == pytest.approx(alone[-1].held_out_loss, abs=1e-4)
    found, wanted = (
        load_file(folder / "adapter" / "adapter_model.safetensors") for folder in (two, one)
    )
    for name, weights in wanted.items():
        assert (found[name] - weights).abs().max() < 1e-3, name


@pytest.mark.timeout(400)
def test_what_two_began_under_torchrun_one_ends(prepare: Any) -> None:
    whole = steps_of(start(prepare("whole", recipe=Recipe(**LONG))))
    folder = prepare("parts", recipe=Recipe(**LONG))
    process = start(folder, TORCHRUN)
    assert process.stdout is not None
    first = from_line(process.stdout.readline())
    process.send_signal(signal.SIGTERM)
    seen = [first, *steps_of(process)]
    process.wait()
    assert seen[-1].step < whole[-1].step
    rest = steps_of(start(folder))
    assert rest[0].step == seen[-1].step + 1
    assert rest[-1].loss == pytest.approx(whole[-1].loss, abs=1e-3)


LONG = {
    "rank": 2,
    "epochs": 60,
    "batch_tokens": 300,
    "learning_rate": 1e-4,
    "replay_share": 0.0,
}


def test_two_processes_end_with_one_sentence(prepare: Any) -> None:
    recipe = Recipe(method=Method.DPO, replay_share=0.0)
    folder = prepare("dpo", recipe=recipe, devices=2)
    assert start(folder).wait() == 3
    left = json.loads((folder / "failure.json").read_text(encoding="utf-8"))
    assert "run on one device" in left["message"]


def test_documents_are_shared_out_by_their_tokens() -> None:
    lengths = [90, 10, 10, 10, 30, 30]
    shares = [share_of(range(6), lengths, rank, 2) for rank in range(2)]
    assert sorted(shares[0] + shares[1]) == list(range(6))
    assert sum(lengths[index] for index in shares[0]) == 90
    assert share_of([3, 1], lengths, 0, 1) == [1, 3]


def test_all_gpus_share_what_can_be_shared(prepare: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes.torch.cuda, "device_count", lambda: 4)
    assert processes_for(read_run(prepare("supervised"))) == 4
    assert processes_for(read_run(prepare("told", devices=2))) == 2
    assert processes_for(read_run(prepare("dpo", recipe=Recipe(method=Method.DPO)))) == 1
    monkeypatch.setattr(processes.torch.cuda, "device_count", lambda: 0)
    assert processes_for(read_run(prepare("cpu"))) == 1
