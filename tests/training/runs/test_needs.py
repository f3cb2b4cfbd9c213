"""The dry run before a training is not made twice."""

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from training.runs import measuring
from training.runs.folder import RunFolder
from training.runs.room import Need

NEED = Need(240.0, 2 << 30, 1 << 30, 30, 9000)


def prepared(root: Path, name: str, **recipe: Any) -> RunFolder:
    folder = RunFolder(root / "tuning" / name)
    told = {
        "model": "",
        "data_dir": str(root),
        "recipe": {"effort": "quick", **recipe},
        "dataset": {"content_hash": "d1"},
    }
    folder.write_json(folder.run_file, told)
    return folder


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The folders that were really measured."""
    found: list[str] = []

    async def measure(folder: RunFolder) -> Need:
        await asyncio.sleep(0)
        found.append(folder.path.name)
        return Need(**{**asdict(NEED), "device": folder.path.name.rpartition("-")[2]})

    monkeypatch.setattr(measuring, "_measured", measure)
    return found


async def test_training_takes_over_what_its_estimate_found(
    tmp_path: Path, measured: list[str]
) -> None:
    first = await measuring.measured_need(prepared(tmp_path, "estimate-cpu"))
    second = await measuring.measured_need(prepared(tmp_path, "run-cpu", seed=42))
    assert first == second
    assert measured == ["estimate-cpu"]


async def test_two_that_ask_at_once_are_answered_by_one_measurement(
    tmp_path: Path, measured: list[str]
) -> None:
    both = [prepared(tmp_path, name) for name in ("estimate-cpu", "run-cpu")]
    first, second = await asyncio.gather(*map(measuring.measured_need, both))
    assert first == second
    assert len(measured) == 1


async def test_another_recipe_is_measured_anew(tmp_path: Path, measured: list[str]) -> None:
    await measuring.measured_need(prepared(tmp_path, "estimate-cpu"))
    await measuring.measured_need(prepared(tmp_path, "run-cpu", rank=64))
    assert len(measured) == 2


async def test_free_memory_of_a_gpu_is_asked_every_time(
    tmp_path: Path, measured: list[str]
) -> None:
    await measuring.measured_need(prepared(tmp_path, "estimate-cuda:0"))
    await measuring.measured_need(prepared(tmp_path, "run-cuda:0"))
    assert len(measured) == 2
