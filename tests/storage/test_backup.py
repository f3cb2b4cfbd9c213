"""Backup, restore and copying between databases: everything comes back, except the erased."""

import json
import re
import shutil
import tarfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from storage import archive, blobs, claims, migrate
from storage.archive import ArchiveDamaged
from storage.backup import backup, restore
from storage.blobs import BlobStore
from storage.copy import CopyRefused, copy_database
from storage.database import Database
from storage.erase import erase_learner
from storage.export import export_learner
from storage.rows import read_rows, tables_of
from tests.doubles.storage_tour import DAY, NOW, meet, visit


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs")


async def dump(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    async with database.long_read() as session:
        return await session.run_sync(
            lambda connection: {
                table.name: list(read_rows(connection, table)) for table in tables_of(connection)
            }
        )


async def reopened(url: str) -> dict[str, list[dict[str, Any]]]:
    database = await Database.open(url)
    try:
        return await dump(database)
    finally:
        await database.close()


@pytest.fixture
async def saved(database: Database, store: BlobStore, tmp_path: Path) -> Path:
    """A backup of two people, with text that is hard to write down."""
    await visit(database, store, "100")
    await visit(database, store, "200")
    async with database.write() as session:
        await meet(session, "300", 'line\nbreak "quotes" 导师 🎓 \u2028 \\')
    await backup(database, store, tmp_path / "backup.tar", NOW)
    return tmp_path / "backup.tar"


async def test_a_restore_brings_back_every_row_and_every_file(
    database: Database, store: BlobStore, saved: Path, tmp_path: Path
) -> None:
    before = await dump(database)
    async with database.write() as session:
        await meet(session, "900", "Too late for the backup")
        [blob_hash, *_] = (await session.exec_driver_sql("SELECT hash FROM blobs")).scalars()
    shutil.rmtree(store.folder)
    done = await restore(saved, database.url, store, tmp_path / "aside", NOW + DAY)
    assert await reopened(database.url) == before
    assert (done.blobs, done.erased_again) == (2, 0)
    assert done.rows == sum(map(len, before.values()))
    assert (await store.get(blob_hash)).startswith(b"file of ")
    assert done.set_aside is not None
    aside = [row["display_name"] for row in archive.read_table(done.set_aside, "learners")]
    assert "Too late for the backup" in aside


async def test_a_backup_of_one_database_restores_into_the_other_kind(
    sqlite_url: str, postgres_url: str, store: BlobStore, tmp_path: Path
) -> None:
    database = await Database.open(sqlite_url)
    await visit(database, store, "100")
    before = await dump(database)
    await backup(database, store, tmp_path / "there.tar", NOW)
    await database.close()
    await restore(tmp_path / "there.tar", postgres_url, store, tmp_path, NOW)
    assert await reopened(postgres_url) == before
    database = await Database.open(postgres_url)
    await backup(database, store, tmp_path / "back.tar", NOW)
    await database.close()
    await restore(tmp_path / "back.tar", sqlite_url, store, tmp_path, NOW)
    assert await reopened(sqlite_url) == before


async def test_who_was_erased_after_the_backup_is_erased_again(
    database: Database, store: BlobStore, saved: Path, tmp_path: Path
) -> None:
    async with database.write() as session:
        leaver = await meet(session, "100", "N")
        await erase_learner(session, leaver.id, NOW + DAY)
        assert (await meet(session, "100", "Back again", NOW + 2 * DAY)).is_new
    done = await restore(saved, database.url, store, tmp_path, NOW + 3 * DAY)
    rows = await reopened(database.url)
    assert done.erased_again == 1
    assert leaver.id not in json.dumps(rows)
    assert "question of 100" not in json.dumps(rows)
    assert "question of 200" in json.dumps(rows)
    assert len(rows["erasures"]) == 2  # still known for the next restore
    again = await restore(saved, database.url, store, tmp_path, NOW + 4 * DAY)
    assert again.erased_again == 1


async def test_who_came_back_before_the_backup_stays(
    database: Database, store: BlobStore, saved: Path, tmp_path: Path
) -> None:
    async with database.write() as session:
        leaver = await meet(session, "100", "N")
        await erase_learner(session, leaver.id, NOW + DAY)
        back = await meet(session, "100", "Back again", NOW + 2 * DAY)
    newer = tmp_path / "newer.tar"
    await backup(database, store, newer, NOW + 3 * DAY)
    assert (await restore(newer, database.url, store, tmp_path, NOW + 4 * DAY)).erased_again == 0
    assert back.id in json.dumps((await reopened(database.url))["learners"])


@pytest.mark.parametrize("later", [timedelta(minutes=1), DAY])
async def test_questions_that_were_open_in_an_old_backup_are_not_answered_again(
    database: Database, store: BlobStore, tmp_path: Path, later: timedelta
) -> None:
    async with database.write() as session:
        await claims.insert_claim(
            session,
            key="discord:m::C1:1",
            event_id="e1",
            platform="discord",
            community="",
            channel="C1",
            thread=None,
            message_id="1",
            author=":100",
            question="{}",
            now=NOW,
        )
    await backup(database, store, tmp_path / "backup.tar", NOW)
    await restore(tmp_path / "backup.tar", database.url, store, tmp_path / "aside", NOW + later)
    again = await Database.open(database.url)
    try:
        async with again.read() as session:
            left = await claims.abandoned_claims(session, NOW + later, 10)
    finally:
        await again.close()
    assert len(left) == (0 if later == DAY else 1)


async def test_an_archive_of_an_older_schema_is_restored_and_migrated(
    database_url: str, store: BlobStore, tmp_path: Path
) -> None:
    await migrate.downgrade(database_url, "0001")
    database = await Database.open(database_url)
    async with database.write() as session:
        mei = await meet(session, "100", "Mei")
    async with database.long_read() as session:
        await archive.write_tables(session, tmp_path / "old.tar", NOW)
    await database.close()
    await restore(tmp_path / "old.tar", database_url, store, tmp_path / "aside", NOW)
    assert not (await migrate.status(database_url)).pending
    [row] = (await reopened(database_url))["learners"]
    assert row["id"] == mei.id


def change_member(file: Path, name: str, change: Any) -> None:
    """Rewrites one member of an archive."""
    changed = file.with_name("changed.tar")
    with tarfile.open(file) as source, tarfile.open(changed, "w") as target:
        for info in source:
            content = source.extractfile(info)
            assert content is not None
            data = content.read()
            copy = file.with_name("member")
            copy.write_bytes(change(data) if info.name == name else data)
            target.add(copy, info.name)
    changed.replace(file)


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: change_member(
            file, "tables/turns.jsonl", lambda data: data[:-40] + data[-39:]
        ),
        lambda file: change_member(file, "manifest.json", lambda data: b"{}"),
        lambda file: change_member(
            file, "manifest.json", lambda data: re.sub(rb'"00\d\d"', b'"9999"', data)
        ),
        lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]),
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(b"nonsense" * 1000),
    ],
    ids=["a row", "the manifest", "a newer schema", "cut off", "empty", "no archive"],
)
async def test_a_damaged_archive_is_refused_before_anything_is_touched(
    damage: Any, database: Database, store: BlobStore, saved: Path, tmp_path: Path
) -> None:
    before = await dump(database)
    damage(saved)
    with pytest.raises(ArchiveDamaged):
        await restore(saved, database.url, store, tmp_path, NOW)
    assert await reopened(database.url) == before


