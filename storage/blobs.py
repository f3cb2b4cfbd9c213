"""Content-addressed files: what a blob is called is the SHA-256 of what is in it.

The files lie in a folder or on a shared volume; rows say which are needed, by whom and why. A file
whose last reference is gone is deleted some time later.
"""

import asyncio
import hashlib
import os
import secrets
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.database import Database, Session
from storage.models import BlobReferenceRow, BlobRow

CHUNK_BYTES = 1 << 20
HASH_DIGITS = 64


class BlobMissing(Exception):
    """The file of a blob is not there."""


class BlobDamaged(Exception):
    """The file of a blob is not what was stored under its hash."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A stored file by its hash."""

    hash: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class BlobReference:
    """That `owner` ("artifact:…", "material:…") needs a blob, under a name people know."""

    hash: str
    owner: str
    name: str
    media_type: str
    size_bytes: int
    learner_id: str | None


class BlobStore:
    """The files. Every process of an installation is given the same folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, blob_hash: str) -> Path:
        """Where a blob's file is, for libraries that open files themselves; never write to it."""
        assert len(blob_hash) == HASH_DIGITS and blob_hash.isalnum(), blob_hash
        return self.folder / blob_hash[:2] / blob_hash

    def existing_path(self, blob_hash: str) -> Path:
        """The same for a file that must be there; raises BlobMissing."""
        path = self.path(blob_hash)
        if not path.exists():
            raise BlobMissing(f"The file of the blob {blob_hash} is missing.")
        return path

    async def put(self, data: bytes) -> Blob:
        """Stores bytes; storing the same again changes nothing."""
        return await asyncio.to_thread(self._put, data)

    @asynccontextmanager
    async def stored(self, data: bytes) -> AsyncIterator[Blob]:
        """Stores bytes before the row that keeps them is written, so that no writer waits for a
        file. It is gone again where that fails, unless somebody else has stored the same."""
        blob, stored_until = await asyncio.to_thread(self._put_anew, data)
        written = False
        try:
            yield blob
            written = True
        finally:
            if not written and stored_until is not None:
                await self.delete(blob.hash, unless_stored_since=stored_until)

    async def put_file(self, source: Path) -> Blob:
        """Stores a copy of a file of any size."""
        return await asyncio.to_thread(self.put_file_now, source)

    def put_file_now(self, source: Path) -> Blob:
        """The same for threads and scripts."""
        unfinished = self._unfinished()
        shutil.copyfile(source, unfinished)
        with unfinished.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        blob = Blob(digest, unfinished.stat().st_size)
        self._publish(unfinished, blob)
        return blob

    async def get(self, blob_hash: str) -> bytes:
        """The whole content, checked; raises BlobMissing or BlobDamaged."""
        return await asyncio.to_thread(self._get, blob_hash)

    async def stream(self, blob_hash: str) -> AsyncIterator[bytes]:
        """The content piece by piece; raises BlobDamaged after the last one if it is not right."""
        digest = hashlib.sha256()
        try:
            with self.path(blob_hash).open("rb") as file:
                while chunk := await asyncio.to_thread(file.read, CHUNK_BYTES):
                    digest.update(chunk)
                    yield chunk
        except FileNotFoundError as error:
            raise BlobMissing(f"The file of the blob {blob_hash} is missing.") from error
        _check(blob_hash, digest.hexdigest())

    async def delete(self, blob_hash: str, *, unless_stored_since: datetime) -> bool:
        """Deletes a file, unless somebody stored the same content again meanwhile."""
        return await asyncio.to_thread(self._delete, blob_hash, unless_stored_since)

    def _put(self, data: bytes) -> Blob:
        blob = Blob(hashlib.sha256(data).hexdigest(), len(data))
        if not self._known(blob):
            unfinished = self._unfinished()
            unfinished.write_bytes(data)
            self._publish(unfinished, blob)
        return blob

    def _put_anew(self, data: bytes) -> tuple[Blob, datetime | None]:
        """With the moment after which somebody else has stored it; None where it was there."""
        was_there = self.path(hashlib.sha256(data).hexdigest()).exists()
        blob = self._put(data)
        if was_there:
            return blob, None
        stored_at = datetime.fromtimestamp(self.path(blob.hash).stat().st_mtime, UTC)
        return blob, stored_at + 2 * timedelta.resolution

    def _get(self, blob_hash: str) -> bytes:
        try:
            data = self.path(blob_hash).read_bytes()
        except FileNotFoundError as error:
            raise BlobMissing(f"The file of the blob {blob_hash} is missing.") from error
        _check(blob_hash, hashlib.sha256(data).hexdigest())
        return data

    def _known(self, blob: Blob) -> bool:
        """Whether the file is there; if so it counts as stored just now."""
        path = self.path(blob.hash)
        try:
            os.utime(path)
        except FileNotFoundError:
            return False
        return path.stat().st_size == blob.size_bytes

    def _unfinished(self) -> Path:
        incoming = self.folder / "incoming"
        incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        return incoming / secrets.token_hex(16)

    def _publish(self, unfinished: Path, blob: Blob) -> None:
        """Makes a complete file appear under its name, all at once and on disk."""
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        target = self.path(blob.hash)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished.replace(target)

    def _delete(self, blob_hash: str, unless_stored_since: datetime) -> bool:
        path = self.path(blob_hash)
        try:
            if path.stat().st_mtime >= unless_stored_since.timestamp():
                return False
            path.unlink()
        except FileNotFoundError:
            return False
        return True


