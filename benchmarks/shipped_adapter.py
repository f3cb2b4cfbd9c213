"""`python -m benchmarks.shipped_adapter --json`: the tutoring adapter that ships, beside its base.

Both are asked through the engine that serves, about moments of lessons that no training saw: a
committed sample, or a file of them (`--held-out`, as `training.datasets.building.tutoring_set`
writes it). Loss on the tutor's words, raw drafts before any check and template, and how far the
adapter moves from the base in everyday talk; each difference with its 95 % interval.
"""

import argparse
import asyncio
import json
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.figures import machine
from benchmarks.stage.prepared_model import lend_model
from training.datasets.example import Example, from_line
from training.gate.evaluate import evaluate
from training.gate.wording import wording_of
from training.lora.recipe import Effort
from tutor.adapters.package import WEIGHTS
from tutor.adapters.shipped import SHIPPED
from tutor.engine.client import LocalEngine
from tutor.engine.contract import Engine
from tutor.tuning.report import Report

SAMPLE = Path(__file__).parent / "data" / "tutoring_held_out.jsonl"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.shipped_adapter")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--held-out", type=Path, default=SAMPLE, help="examples, one a line")
    parser.add_argument("--adapter", type=Path, help="a peft folder, if not the shipped one")
    parser.add_argument("--effort", type=Effort, default=Effort.NORMAL, help="how many of them")
    options = parser.parse_args()
    adapter = (options.adapter or newest_shipped() or Path()).resolve()
    if not (adapter / WEIGHTS).is_file():
        parser.error("no adapter is shipped, or there is none in that folder")
    report = asyncio.run(measure(adapter, read(options.held_out), options.effort))
    figures = {**machine(), "adapter": adapter.name, **figures_of(report)}
    if options.json:
        print(json.dumps(figures))
    else:
        _show(figures)


def newest_shipped() -> Path | None:
    """The folder of the adapter that comes with the program."""
    folders = [card.parent for card in SHIPPED.glob("*/card.json")]
    return max(folders, key=_made_at, default=None)


def read(path: Path) -> list[Example]:
    """The held-out examples of a file."""
    with path.open(encoding="utf-8") as lines:
        return [from_line(line)[0] for line in lines if line.strip()]


async def measure(adapter: Path, held_out: Sequence[Example], effort: Effort) -> Report:
    """The gate's report on an adapter, from an engine in a data folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        await asyncio.to_thread(lend_model, data_dir)
        engine = LocalEngine(data_dir)
        try:
            return await measured(engine, adapter, held_out, effort, data_dir)
        finally:
            await engine.close()


async def measured(
    engine: Engine, adapter: Path, held_out: Sequence[Example], effort: Effort, data_dir: Path
) -> Report:
    """The same with an engine at hand."""
    await engine.ensure_adapter(adapter.name, str(adapter))
    return await evaluate(
        engine,
        candidate=adapter.name,
        current=None,
        held_out=held_out,
        effort=effort,
        dataset_version_id="",
        data_dir=data_dir,
        folder=data_dir / "gate-results",
        wording=await asyncio.to_thread(wording_of, "", data_dir),
        now=lambda: datetime.now(UTC),
    )


def figures_of(report: Report) -> dict[str, Any]:
    """Plain figures: of each measure both sides, and the difference with its interval."""
    measures = {
        one.name.value: {
            "base": round(one.base, 4),
            "adapter": round(one.candidate, 4),
            "difference": round(one.difference, 4),
            "interval": [round(one.low, 4), round(one.high, 4)],
            "n": one.n,
        }
        for one in report.measures
    }
    drafts = {one.move: {"n": one.n, "base": one.base_accepted, "adapter": one.accepted}
              for one in report.moves}  # fmt: skip
    return {
        "measures": measures,
        "accepted_by_move": drafts,
        "passed": report.passed,
        "seconds": report.seconds,
    }


def _show(figures: dict[str, Any]) -> None:
    print(f"{'measure':<12} {'base':>9} {'adapter':>9} {'difference':>11}  95 % interval      n")
    for name, one in figures["measures"].items():
        low, high = one["interval"]
        row = f"{name:<12} {one['base']:>9.4f} {one['adapter']:>9.4f} {one['difference']:>+11.4f}"
        print(f"{row}  {low:+.4f} … {high:+.4f}  {one['n']:>4}")
    print(f"passed: {figures['passed']}")


def _made_at(folder: Path) -> str:
    return str(json.loads((folder / "card.json").read_text(encoding="utf-8"))["made_at"])


if __name__ == "__main__":
    main()
