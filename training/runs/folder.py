"""The folder of a run: what the trainer is told, what it leaves, and where. Knows no stages."""

import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage.identifiers import new_id
from training.datasets.example import Example, Split, to_line

FOLDER = "tuning"  # in the data folder


@dataclass(frozen=True, slots=True)
class RunFolder:
    """A file that exists is whole: each is written beside its place and moved there."""

    path: Path

    @property
    def run_file(self) -> Path:
        """What the trainer is told; written last, so that its being there means: prepared."""
        return self.path / "run.json"

    @property
    def need_file(self) -> Path:
        return self.path / "need.json"

    @property
    def data(self) -> Path:
        return self.path / "data"

    @property
    def checkpoints(self) -> Path:
        return self.path / "checkpoints"

    @property
    def adapter(self) -> Path:
        return self.path / "adapter"

    @property
    def failure_file(self) -> Path:
        """Why the trainer gave up: a marked sentence and its fields."""
        return self.path / "failure.json"

    @property
    def report_file(self) -> Path:
        return self.path / "report.json"

    @property
    def log_file(self) -> Path:
        return self.path / "trainer.log"

    def write(self, file: Path, text: str) -> None:
        """Replaces a file of this folder in one step."""
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_name(f"{file.name}.{new_id()}.tmp")
        try:
            unfinished.write_text(text, encoding="utf-8")
            unfinished.replace(file)
        finally:
            unfinished.unlink(missing_ok=True)

    def write_json(self, file: Path, record: Mapping[str, Any]) -> None:
        self.write(file, json.dumps(record, ensure_ascii=False, indent=1))

    def read_json(self, file: Path) -> dict[str, Any] | None:
        """The record of a file; None where it was not written yet."""
        try:
            record: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return record

    def write_examples(self, split: Split, examples: Iterable[Example]) -> None:
        lines = (to_line(example, split) + "\n" for example in examples)
        self.write(self.data / f"{split.value}.jsonl", "".join(lines))

    @property
    def newest_checkpoint(self) -> str:
        """Its name, which grows with the step; "" before the first."""
        return max((path.name for path in self.checkpoints.glob("step-*[0-9]")), default="")

    def drop_working_files(self) -> None:
        """Once nothing will be resumed from here: frees the space of the checkpoints, and keeps no
        copy of examples whose authors may withdraw."""
        for folder in (self.checkpoints, self.data):
            shutil.rmtree(folder, ignore_errors=True)

    def remove(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)


def folder_of(data_dir: Path, run_id: str) -> RunFolder:
    """Where a run has its files; not made yet."""
    assert run_id.isalnum(), run_id
    return RunFolder(data_dir.resolve() / FOLDER / run_id)
