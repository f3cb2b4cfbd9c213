"""A run's folder as the trainer reads it.

`run.json` has `model` (a setting such as DAOSHI_MODEL), `data_dir` (where an embedded model is
kept) and `recipe` (see `training.lora.recipe`); it may have `on` (a Ray cluster, see
`training.cluster`), `devices` (how many processes share the steps) and `checkpoint_seconds`; other
keys are for others. The examples lie in `data/train.jsonl`, `data/held_out.jsonl` and, if there is
general chat to mix in, `data/replay.jsonl`.
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.datasets.example import Example, Split, from_line, to_line
from training.lora.recipe import Recipe, from_json, to_json

RUN, FAILURE, PROGRESS = "run.json", "failure.json", "progress.jsonl"


@dataclass(frozen=True, slots=True)
class Run:
    """What a trainer is told. `devices` None: as many as there are."""

    model: str
    data_dir: Path
    recipe: Recipe
    train: list[Example]
    held_out: list[Example]
    replay: list[Example]
    on: str | None = None
    devices: int | None = None
    checkpoint_seconds: float | None = None  # between two; None: as is usual


def write_run(
    folder: Path,
    *,
    model: str,
    data_dir: Path,
    recipe: Recipe,
    train: Iterable[Example],
    held_out: Iterable[Example] = (),
    replay: Iterable[Example] = (),
    **more: str | float | None,
) -> None:
    """Prepares a folder for `python -m training.lora`; run.json is written last.

    `more` are the keys that may be left out.
    """
    (folder / "data").mkdir(parents=True, exist_ok=True)
    for name, split, examples in (
        ("train", Split.TRAIN, train),
        ("held_out", Split.HELD_OUT, held_out),
        ("replay", Split.TRAIN, replay),
    ):
        text = "".join(to_line(example, split) + "\n" for example in examples)
        _replace(folder / "data" / f"{name}.jsonl", text)
    told: dict[str, Any] = {
        "model": model,
        "data_dir": str(data_dir.resolve()),
        "recipe": to_json(recipe),
    }
    told |= {key: value for key, value in more.items() if value is not None}
    _replace(folder / RUN, json.dumps(told, ensure_ascii=False, indent=1))


def read_run(folder: Path) -> Run:
    """What `write_run` wrote."""
    told: dict[str, Any] = json.loads((folder / RUN).read_text(encoding="utf-8"))
    train, held_out, replay = (
        _examples(folder / "data" / f"{name}.jsonl") for name in ("train", "held_out", "replay")
    )
    recipe = from_json(told["recipe"])
    return Run(
        *(told["model"], Path(told["data_dir"]), recipe, train, held_out, replay),
        on=told.get("on"),
        devices=told.get("devices"),
        checkpoint_seconds=told.get("checkpoint_seconds"),
    )


def write_failure(folder: Path, record: Mapping[str, Any]) -> None:
    """Leaves the sentence with which a training ended."""
    _replace(folder / FAILURE, json.dumps(record, ensure_ascii=False))


def _examples(path: Path) -> list[Example]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8") as lines:
        return [from_line(line)[0] for line in lines if line.strip()]


def _replace(path: Path, text: str) -> None:
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)
