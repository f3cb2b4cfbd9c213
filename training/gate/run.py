"""The gate of one run: which adapters are compared, made known to the engine, and let go again."""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog

from storage.assignments import resolve
from storage.blobs import BlobStore
from storage.database import Database
from storage.tuning_runs import TuningRun
from training.datasets.example import Example
from training.gate.evaluate import Progress, evaluate, ignored
from training.gate.failure import AdapterNotTaken
from training.gate.wording import wording_of
from training.lora.recipe import Effort
from training.runs.folder import RunFolder
from tutor.adapters.fitness import KIND, fits_base
from tutor.adapters.loading import Loader
from tutor.adapters.scopes import GLOBAL
from tutor.engine.adapter_format import WEIGHTS
from tutor.engine.contract import Engine, EngineError, RequestRefused
from tutor.pedagogy.instructions import Style
from tutor.tuning.report import Report

GATE, PRESENT = "gate", "present.json"
log = structlog.get_logger()


async def note_present(
    database: Database, blobs: BlobStore, engine: Engine, run: TuningRun, folder: RunFolder
) -> None:
    """Writes down, once for a run, which adapter answers in its scope, and lays out its files."""
    file = folder.path / GATE / PRESENT
    if file.exists():
        return
    async with database.read() as session:
        found = await resolve(session, KIND, (run.scope, GLOBAL))
    artifact = found.artifact if found else None
    noted: dict[str, Any] = {}
    rival = artifact is not None and artifact.id != run.evaluates_id
    if artifact and rival and fits_base(artifact.base_hash, await engine.capabilities()):
        data_dir = folder.path.parents[1]
        loader = Loader(database, blobs, engine, data_dir, lambda: datetime.now(UTC))
        place = await loader.folder_of(artifact)
        noted = {
            "version": artifact.id,
            "folder": str(place),
            "prompt": str(artifact.card.get("prompt") or ""),
        }
    await asyncio.to_thread(folder.write_json, file, noted)


async def evaluate_run(
    engine: Engine,
    run: TuningRun,
    folder: RunFolder,
    held_out: Sequence[Example],
    report_progress: Progress = ignored,
) -> Report:
    """The report of a run whose adapter lies in its folder; raises what `evaluate` does, and
    AdapterNotTaken."""
    told = folder.read_json(folder.run_file)
    assert told is not None, run.id
    digest = await asyncio.to_thread(_weights_hash, folder.adapter)
    candidate = f"candidate-{run.id}-{digest[:16]}"
    present = folder.read_json(folder.path / GATE / PRESENT) or {}
    capabilities = await engine.capabilities()
    wording = None
    if capabilities.score:
        wording = await asyncio.to_thread(
            wording_of, str(told["model"]), Path(str(told["data_dir"]))
        )
    try:
        await engine.ensure_adapter(candidate, str(folder.adapter))
    except RequestRefused as error:
        raise AdapterNotTaken(str(error)) from error
    if present:
        await engine.ensure_adapter(present["version"], present["folder"])
    try:
        return await evaluate(
            engine,
            candidate=candidate,
            current=present.get("version"),
            current_style=_style(present),
            candidate_style=_style(told),
            held_out=held_out,
            effort=Effort(run.recipe.get("effort", Effort.NORMAL)),
            dataset_version_id=run.version_id,
            data_dir=Path(str(told["data_dir"])),
            folder=folder.path / GATE,
            wording=wording,
            now=lambda: datetime.now(UTC),
            report_progress=report_progress,
        )
    finally:
        await _let_go(engine, candidate)


async def _let_go(engine: Engine, candidate: str) -> None:
    """An engine that has gone took the candidate with it."""
    try:
        await engine.retire_adapter(candidate)
    except EngineError as error:
        log.warning("candidate_not_retired", candidate=candidate, error=str(error))


def _style(noted: dict[str, Any]) -> Style | None:
    """How an adapter is asked; None where it has no style of its own."""
    prompt = str(noted.get("prompt", ""))
    return Style(prompt) if prompt in set(Style) else None


def _weights_hash(adapter: Path) -> str:
    return hashlib.sha256((adapter / WEIGHTS).read_bytes()).hexdigest()