async def keep_blob(
    session: Session,
    blob: Blob,
    *,
    owner: str,
    name: str,
    media_type: str,
    now: datetime,
    learner_id: str | None = None,
) -> None:
    """Records that `owner` needs a blob; with a learner it goes when they are erased."""
    row = upsert(BlobRow).values(
        hash=blob.hash, size_bytes=blob.size_bytes, media_type=media_type, created_at=now
    )
    await session.execute(row.on_conflict_do_nothing())
    reference = upsert(BlobReferenceRow).values(
        hash=blob.hash, owner=owner, name=name, learner_id=learner_id, created_at=now
    )
    await session.execute(reference.on_conflict_do_nothing())


async def release_blobs(session: Session, owner: str) -> None:
    """`owner` needs its blobs no longer."""
    await session.execute(delete(BlobReferenceRow).where(BlobReferenceRow.owner == owner))


async def blobs_of(session: Session, owner: str) -> list[BlobReference]:
    """The blobs that `owner` needs."""
    query = (
        select(
            BlobReferenceRow.hash,
            BlobReferenceRow.owner,
            BlobReferenceRow.name,
            BlobRow.media_type,
            BlobRow.size_bytes,
            BlobReferenceRow.learner_id,
        )
        .join(BlobRow, BlobRow.hash == BlobReferenceRow.hash)
        .where(BlobReferenceRow.owner == owner)
        .order_by(BlobReferenceRow.created_at)
    )
    return [BlobReference(*row) for row in await session.execute(query)]


async def delete_unreferenced(database: Database, store: BlobStore, before: datetime) -> int:
    """Deletes what nobody needs and was stored before then; returns how many files."""
    needed = exists().where(BlobReferenceRow.hash == BlobRow.hash)
    async with database.long_write() as session:
        statement = (
            delete(BlobRow).where(BlobRow.created_at < before, ~needed).returning(BlobRow.hash)
        )
        gone = list((await session.execute(statement)).scalars())
    deleted = [await store.delete(blob_hash, unless_stored_since=before) for blob_hash in gone]
    return sum(deleted)


def _check(blob_hash: str, actual: str) -> None:
    if actual != blob_hash:
        raise BlobDamaged(f"The file of the blob {blob_hash} holds something else.")
