"""An adapter is compared again: the same machinery, no training, a new report in its record."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from storage import artifacts
from storage.artifacts import Artifact
from storage.blobs import BlobStore
from storage.database import Database
from storage.datasets import DatasetVersion
from tests.doubles.clock import Clock
from tests.doubles.lora_files import write_lora
from tests.training.runs.conftest import FakeVerdict
from training.runs.failure import ADAPTER_GONE, NOT_TAKEN
from training.worker import Worker
from tutor.adapters.fitness import KIND
from tutor.adapters.importing import register_adapter, stored_adapter
from tutor.adapters.package import WEIGHTS, read_folder
from tutor.adapters.promoting import promote
from tutor.language import Language
from tutor.tuning import card
from tutor.tuning.evaluations import (
    AlreadyCompared,
    NothingHeldOut,
    NothingToCompareOn,
    start_evaluation,
)
from tutor.tuning.runs import cancel_run, run_by_id
from tutor.tuning.stage import Stage

MakeWorker = Callable[..., Worker]
Again = Callable[..., Awaitable[Any]]


@pytest.fixture
async def imported(database: Database, blobs: BlobStore, clock: Clock, tmp_path: Any) -> Artifact:
    card = {"base_hash": "", "report": None, "phrases": [], "prompt": "tutoring-1"}
    package = read_folder(write_lora(tmp_path / "made"))
    async with (
        stored_adapter(blobs, package, name="brought", card=card, now=clock()) as stored,
        database.write() as session,
    ):
        return await register_adapter(session, stored, by=None, now=clock())


@pytest.fixture
def again(database: Database, imported: Artifact, clock: Clock) -> Again:
    async def again(version_id: str | None) -> Any:
        async with database.write() as session:
            return await start_evaluation(
                session,
                artifact_id=imported.id,
                scope="global",
                version_id=version_id,
                effort="quick",
                capabilities=None,
                language=Language.ENGLISH,
                place=None,
                started_by=None,
                now=clock(),
            )

    return again


async def test_imported_adapter_is_compared_and_then_promoted_without_a_reason(
    again: Again,
    imported: Artifact,
    version: DatasetVersion,
    make_worker: MakeWorker,
    look: Any,
    database: Database,
    clock: Clock,
) -> None:
    run = await again(version.id)
    seen = {}

    async def passes(_engine: Any, run: Any, folder: Any, held_out: Any, _told: Any) -> Any:
        seen["weights"] = (folder.adapter / WEIGHTS).is_file()
        seen["prompt"] = folder.read_json(folder.run_file)["prompt"]
        return FakeVerdict()

    assert await make_worker(evaluate=passes).do_next_job()
    ended = await look.run(run)
    assert (ended.stage, ended.adapter_id) == (Stage.AWAITING_APPROVAL, imported.id)
    assert ended.artifact_id is None  # it made nothing
    assert seen == {"weights": True, "prompt": "tutoring-1"}
    assert look.starts(run) == []
    async with database.write() as session:
        [only] = await artifacts.artifacts(session, KIND)
        assert only.card["report"] == {"measures": [], "phrases": ["hint"], "passed": True}
        assert (only.card["phrases"], only.card["prompt"]) == (["hint"], "tutoring-1")
        assert (only.blob_hash, only.card["weights_sha256"]) == (
            imported.blob_hash,
            imported.card["weights_sha256"],
        )
        done = await promote(
            session,
            artifact_id=imported.id,
            scope="global",
            by=None,
            now=clock(),
            capabilities=None,
        )
        assert done.changed and not done.overridden
        assert (await run_by_id(session, run.id)).stage == Stage.PROMOTED


async def test_adapter_that_no_longer_passes_loses_what_it_might_word(
    again: Again,
    imported: Artifact,
    version: DatasetVersion,
    make_worker: MakeWorker,
    look: Any,
    database: Database,
) -> None:
    class Fails(FakeVerdict):
        def to_json(self) -> dict[str, Any]:
            return {"measures": [], "phrases": []}

    async def fails(*_arguments: Any) -> Any:
        return Fails(passed=False)

    run = await again(version.id)
    await make_worker(evaluate=fails).do_next_job()
    ended = await look.run(run)
    assert ended.stage == Stage.REJECTED
    assert "Did not pass its comparison" in card.card_text(Language.ENGLISH, ended)
    async with database.read() as session:
        kept = await artifacts.artifact_by_id(session, imported.id)
    assert kept is not None
    assert (kept.card["report"]["passed"], kept.card["phrases"]) == (False, [])


async def test_failed_comparison_leaves_the_record_as_it_was(
    again: Again,
    imported: Artifact,
    version: DatasetVersion,
    make_worker: MakeWorker,
    look: Any,
    database: Database,
) -> None:
    from training.gate.failure import AdapterNotTaken

    async def refuses(*_arguments: Any) -> Any:
        raise AdapterNotTaken("no LoRA here")

    run = await again(version.id)
    await make_worker(evaluate=refuses).do_next_job()
    ended = await look.run(run)
    assert (ended.stage, ended.error["message"]) == (Stage.FAILED, NOT_TAKEN)
    async with database.read() as session:
        assert await artifacts.artifacts(session, KIND) == [imported]


async def test_adapter_whose_file_is_gone_says_so(
    again: Again,
    imported: Artifact,
    version: DatasetVersion,
    make_worker: MakeWorker,
    look: Any,
    blobs: BlobStore,
) -> None:
    run = await again(version.id)
    blobs.existing_path(imported.blob_hash).unlink()
    await make_worker().do_next_job()
    assert (await look.run(run)).error["message"] == ADAPTER_GONE


async def test_nothing_to_compare_on_is_said(again: Again) -> None:
    with pytest.raises(NothingToCompareOn, match="Name a data set"):
        await again(None)


async def test_data_of_which_nothing_is_held_out_is_refused(
    again: Again, version: DatasetVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    version.manifest["split"] = {"held_out": {"examples": 0}}  # type: ignore[index]

    async def there(*_arguments: Any) -> DatasetVersion:
        return version

    monkeypatch.setattr("storage.datasets.version_by_id", there)
    with pytest.raises(NothingHeldOut):
        await again(version.id)


async def test_same_adapter_is_compared_once_at_a_time_and_again_afterwards(
    again: Again, version: DatasetVersion, database: Database, clock: Clock
) -> None:
    run = await again(version.id)
    with pytest.raises(AlreadyCompared):
        await again(version.id)
    async with database.write() as session:
        await cancel_run(session, run.id, clock())
    assert (await again(version.id)).id != run.id
