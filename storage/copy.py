"""Moves an installation from one database to another, as when SQLite has become too small."""

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, func, select

from storage import archive, migrate
from storage.backup import fill
from storage.database import Database
from storage.rows import tables_of


class CopyRefused(Exception):
    """Why nothing was copied; a sentence for the operator's terminal."""


@dataclass(frozen=True, slots=True)
class Copied:
    """How many rows each table has now."""

    rows: dict[str, int]


async def copy_database(source_url: str, target_url: str) -> Copied:
    """Copies every row into an empty database; the source stays as it is. Blobs are files and
    need no copying."""
    if (await migrate.status(source_url)).pending:
        raise CopyRefused("The database to copy has an old schema: run `daoshi db upgrade` first.")
    await migrate.upgrade_to(target_url, "head")
    source, target = await Database.open(source_url), await Database.open(target_url)
    try:
        return await _copy(source, target)
    finally:
        await source.close()
        await target.close()


async def _copy(source: Database, target: Database) -> Copied:
    async with target.long_read() as session:
        if not await session.run_sync(migrate.is_empty):
            raise CopyRefused("The target database already holds data; name an empty one.")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "copy.tar"
        async with source.long_read() as session:
            manifest = await archive.write_tables(session, file, datetime.now(UTC))
            expected = await session.run_sync(_counts)
        async with target.long_write() as session:
            await fill(session, file, manifest)
            actual = await session.run_sync(_counts)
            if actual != expected:
                raise CopyRefused(f"The copy is incomplete: {actual} instead of {expected}.")
    return Copied(actual)


def _counts(connection: Connection) -> dict[str, int]:
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in tables_of(connection)
    }
