"""Artifacts and assignments, proved with an invented kind: the storage knows none."""

import asyncio
from pathlib import Path

import pytest

from storage import artifacts, assignments, blobs
from storage.artifacts import Artifact
from storage.blobs import BlobStore
from storage.database import Database
from tests.doubles.storage_tour import NOW

KIND = "cuckoo_clock"


async def make(database: Database, store: BlobStore, name: str, kind: str = KIND) -> Artifact:
    blob = await store.put(name.encode())
    async with database.write() as session:
        return await artifacts.add_artifact(
            session,
            blob,
            kind=kind,
            name=name,
            base_hash="b" * 64,
            card={"loss": 0.5, "steps": [1, 2]},
            media_type="application/octet-stream",
            now=NOW,
        )


async def assign(database: Database, scope: str, artifact: Artifact | None) -> None:
    async with database.write() as session:
        await assignments.assign(
            session,
            scope=scope,
            kind=KIND,
            artifact_id=artifact.id if artifact else None,
            by=None,
            reason="better",
            now=NOW,
        )


async def used(database: Database, *scopes: str) -> str | None:
    async with database.read() as session:
        found = await assignments.resolve(session, KIND, scopes)
    return found.artifact.name if found and found.artifact else None


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs")


async def test_an_artifact_keeps_its_card_and_its_file(
    database: Database, store: BlobStore
) -> None:
    made = await make(database, store, "oak")
    async with database.read() as session:
        found = await artifacts.artifact_by_id(session, made.id)
        [reference] = await blobs.blobs_of(session, f"artifact:{made.id}")
    assert found == made
    assert made.card == {"loss": 0.5, "steps": [1, 2]}
    assert await store.get(reference.hash) == b"oak"


async def test_retired_artifacts_are_listed_only_on_request(
    database: Database, store: BlobStore
) -> None:
    oak, elm = await make(database, store, "oak"), await make(database, store, "elm")
    await make(database, store, "a sundial", kind="sundial")
    async with database.write() as session:
        await artifacts.retire_artifact(session, oak.id, NOW)
        offered = await artifacts.artifacts(session, KIND)
        everything = await artifacts.artifacts(session, KIND, with_retired=True)
    assert [artifact.name for artifact in offered] == ["elm"]
    assert [artifact.id for artifact in everything] == [elm.id, oak.id]


async def test_the_nearest_scope_decides(database: Database, store: BlobStore) -> None:
    oak, elm = await make(database, store, "oak"), await make(database, store, "elm")
    assert await used(database, "community:1", "global") is None
    await assign(database, "global", oak)
    await assign(database, "community:1", elm)
    assert await used(database, "community:1", "global") == "elm"
    assert await used(database, "community:2", "global") == "oak"
    await assign(database, "community:1", None)  # none, whatever is global
    assert await used(database, "community:1", "global") is None


async def test_an_assignment_is_undone_in_one_step_and_the_history_stays(
    database: Database, store: BlobStore
) -> None:
    oak, elm = await make(database, store, "oak"), await make(database, store, "elm")
    await assign(database, "global", oak)
    await assign(database, "global", elm)
    async with database.write() as session:
        undo = assignments.undo_assignment
        assert await undo(session, scope="global", kind=KIND, by=None, now=NOW)
        assert not await undo(session, scope="nowhere", kind=KIND, by=None, now=NOW)
        history = await assignments.assignment_history(session, scope="global", kind=KIND)
    assert await used(database, "global") == "oak"
    assert [(change.artifact_id, change.reason) for change in history] == [
        (oak.id, "undo"),
        (elm.id, "better"),
        (oak.id, "better"),
    ]


async def test_assignments_at_the_same_time_leave_one_and_a_whole_history(
    database: Database, store: BlobStore
) -> None:
    made = [await make(database, store, f"clock {number}") for number in range(5)]
    await assign(database, "global", made[0])
    await asyncio.gather(*(assign(database, "global", artifact) for artifact in made))
    async with database.read() as session:
        found = await assignments.resolve(session, KIND, ["global"])
        history = await assignments.assignment_history(session, scope="global", kind=KIND)
    assert found is not None
    assert found.version == len(history) == 6


async def test_an_artifact_of_another_kind_can_not_be_assigned(
    database: Database, store: BlobStore
) -> None:
    sundial = await make(database, store, "a sundial", kind="sundial")
    with pytest.raises(AssertionError, match="sundial"):
        await assign(database, "global", sundial)
