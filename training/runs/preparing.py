"""The first step of a run: everything that the trainer needs lies in its folder afterwards."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from storage.datasets import DatasetVersion
from training.runs.craft import craft_of
from training.runs.room import Need
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
        need = await work.unless_stopped(craft_of(work).measure(work.folder))
        work.folder.write_json(work.folder.need_file, asdict(need))
    base: Mapping[str, Any] = told["base"]
    return base


def need_of(work: Work) -> Need:
    """What `prepare` found that the training will take."""
    record = work.folder.read_json(work.folder.need_file)
    assert record is not None, work.run.id
    return Need(**record)


async def _write_folder(work: Work, version: DatasetVersion) -> dict[str, Any]:
    """run.json last: its being there means that the data are."""
    craft, settings = craft_of(work), work.running.settings
    await craft.write_data(work.running.blobs, version, work.folder)
    told = {
        "run_id": work.run.id,
        "name": work.run.name,
        "model": settings.model,
        "data_dir": str(settings.data_dir.resolve()),
        "recipe": recipe_alone(work.run.recipe),
        **where(work.run.recipe),
        "base": await craft.base(work),
        "dataset": {"version_id": version.id, "content_hash": version.content_hash},
    }
    work.folder.write_json(work.folder.run_file, told)
    return told
