"""Brings a database to the newest schema, at start or by `daoshi db upgrade`.

Starters that come at the same time wait for each other. Before anything is changed that somebody
could miss, a copy of the data is put into the backup folder.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from filelock import AsyncFileLock, Timeout
from sqlalchemy import URL, Connection, exists, inspect, select, table, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from storage import archive
from storage.database import driver_url
from storage.failures import StorageUnavailable, passing_failures
from storage.postgresql import connection_failures
from storage.rows import VERSION_TABLE

LOCK_SECONDS = 300.0
ADVISORY_LOCK = 0x64616F7368  # "daosh"


class SchemaTooNew(Exception):
    """The database was made by a newer program; says so, and what to do."""


@dataclass(frozen=True, slots=True)
class SchemaStatus:
    """`current` is None for an empty database; `pending` are the migrations still to run."""

    current: str | None
    head: str
    pending: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What an upgrade did; `backup` is the copy it made first, if there was data to lose."""

    before: str | None
    after: str
    backup: Path | None


async def upgrade(
    url: str, backup_folder: Path | None = None, *, now: datetime | None = None
) -> Upgrade:
    """Runs the migrations that are missing; safe when several processes start at once.

    Without a folder the copy goes to `backups` beside an SQLite file; PostgreSQL needs one named.
    """
    address = driver_url(url)
    async with _exclusive(address) as connection:
        before = await connection.run_sync(_status)
        if not before.pending:
            return Upgrade(before.current, before.head, None)
        backup = None
        if before.current is not None and not await connection.run_sync(is_empty):
            when = now or datetime.now(UTC)
            folder = backup_folder or _folder_beside(address)
            backup = folder / f"before-{before.head}-{when:%Y%m%dT%H%M%S}.tar"
            await archive.write_tables(connection, backup, when)
        await connection.run_sync(lambda sync: command.upgrade(alembic_config(sync), "head"))
        await connection.commit()
        return Upgrade(before.current, before.head, backup)


async def downgrade(url: str, revision: str) -> None:
    """Goes back to an earlier schema ("base" removes every table). Data may be lost."""
    async with _exclusive(driver_url(url)) as connection:
        await connection.run_sync(lambda sync: command.downgrade(alembic_config(sync), revision))
        await connection.commit()


async def upgrade_to(url: str, revision: str) -> None:
    """Runs the migrations up to one revision, without a backup: for restoring an archive."""
    async with _exclusive(driver_url(url)) as connection:
        await connection.run_sync(lambda sync: command.upgrade(alembic_config(sync), revision))
        await connection.commit()


async def status(url: str) -> SchemaStatus:
    """Where the schema stands; changes nothing."""
    engine = create_async_engine(driver_url(url))
    try:
        with passing_failures(*connection_failures()):
            async with engine.connect() as connection:
                return await connection.run_sync(_status)
    finally:
        await engine.dispose()


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration for an open connection."""
    config = _scripts()
    config.attributes["connection"] = connection
    return config


def _scripts() -> Config:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    return config


def is_known(revision: str) -> bool:
    """Whether this version of the program has the migration."""
    scripts = ScriptDirectory.from_config(_scripts())
    return any(script.revision == revision for script in scripts.walk_revisions())


def is_empty(connection: Connection) -> bool:
    """Whether no table has a row."""
    names = set(inspect(connection).get_table_names()) - {VERSION_TABLE}
    return not any(
        connection.execute(select(exists(select(text("1")).select_from(table(name))))).scalar()
        for name in sorted(names)
    )


def _status(connection: Connection) -> SchemaStatus:
    scripts = ScriptDirectory.from_config(_scripts())
    current = MigrationContext.configure(connection).get_current_revision()
    head = scripts.get_current_head()
    assert head is not None
    known = [script.revision for script in scripts.walk_revisions()]  # newest first
    if current is not None and current not in known:
        raise SchemaTooNew(
            f"The database has the schema {current}, which this version of Daoshi does not know. "
            "Install the newer version again, or restore the backup made before the upgrade."
        )
    newer = known[: known.index(current)] if current is not None else known
    return SchemaStatus(current, head, tuple(reversed(newer)))


def _folder_beside(address: URL) -> Path:
    assert address.get_backend_name() == "sqlite", "name a folder for the backup"
    return Path(str(address.database)).parent / "backups"


@asynccontextmanager
async def _exclusive(address: URL) -> AsyncIterator[AsyncConnection]:
    """A connection in a transaction, while no other process migrates the same database."""
    if address.get_backend_name() == "sqlite":
        path = Path(str(address.database))
        await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
        try:
            async with (
                AsyncFileLock(f"{path}.migrating", timeout=LOCK_SECONDS),
                _connection(address) as connection,
            ):
                await connection.exec_driver_sql("PRAGMA journal_mode=WAL")
                await connection.commit()
                yield connection
        except Timeout as error:
            raise StorageUnavailable("Another process is migrating the database.") from error
        return
    async with _connection(address) as connection:
        await connection.execute(text(f"SET lock_timeout = {int(LOCK_SECONDS * 1000)}"))
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"))
        yield connection


@asynccontextmanager
async def _connection(address: URL) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(address, hide_parameters=True)
    try:
        with passing_failures(*connection_failures()):
            async with engine.connect() as connection:
                yield connection
    finally:
        await engine.dispose()
