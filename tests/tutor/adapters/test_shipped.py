"""The shipped adapter: in use from the first start, and never over somebody's own choice."""

from pathlib import Path

from storage.artifacts import artifacts
from storage.assignments import assign, assignment_at
from storage.blobs import BlobStore
from storage.database import Database
from tests.doubles.clock import Clock
from tests.doubles.lora_files import lora_weights, write_lora
from tests.tutor.adapters.conftest import HERE, Register
from tutor.adapters.fitness import KIND
from tutor.adapters.promoting import roll_back
from tutor.adapters.shipped import ensure_shipped


def ship(folder: Path, made_at: str, value: float) -> None:
    card = {"name": "tutoring", "base_hash": "b" * 64, "made_at": made_at, "phrases": ["hint"]}
    write_lora(folder / "tutoring", weights=lora_weights(value), card=card)


async def used(database: Database) -> str | None:
    async with database.read() as session:
        found = await assignment_at(session, "global", KIND)
    return found.artifact.id if found and found.artifact else None


async def test_nothing_shipped_is_no_error(
    database: Database, blobs: BlobStore, clock: Clock, tmp_path: Path
) -> None:
    assert await ensure_shipped(database, blobs, clock(), tmp_path / "none") is None


async def test_it_is_registered_once_and_in_use(
    database: Database, blobs: BlobStore, clock: Clock, tmp_path: Path
) -> None:
    ship(tmp_path / "s", "2026-01-01", 0.1)
    for _ in range(2):
        shipped = await ensure_shipped(database, blobs, clock(), tmp_path / "s")
        assert shipped is not None and await used(database) == shipped.id
    async with database.read() as session:
        assert len(await artifacts(session, KIND)) == 1


async def test_a_newer_one_takes_the_place_of_the_older_shipped_one(
    database: Database, blobs: BlobStore, clock: Clock, tmp_path: Path
) -> None:
    ship(tmp_path / "s", "2026-02-01", 0.1)
    first = await ensure_shipped(database, blobs, clock(), tmp_path / "s")
    ship(tmp_path / "older", "2026-01-01", 0.2)
    await ensure_shipped(database, blobs, clock(), tmp_path / "older")
    assert first is not None and await used(database) == first.id
    ship(tmp_path / "s", "2026-03-01", 0.3)
    newer = await ensure_shipped(database, blobs, clock(), tmp_path / "s")
    assert newer is not None and await used(database) == newer.id != first.id


async def test_what_somebody_chose_stays(
    database: Database, blobs: BlobStore, clock: Clock, tmp_path: Path, register: Register
) -> None:
    own = await register()
    async with database.write() as session:
        await assign(
            session,
            scope="global",
            kind=KIND,
            artifact_id=own.id,
            by=None,
            reason="promote",
            now=clock(),
        )
    ship(tmp_path / "s", "2027-01-01", 0.9)
    await ensure_shipped(database, blobs, clock(), tmp_path / "s")
    assert await used(database) == own.id


async def test_one_that_was_taken_back_stays_away(
    database: Database, blobs: BlobStore, clock: Clock, tmp_path: Path
) -> None:
    ship(tmp_path / "s", "2026-01-01", 0.1)
    await ensure_shipped(database, blobs, clock(), tmp_path / "s")
    clock.advance(minutes=1)
    async with database.write() as session:
        back = await roll_back(session, scope="global", by=None, now=clock(), capabilities=HERE)
        assert back.inherits
    await ensure_shipped(database, blobs, clock(), tmp_path / "s")
    assert await used(database) is None
