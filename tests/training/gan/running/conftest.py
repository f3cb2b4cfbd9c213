"""A small set of pictures in a run's folder."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.doubles.picture_files import drawing
from training.gan.pictures import Label, PictureSet, Source


def picture_set(counts: tuple[int, ...], styles: int = 1, size: int = 64) -> PictureSet:
    """So many pictures of each thing; with several styles they take turns."""
    concepts = np.repeat(np.arange(len(counts), dtype=np.int16), counts)
    numbers = np.concatenate([np.arange(count) % styles for count in counts]).astype(np.int8)
    images = [np.asarray(drawing(number, size)) for number in range(len(concepts))]
    return PictureSet(
        np.stack(images),
        concepts,
        numbers,
        tuple(Label(f"t{n}", f"thing {n}", f"东西{n}", "own") for n in range(len(counts))),
        tuple(f"style {n}" for n in range(styles)),
        (Source("test", "", "CC0", "", ""),),
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two things, five pictures each; four steps in all."""
    return prepared(tmp_path / "run", passes=0.01)


def prepared(path: Path, **recipe: Any) -> Path:
    picture_set((5, 5)).save(path / "data")
    told = {"name": "signs", "recipe": {"method": "gan", "effort": "quick", **recipe}}
    (path / "run.json").write_text(json.dumps(told))
    return path
