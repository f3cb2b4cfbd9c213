"""Blobs: called by their content, checked when read, kept while somebody needs them."""

import os
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from storage import blobs
from storage.blobs import BlobDamaged, BlobMissing, BlobStore
from storage.database import Database

DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs")


async def keep(database: Database, blob: blobs.Blob, owner: str, now: datetime) -> None:
    async with database.write() as session:
        await blobs.keep_blob(
            session, blob, owner=owner, name="n", media_type="text/plain", now=now
        )


async def test_a_blob_is_called_by_its_content_and_stored_once(
    store: BlobStore, tmp_path: Path
) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"hello")
    first, second, third = (
        await store.put(b"hello"),
        await store.put(b"hello"),
        await store.put_file(source),
    )
    assert first == second == third
    assert (first.hash, first.size_bytes) == (sha256(b"hello").hexdigest(), 5)
    assert [path.read_bytes() for path in store.folder.rglob("*") if path.is_file()] == [b"hello"]
    assert await store.get(first.hash) == b"hello"


async def test_a_large_blob_comes_in_pieces(store: BlobStore) -> None:
    data = os.urandom(3 << 20)
    blob = await store.put(data)
    pieces = [piece async for piece in store.stream(blob.hash)]
    assert len(pieces) == 3
    assert b"".join(pieces) == data


async def test_a_damaged_or_missing_file_is_noticed(store: BlobStore) -> None:
    blob = await store.put(b"hello")
    store.path(blob.hash).write_bytes(b"hellO")
    with pytest.raises(BlobDamaged):
        await store.get(blob.hash)
    with pytest.raises(BlobDamaged):
        [piece async for piece in store.stream(blob.hash)]
    store.path(blob.hash).unlink()
    with pytest.raises(BlobMissing):
        await store.get(blob.hash)
    with pytest.raises(BlobMissing):
        [piece async for piece in store.stream(blob.hash)]


async def test_a_name_that_is_no_hash_opens_nothing(store: BlobStore) -> None:
    for name in ("../../etc/passwd", "", "a" * 63, "." * 64):
        with pytest.raises(AssertionError):
            await store.get(name)


async def test_what_nobody_needs_is_deleted_after_a_while(
    database: Database, store: BlobStore
) -> None:
    now = datetime.now(UTC)
    shared, lonely, fresh = [await store.put(name) for name in (b"shared", b"lonely", b"fresh")]
    for path in (store.path(shared.hash), store.path(lonely.hash)):
        os.utime(path, ((now - 9 * DAY).timestamp(),) * 2)
    for owner in ("upload:1", "upload:2"):
        await keep(database, shared, owner, now - 9 * DAY)
    await keep(database, lonely, "upload:1", now - 9 * DAY)
    await keep(database, fresh, "upload:1", now)
    async with database.write() as session:
        await blobs.release_blobs(session, "upload:1")
    assert await blobs.delete_unreferenced(database, store, now - DAY) == 1
    assert await store.get(shared.hash) == b"shared"
    assert await store.get(fresh.hash) == b"fresh"
    with pytest.raises(BlobMissing):
        await store.get(lonely.hash)


async def test_a_file_that_is_stored_again_during_the_clean_up_stays(
    database: Database, store: BlobStore
) -> None:
    now = datetime.now(UTC)
    blob = await store.put(b"hello")
    await keep(database, blob, "upload:1", now - 9 * DAY)
    async with database.write() as session:
        await blobs.release_blobs(session, "upload:1")
    assert await store.put(b"hello") == blob  # somebody uploads it once more
    assert await blobs.delete_unreferenced(database, store, now - DAY) == 0
    await keep(database, blob, "upload:2", now)
    assert await store.get(blob.hash) == b"hello"


async def test_what_was_stored_for_a_row_that_never_came_is_gone_again(store: BlobStore) -> None:
    with pytest.raises(RuntimeError):
        async with store.stored(b"hello") as blob:
            assert await store.get(blob.hash) == b"hello"
            raise RuntimeError
    assert not store.path(blob.hash).exists()
    async with store.stored(b"hello"):
        pass
    assert await store.get(blob.hash) == b"hello"


async def test_a_file_that_somebody_else_has_stored_stays_though_the_row_never_came(
    store: BlobStore,
) -> None:
    for before in (True, False):
        if before:
            await store.put(b"before")
        with pytest.raises(RuntimeError):
            async with store.stored(b"before" if before else b"since") as blob:
                if not before:
                    later = store.path(blob.hash).stat().st_mtime + 1
                    os.utime(store.path(blob.hash), (later, later))
                raise RuntimeError
        assert store.path(blob.hash).exists()
