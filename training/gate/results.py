"""What was measured so far, kept so that a gate that is interrupted goes on where it was."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from training.gate.arms import Arm
from tutor.tuning.report import Binding


class Results:
    """One file of JSON lines. A result counts for one engine, arm and question alone; a line that
    was cut off by a crash is measured again. What the base says is kept in `of_base` where that is
    given: it outlives the run. Failures at a question are the run's own."""

    def __init__(self, file: Path, binding: Binding, of_base: "Results | None" = None) -> None:
        self._file = file
        self._of_base = of_base
        self._bound = repr(binding)
        self._known: dict[str, Mapping[str, Any]] = {}
        self._failures: Counter[str] = Counter()
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists():
            self._read()

    def get(self, arm: Arm, question: str) -> Mapping[str, Any] | None:
        return self._of(arm)._known.get(self._key(arm, question))

    def add(self, arm: Arm, question: str, result: Mapping[str, Any]) -> None:
        key, kept = self._key(arm, question), self._of(arm)
        kept._known[key] = result
        kept._append({"key": key, "side": arm.side, **result})

    def failures(self, arm: Arm, question: str) -> int:
        """How often the engine failed at a question."""
        return self._failures[self._key(arm, question)]

    def add_failure(self, arm: Arm, question: str) -> int:
        """One more; returns how many there are by now."""
        key = self._key(arm, question)
        self._failures[key] += 1
        self._append({"key": key, "side": arm.side, "failed": True})
        return self._failures[key]

    def _append(self, record: Mapping[str, Any]) -> None:
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")

    def _of(self, arm: Arm) -> "Results":
        return self._of_base if self._of_base is not None and arm.version is None else self

    def _key(self, arm: Arm, question: str) -> str:
        text = "\x1f".join((self._bound, arm.version or "", question))
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def _read(self) -> None:
        text = self._file.read_text(encoding="utf-8", errors="replace")
        whole, _, cut = text.rpartition("\n")
        if cut:
            self._file.write_text(whole + "\n" if whole else "", encoding="utf-8")
        for line in whole.splitlines():
            try:
                record = json.loads(line)
            except ValueError:
                continue
            key = record.pop("key")
            record.pop("side")
            if record.pop("failed", False):
                self._failures[key] += 1
            else:
                self._known[key] = record
