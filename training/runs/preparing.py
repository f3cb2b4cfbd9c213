"""The first step of a run: everything that the trainer needs lies in its folder afterwards."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from storage.blobs import BlobDamaged, BlobMissing
from storage.datasets import DatasetVersion
from training.datasets.example import Example, Split
from training.runs.failure import DATA_GONE, RunFailed
from training.runs.room import Need
from training.runs.tools import Examples
from training.runs.where import recipe_alone, where
from training.runs.work import Work


async def prepare(work: Work) -> Mapping[str, Any]:
    """Writes data, run.json and the estimate, each once; returns what the run is trained on."""
    async with work.running.database.read() as session:
        version = await work.version(session)
        await work.check_contributors(session, version)
    told = work.folder.read_json(work.folder.run_file)
    if told is None:
        told = await _write_folder(work, version)
    if work.folder.read_json(work.folder.need_file) is None:
        need = await work.unless_stopped(work.tools.measure(work.folder))
        work.folder.write_json(work.folder.need_file, asdict(need))
    base: Mapping[str, Any] = told["base"]
    return base


def need_of(work: Work) -> Need:
    """What `prepare` found that the training will take."""
    record = work.folder.read_json(work.folder.need_file)
    assert record is not None, work.run.id
    return Need(**record)


async def examples_of(work: Work, version: DatasetVersion) -> Examples:
    """Training and held-out examples; raises RunFailed."""
    try:
        return await work.tools.load(work.running.blobs, version)
    except (BlobMissing, BlobDamaged) as error:
        raise RunFailed(DATA_GONE) from error


async def _write_folder(work: Work, version: DatasetVersion) -> dict[str, Any]:
    train, held_out = await examples_of(work, version)
    told = {
        "run_id": work.run.id,
        "name": work.run.name,
        "model": work.running.settings.model,
        "data_dir": str(work.running.settings.data_dir.resolve()),
        "recipe": recipe_alone(work.run.recipe),
        **where(work.run.recipe),
        "base": await _base(work),
        "dataset": {"version_id": version.id, "content_hash": version.content_hash},
    }
    await asyncio.to_thread(_write, work, train, held_out, told)
    return told


def _write(
    work: Work, train: list[Example], held_out: list[Example], told: Mapping[str, Any]
) -> None:
    work.folder.write_examples(Split.TRAIN, train)
    work.folder.write_examples(Split.HELD_OUT, held_out)
    work.folder.write_json(work.folder.run_file, told)


async def _base(work: Work) -> dict[str, Any]:
    """The model that serves, which the adapter will fit."""
    engine = work.tools.engine(work.running.settings)
    try:
        found = await engine.capabilities()
    finally:
        await engine.close()
    known = asdict(replace(found, grammars=frozenset()))
    kept = ("model", "base_revision", "base_hash", "template_hash", "precision")
    return {name: known[name] for name in kept}
