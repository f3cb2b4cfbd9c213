"""`daoshi adapters` with a real engine and a tiny model: an adapter's whole life at the prompt."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli import cli
from bot.settings import variable_names
from tests.tutor.engine.tiny_model import save_tiny_adapter, save_tiny_model


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in variable_names():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DAOSHI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("DAOSHI_MODEL", str(save_tiny_model(tmp_path / "model")))
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.chdir(tmp_path)


def daoshi(*arguments: str, **options: Any) -> Result:
    return CliRunner().invoke(cli, arguments, **options)


def said(*arguments: str) -> str:
    done = daoshi(*arguments)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_adapter_comes_in_is_used_taken_back_and_goes_out(tmp_path: Path) -> None:
    folder = save_tiny_adapter(tmp_path / "model", tmp_path / "foreign", seed=1)
    said("adapters", "import", str(folder), "--name", "hints", "--licence", "MIT")
    refused = daoshi("adapters", "use", "hints")
    assert refused.exit_code == 1
    assert "daoshi adapters evaluate" in refused.stderr, "a pass is missing, and how to get it"
    assert "hints answers in global now." in said("adapters", "use", "hints", "--reason", "a test")
    [listed] = [json.loads(line) for line in said("adapters", "list", "--json").splitlines()]
    assert (listed["name"], listed["used_by"]) == ("hints", ["global"])
    nothing = daoshi("adapters", "evaluate", "hints")
    assert nothing.exit_code == 1
    assert "data" in nothing.stderr
    assert (
        "I know no such data set." in daoshi("adapters", "evaluate", "hints", "--data", "x").stderr
    )
    assert "the model as it is answers in global now." in said("adapters", "rollback")
    said("adapters", "export", "hints", "--to", "out.zip")
    assert (tmp_path / "out.zip").stat().st_size > 1000
    assert daoshi("adapters", "use", "other").exit_code == 1