async def test_a_backup_needs_every_file(database: Database, store: BlobStore) -> None:
    visitor = await visit(database, store, "100")
    store.path(visitor.blob.hash).unlink()
    with pytest.raises(blobs.BlobMissing):
        await backup(database, store, store.folder / "backup.tar", NOW)
    assert not (store.folder / "backup.tar").exists()


async def test_sqlite_moves_to_postgresql_with_everything(
    sqlite_url: str, postgres_url: str, store: BlobStore
) -> None:
    source = await Database.open(sqlite_url)
    visitor = await visit(source, store, "100")
    expected = await dump(source)
    async with source.read() as session:
        exported = await export_learner(session, visitor.learner_id, NOW, store)
    await source.close()
    done = await copy_database(sqlite_url, postgres_url)
    assert await reopened(postgres_url) == expected
    assert done.rows == {table: len(rows) for table, rows in expected.items()}
    target = await Database.open(postgres_url)
    async with target.read() as session:
        assert await export_learner(session, visitor.learner_id, NOW, store) == exported
    await target.close()


async def test_a_copy_into_a_database_with_data_is_refused(
    sqlite_url: str, postgres_url: str, store: BlobStore
) -> None:
    target = await Database.open(postgres_url)
    async with target.write() as session:
        await meet(session, "900", "Already here")
    await target.close()
    before = await reopened(postgres_url)
    with pytest.raises(CopyRefused, match="empty"):
        await copy_database(sqlite_url, postgres_url)
    assert await reopened(postgres_url) == before


async def test_a_copy_of_an_old_schema_is_refused(sqlite_url: str, postgres_url: str) -> None:
    await migrate.downgrade(sqlite_url, "0001")
    with pytest.raises(CopyRefused, match="daoshi db upgrade"):
        await copy_database(sqlite_url, postgres_url)
