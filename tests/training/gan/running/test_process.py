"""The trainer of pictures as a process: it leaves a generator, a checkpoint or a sentence."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.training.gan.running.conftest import prepared
from training.gan.running.folder import read_run
from training.gan.running.judging import judge
from training.gan.running.process import train_folder
from training.runs.card_progress import CardProgress
from tutor.images.card import read_card
from tutor.images.weights import load_generator


def test_trained_folder_holds_a_generator_that_can_be_judged(folder: Path) -> None:
    assert train_folder(folder)
    drawn = load_generator(folder / "adapter")
    assert drawn.generator.config.size == 32
    assert [one["en"] for one in drawn.card["labels"]] == ["thing 0", "thing 1"]
    judged = judge(read_run(folder), drawn.generator)
    assert len(judged.named) == 2 and judged.drawn == 24
    assert judged.grid.startswith(b"\x89PNG")
    assert 0 <= judged.copies <= 1


def test_lines_of_progress_are_what_a_card_shows(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train_folder(folder)
    shown = CardProgress()
    for line in capsys.readouterr().out.splitlines():
        shown.take(json.loads(line))
    assert shown.figures["step"] == shown.figures["steps"] == 4
    assert shown.figures["pictures_per_second"] > 0
    assert shown.losses[-1][0] == 4


def test_training_that_was_stopped_goes_on_from_its_checkpoint(tmp_path: Path) -> None:
    folder = prepared(tmp_path / "run", passes=6)
    calls = iter(range(100))
    assert not train_folder(folder, should_stop=lambda: next(calls) == 2)
    assert [one.name for one in (folder / "checkpoints").iterdir()] == ["step-00000002"]
    assert not (folder / "adapter").exists()
    first = json.loads((folder / "progress.jsonl").read_text().splitlines()[-1])
    assert first["step"] == 2
    assert not train_folder(folder, should_stop=lambda: next(calls) == 4)
    last = json.loads((folder / "progress.jsonl").read_text().splitlines()[-1])
    assert last["step"] == 3


def test_process_that_is_told_to_end_leaves_a_checkpoint(tmp_path: Path) -> None:
    folder = prepared(tmp_path / "run", effort="thorough")
    command = [sys.executable, "-m", "training.gan", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert any(json.loads(line)["step"] > 0 for line in process.stdout)
    process.send_signal(signal.SIGTERM)
    process.stdout.read()
    assert process.wait(60) == 4
    assert list((folder / "checkpoints").glob("step-*[0-9]"))


def test_generator_that_is_not_there_leaves_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from training.gan.running import process

    folder = prepared(tmp_path / "run", start="shipped", passes=0.01)
    nowhere = tmp_path / "nowhere"
    networks = process.networks_for
    monkeypatch.setattr(process, "networks_for", lambda plan, set_: networks(plan, set_, nowhere))
    assert process.run_process(folder) == 3
    left = json.loads((folder / "failure.json").read_text())
    assert left["message"].startswith("The generator that comes with Daoshi is not there")


def test_card_is_one_that_chat_can_read(folder: Path) -> None:
    train_folder(folder)
    file = folder / "adapter" / "card.json"
    made = json.loads(file.read_text())
    file.write_text(json.dumps({**made, "name": "signs", "licence": "CC0", "attribution": []}))
    card = read_card(folder / "adapter")
    assert card is not None
    assert card.concepts == ("t0", "t1") and len(card.styles) == 5
