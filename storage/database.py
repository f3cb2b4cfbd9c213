"""The open database: short and long, reading and writing units of work.

Knows nothing of tables. A function of this package takes the session of a unit of work and never
opens one; who opens one keeps no model, network or person waiting in it.
"""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from storage.failures import StorageUnavailable
from storage.postgresql import PostgresqlBackend
from storage.session import Session
from storage.sqlite import SqliteBackend

__all__ = ["Database", "DatabaseUrlInvalid", "Session", "StorageUnavailable", "driver_url"]

BUSY_SECONDS = 5.0

Work = AbstractAsyncContextManager[Session]


class DatabaseUrlInvalid(Exception):
    """The address of the database is none that this program can use; says what to write."""


def driver_url(url: str) -> URL:
    """The address with the driver that is used: `postgresql://` and `sqlite:///` are enough."""
    if url.startswith("postgres://"):
        url = url.replace("postgres", "postgresql", 1)
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise DatabaseUrlInvalid(
            "DAOSHI_DATABASE_URL is no database address; write sqlite:////path/to/file.db or "
            "postgresql://user:password@host/name."
        ) from error
    kind = parsed.get_backend_name()
    if kind == "postgresql":
        return parsed.set(drivername="postgresql+asyncpg")
    if kind != "sqlite":
        raise DatabaseUrlInvalid(
            f"DAOSHI_DATABASE_URL names a database of the kind {kind!r}; "
            "write one that begins with sqlite:/// or postgresql://."
        )
    if parsed.database in (None, "", ":memory:"):
        raise DatabaseUrlInvalid("DAOSHI_DATABASE_URL names no file: sqlite:////path/to/file.db.")
    return parsed.set(drivername="sqlite+aiosqlite")


class Backend(Protocol):
    """Units of work on one kind of database."""

    dialect: str

    def read(self) -> Work: ...
    def write(self) -> Work: ...
    def long_read(self) -> Work: ...
    def long_write(self) -> Work: ...
    async def close(self) -> None: ...


class Database:
    """Units of work on one database, for one event loop."""

    def __init__(self, url: str, backend: Backend) -> None:
        self.url = url
        self.backend = backend

    @classmethod
    async def open(cls, url: str, *, busy_seconds: float = BUSY_SECONDS) -> "Database":
        """Opens the database at `url`, which was migrated before (`storage.migrate.upgrade`).

        `busy_seconds` is how long a unit of work waits for locks before StorageUnavailable.
        """
        address = driver_url(url)
        database = cls(url, _backend(address, busy_seconds))
        try:
            async with database.read() as session:
                await session.exec_driver_sql("SELECT 1")
        except StorageUnavailable:
            await database.close()
            raise
        return database

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.backend.dialect

    def read(self) -> Work:
        """A short unit of work that can't write."""
        return self.backend.read()

    def write(self) -> Work:
        """A short unit of work, committed at its end, rolled back on an error."""
        return self.backend.write()

    def long_read(self) -> Work:
        """One consistent view for work that takes long, off the event loop; it can't write."""
        return self.backend.long_read()

    def long_write(self) -> Work:
        """Like `write` for work that takes long, off the event loop."""
        return self.backend.long_write()

    async def close(self) -> None:
        """Closes every connection."""
        await self.backend.close()


def _backend(address: URL, busy_seconds: float) -> Backend:
    if address.get_backend_name() == "sqlite":
        return SqliteBackend(address, busy_seconds)
    return PostgresqlBackend(address, busy_seconds)
