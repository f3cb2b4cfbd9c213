"""Backup and restore: database and blobs in one file, which fits SQLite and PostgreSQL alike.

A restore checks the whole file before it touches anything, erases again whoever was erased after
the backup was made, and answers no question of that time again.
"""

import asyncio
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, delete, select, update

from storage import archive, migrate
from storage.archive import ArchiveDamaged, Manifest
from storage.blobs import BlobStore
from storage.database import Database, Session
from storage.erase import erase_learner
from storage.erasures import Erasure, add_erasures, erasures, learners_to_erase_again
from storage.models import BlobRow, ClaimRow
from storage.rows import tables_of, write_rows

QUESTION_AGE = timedelta(hours=1)
"""How old an open question may be that is still answered after a restore."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore brought back, how many people it erased again, and what was there before."""

    created_at: str
    rows: int
    blobs: int
    erased_again: int
    set_aside: Path | None


async def backup(database: Database, blobs: BlobStore, file: Path, now: datetime) -> Manifest:
    """Writes everything, as it is at one moment, into `file`.

    Raises BlobMissing when a blob has no file.
    """
    async with database.long_read() as session:
        hashes = (await session.execute(select(BlobRow.hash).order_by(BlobRow.hash))).scalars()
        files = {blob_hash: blobs.existing_path(blob_hash) for blob_hash in hashes}
        return await archive.write_tables(session, file, now, files)


async def restore(
    file: Path, url: str, blobs: BlobStore, backup_folder: Path, now: datetime | None = None
) -> Restored:
    """Puts database and blobs into the state of an archive; nothing else may use them meanwhile.

    What the database held before is written to `backup_folder` first. Raises ArchiveDamaged
    before anything was changed.
    """
    when = now or datetime.now(UTC)
    manifest = await asyncio.to_thread(archive.verify, file)
    if not migrate.is_known(manifest.revision):
        raise ArchiveDamaged(
            f"{file} has the schema {manifest.revision!r}, which this version does not know."
        )
    before = await migrate.upgrade(url, backup_folder, now=when)
    known, set_aside = await _look_at_present(url, backup_folder, when)
    await asyncio.to_thread(_put_blobs, file, blobs)
    if manifest.revision == before.after:
        rows, again = await _replace(url, file, manifest, known, when)
    else:
        rows, again = await _rebuild(url, file, manifest, known, when)
    return Restored(manifest.created_at, rows, len(manifest.blobs), again, set_aside)


async def fill(session: Session, file: Path, manifest: Manifest) -> int:
    """Inserts every row of an archive into empty tables of the same schema."""
    return await session.run_sync(_fill, file, manifest)


async def _look_at_present(
    url: str, backup_folder: Path, when: datetime
) -> tuple[list[Erasure], Path | None]:
    """The erasures so far, and a copy of the rows if there are any."""
    database = await Database.open(url)
    try:
        async with database.long_read() as session:
            known = await erasures(session)
            if await session.run_sync(migrate.is_empty):
                return known, None
            copy = backup_folder / f"before-restore-{when:%Y%m%dT%H%M%S}.tar"
            await archive.write_tables(session, copy, when)
            return known, copy
    finally:
        await database.close()


async def _replace(
    url: str, file: Path, manifest: Manifest, known: list[Erasure], when: datetime
) -> tuple[int, int]:
    """The archive has the present schema: everything in one transaction."""
    database = await Database.open(url)
    try:
        async with database.long_write() as session:
            await session.run_sync(_empty)
            rows = await fill(session, file, manifest)
            await _settle(session, when)
            return rows, await _erase_again(session, known, when)
    finally:
        await database.close()


async def _rebuild(
    url: str, file: Path, manifest: Manifest, known: list[Erasure], when: datetime
) -> tuple[int, int]:
    """The archive has an older schema: that one is made, filled, and then migrated."""
    await migrate.downgrade(url, "base")
    await migrate.upgrade_to(url, manifest.revision)
    database = await Database.open(url)
    try:
        async with database.long_write() as session:
            rows = await fill(session, file, manifest)
        await migrate.upgrade_to(url, "head")
        async with database.long_write() as session:
            await _settle(session, when)
            return rows, await _erase_again(session, known, when)
    finally:
        await database.close()


async def _settle(session: Session, when: datetime) -> None:
    """Questions that were open in an old backup were answered since; nobody asks them any more."""
    stale = (ClaimRow.finished_at.is_(None), ClaimRow.received_at < when - QUESTION_AGE)
    await session.execute(update(ClaimRow).where(*stale).values(state="failed", finished_at=when))


async def _erase_again(session: Session, known: list[Erasure], when: datetime) -> int:
    await add_erasures(session, known)
    people = await learners_to_erase_again(session)
    for learner_id in people:
        await erase_learner(session, learner_id, when)
    return len(people)


def _empty(connection: Connection) -> None:
    for table in reversed(tables_of(connection)):
        connection.execute(delete(table))


def _fill(connection: Connection, file: Path, manifest: Manifest) -> int:
    tables = tables_of(connection)
    strange = set(manifest.tables) - {table.name for table in tables}
    if strange:
        raise ArchiveDamaged(f"{file} has tables that its schema lacks: {sorted(strange)}")
    total = 0
    for table in tables:
        if table.name not in manifest.tables:
            continue
        written = write_rows(connection, table, archive.read_table(file, table.name))
        expected = manifest.members[archive.member_of(table.name)].rows
        if written != expected:
            raise ArchiveDamaged(f"{table.name} has {written} rows instead of {expected}.")
        total += written
    return total


def _put_blobs(file: Path, blobs: BlobStore) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for blob_hash, content in archive.read_blobs(file):
            unpacked = Path(folder) / blob_hash
            with unpacked.open("wb") as target:
                shutil.copyfileobj(content, target)
            stored = blobs.put_file_now(unpacked)
            if stored.hash != blob_hash:
                raise ArchiveDamaged(f"The blob {blob_hash} in {file} holds something else.")
            unpacked.unlink()
