"""The gate of a run: it finds the adapter in use, measures beside it, and leaves nothing behind."""

from pathlib import Path

import pytest

from storage.assignments import assign
from storage.tuning_runs import add_run
from tests.doubles.lora_files import lora_weights, write_lora
from tests.doubles.tuning_stock import a_version
from tests.training.gate.conftest import BASE_NATS, FINE, ActingEngine, moment
from tests.tutor.engine.tiny_model import save_tiny_model
from training.gate.run import evaluate_run, note_present
from training.runs.folder import folder_of
from tutor.adapters.fitness import KIND
from tutor.adapters.importing import register_adapter, stored_adapter
from tutor.adapters.package import read_folder
from tutor.adapters.scopes import GLOBAL


class Counting(ActingEngine):
    """Whatever adapter there is costs as much as the base; remembers what it was shown."""

    def __init__(self) -> None:
        super().__init__({}, lambda request: FINE)
        self.shown: list[str] = []

    async def score(self, token_ids, adapter=None):
        self._check_adapter(adapter)
        return [-BASE_NATS] * (len(token_ids) - 1)

    async def ensure_adapter(self, version: str, folder: str) -> None:
        assert (Path(folder) / "adapter_model.safetensors").is_file()
        self.shown.append(version)
        await super().ensure_adapter(version, folder)


@pytest.fixture
async def run(database, blobs, clock):
    async with database.write() as session:
        version = await a_version(session, blobs, GLOBAL, clock())
        return await add_run(
            session,
            scope=GLOBAL,
            name="maths",
            version_id=version.id,
            stage="evaluating",
            recipe={"effort": "quick"},
            language="en",
            now=clock(),
        )


@pytest.fixture
def folder(run, tmp_path):
    made = folder_of(tmp_path, run.id)
    write_lora(made.adapter)
    model = save_tiny_model(tmp_path / "SmolLM2-tiny")
    made.write_json(made.run_file, {"model": str(model), "data_dir": str(tmp_path)})
    return made


async def in_use(database, blobs, clock, tmp_path, base_hash: str):
    made = write_lora(tmp_path / "other", weights=lora_weights(0.1))
    card = {"base_hash": base_hash, "report": None, "prompt": "tutoring-1"}
    storing = stored_adapter(blobs, read_folder(made), name="present", card=card, now=clock())
    async with storing as stored, database.write() as session:
        artifact = await register_adapter(session, stored, by=None, now=clock())
        await assign(
            session,
            scope=GLOBAL,
            kind=KIND,
            artifact_id=artifact.id,
            by=None,
            reason="promote",
            now=clock(),
        )
    return artifact


async def test_the_adapter_in_use_is_measured_too(database, blobs, clock, tmp_path, run, folder):
    engine = Counting()
    present = await in_use(database, blobs, clock, tmp_path, "base")
    await note_present(database, blobs, engine, run, folder)
    report = await evaluate_run(engine, run, folder, [moment(n) for n in range(6)])
    assert {one.current is None for one in report.measures} == {False}
    assert present.id in engine.shown
    assert not report.passed


async def test_a_candidate_leaves_the_engine_after_its_gate(
    database, blobs, clock, tmp_path, run, folder
):
    engine = Counting()
    await note_present(database, blobs, engine, run, folder)
    report = await evaluate_run(engine, run, folder, [moment(n) for n in range(6)])
    assert {one.current for one in report.measures} == {None}
    assert engine.shown and not engine.adapters


async def test_an_adapter_of_another_base_is_no_rival(
    database, blobs, clock, tmp_path, run, folder
):
    engine = Counting()
    present = await in_use(database, blobs, clock, tmp_path, "another")
    await note_present(database, blobs, engine, run, folder)
    await evaluate_run(engine, run, folder, [moment(n) for n in range(6)])
    assert present.id not in engine.shown


async def test_other_weights_are_another_candidate(database, blobs, clock, tmp_path, run, folder):
    engine = Counting()
    await evaluate_run(engine, run, folder, [moment(0)])
    write_lora(folder.adapter, weights=lora_weights(0.9))
    await evaluate_run(engine, run, folder, [moment(0)])
    assert len(set(engine.shown)) == 2
