"""The trainer as a process: told by a folder, it leaves an adapter, a sentence, a checkpoint."""

import json
import signal
import subprocess
import sys
from pathlib import Path

from training.datasets.example import Example
from training.lora.folder import read_run, write_run
from training.lora.progress import from_line
from training.lora.recipe import Recipe

RECIPE = Recipe(rank=2, epochs=2, batch_tokens=200)


def start(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "training.lora", str(folder)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_folder_is_read_as_it_was_written(tmp_path: Path, dialogues: list[Example]) -> None:
    write_run(tmp_path, model="m", data_dir=tmp_path, recipe=RECIPE, train=dialogues)
    found = read_run(tmp_path)
    assert (found.model, found.recipe, found.train) == ("m", RECIPE, dialogues)
    assert (found.held_out, found.replay) == ([], [])


def test_interrupted_trainer_goes_on_and_leaves_an_adapter(
    tmp_path: Path, tiny_folder: Path, dialogues: list[Example]
) -> None:
    told = {"model": str(tiny_folder), "data_dir": tmp_path, "recipe": RECIPE}
    write_run(tmp_path, **told, train=dialogues * 40, held_out=dialogues[:2])
    process = start(tmp_path)
    assert process.stdout is not None
    first = from_line(process.stdout.readline())
    process.send_signal(signal.SIGTERM)
    rest = process.stdout.read().splitlines()
    assert process.wait(60) == 4
    last = from_line(rest[-1]) if rest else first
    assert last.step < last.steps
    assert not (tmp_path / "adapter").exists()
    process = start(tmp_path)
    assert process.stdout is not None
    steps = [from_line(line).step for line in process.stdout.read().splitlines()]
    assert process.wait(60) == 0
    assert steps == list(range(last.step + 1, last.steps + 1))
    assert (tmp_path / "adapter" / "adapter_model.safetensors").exists()
    assert len((tmp_path / "progress.jsonl").read_text().splitlines()) == last.steps


def test_hopeless_training_leaves_a_sentence(tmp_path: Path, tiny_folder: Path) -> None:
    write_run(tmp_path, model=str(tiny_folder), data_dir=tmp_path, recipe=RECIPE, train=[])
    assert start(tmp_path).wait(60) == 3
    left = json.loads((tmp_path / "failure.json").read_text(encoding="utf-8"))
    assert left["message"].format(**left["fields"]).startswith("None of the 0 examples")


def test_model_that_is_not_there_leaves_a_sentence(
    tmp_path: Path, dialogues: list[Example]
) -> None:
    write_run(tmp_path, model="./nowhere", data_dir=tmp_path, recipe=RECIPE, train=dialogues)
    assert start(tmp_path).wait(60) == 3
    assert "There is no model folder" in (tmp_path / "failure.json").read_text(encoding="utf-8")
