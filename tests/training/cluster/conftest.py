"""A run's folder with a tiny random model."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.tutor.engine.tiny_model import save_tiny_model
from training.datasets.example import ChatMessage, Example, ExampleKind
from training.lora.folder import write_run
from training.lora.recipe import Recipe

RECIPE = Recipe(rank=4, epochs=2, batch_tokens=300, learning_rate=5e-3, replay_share=0.0)
Prepare = Callable[..., Path]


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    return save_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def prepare(tmp_path: Path, tiny_folder: Path) -> Prepare:
    def prepared(name: str, *, recipe: Recipe = RECIPE, **more: Any) -> Path:
        folder = tmp_path / name
        examples = [dialogue(number) for number in range(28)]
        write_run(
            folder,
            model=str(tiny_folder),
            data_dir=tmp_path,
            recipe=recipe,
            train=examples[:22],
            held_out=examples[22:],
            **more,
        )
        return folder

    return prepared


def dialogue(number: int) -> Example:
    """Of lengths that differ."""
    turns = (
        ChatMessage("user", f"{number} + {number}?"),
        ChatMessage("assistant", f"Count on {number}" + "!" * (7 * number % 40)),
    )
    return Example(ExampleKind.DIALOGUE, f"g{number}", "test", messages=turns)
