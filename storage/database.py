"""The open database: short and long, reading and writing units of work.

Knows nothing of tables. A function of this package takes the session (an SQLAlchemy connection in
a transaction) and never opens one; who opens one keeps no model, network or person waiting in it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage import postgresql, sqlite
from storage.failures import StorageUnavailable, describe, is_passing

__all__ = ["Database", "DatabaseUrlInvalid", "Session", "StorageUnavailable", "driver_url"]

Session = AsyncConnection
BUSY_SECONDS = 5.0
WRITES_PER_CHECKPOINT = 400

log = logging.getLogger(__name__)


class DatabaseUrlInvalid(Exception):
    """The address of the database is none that this program can use; says what to write."""


def driver_url(url: str) -> URL:
    """The address with the driver that is used: `postgresql://` and `sqlite:///` are enough."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise DatabaseUrlInvalid(
            "DAOSHI_DATABASE_URL is no database address; write sqlite:////path/to/file.db or "
            "postgresql://user:password@host/name."
        ) from error
    kind = parsed.get_backend_name()
    if parsed.drivername == "postgres" or kind == "postgresql":
        return parsed.set(drivername="postgresql+asyncpg")
    if kind != "sqlite":
        raise DatabaseUrlInvalid(f"Databases of the kind {kind!r} are not supported.")
    if parsed.database in (None, "", ":memory:"):
        raise DatabaseUrlInvalid("SQLite needs a file: sqlite:////path/to/file.db.")
    return parsed.set(drivername="sqlite+aiosqlite")


class Database:
    """Units of work on one database, for one event loop."""

    def __init__(
        self, url: str, reader: AsyncEngine, writer: AsyncEngine, long: AsyncEngine, busy: float
    ) -> None:
        self.url = url
        self._reader, self._writer, self._long = reader, writer, long
        self._busy_seconds = busy
        self._write_turn = asyncio.Lock()  # SQLite has one writer; waiting for it in order is fair
        self._writes = 0
        self._checkpoint: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, url: str, *, busy_seconds: float = BUSY_SECONDS) -> "Database":
        """Opens the database at `url`, which was migrated before (`storage.migrate.upgrade`)."""
        address = driver_url(url)
        if address.get_backend_name() == "sqlite":
            long = sqlite.long_engine(address, busy_seconds)
            reader = sqlite.short_engine(address, writes=False)
            writer = sqlite.short_engine(address, writes=True)
        else:
            long = postgresql.long_engine(address, busy_seconds)
            writer = postgresql.short_engine(address, busy_seconds)
            reader = writer.execution_options(postgresql_readonly=True)
        database = cls(url, reader, writer, long, busy_seconds)
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
        return self._writer.dialect.name

    @property
    def engines(self) -> tuple[AsyncEngine, ...]:
        """The engines behind the units of work, for measuring and listening."""
        return (self._reader, self._writer, self._long)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Session]:
        """A short unit of work that can't write."""
        async with self._connected(self._reader) as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Session]:
        """A short unit of work, committed at its end, rolled back on an error."""
        async with self._turn_to_write(), self._connected(self._writer) as session:
            if self.dialect == "sqlite":
                await sqlite.begin_immediate(session, self._busy_seconds)
            try:
                yield session
            except BaseException:
                await session.rollback()
                raise
            await session.commit()
        self._count_write()

    @asynccontextmanager
    async def long_read(self) -> AsyncIterator[Session]:
        """One consistent view for work that takes long, off the event loop; it can't write."""
        async with self._connected(self._long) as session:
            if self.dialect == "sqlite":
                await session.exec_driver_sql("BEGIN")
            else:
                await session.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            try:
                yield session
            finally:
                await session.rollback()

    @asynccontextmanager
    async def long_write(self) -> AsyncIterator[Session]:
        """Like `write` for work that takes long, off the event loop."""
        async with self._turn_to_write(), self._connected(self._long) as session:
            if self.dialect == "sqlite":
                await session.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield session
            except BaseException:
                await session.rollback()
                raise
            await session.commit()

    async def close(self) -> None:
        """Closes every connection."""
        if self._checkpoint is not None:
            await asyncio.wait([self._checkpoint])
        for engine in (self._reader, self._writer, self._long):
            await engine.dispose()

    @asynccontextmanager
    async def _turn_to_write(self) -> AsyncIterator[None]:
        if self.dialect != "sqlite":
            yield
            return
        try:
            async with asyncio.timeout(self._busy_seconds):
                await self._write_turn.acquire()
        except TimeoutError as error:
            raise StorageUnavailable("The database is busy with another writer.") from error
        try:
            yield
        finally:
            self._write_turn.release()

    @asynccontextmanager
    async def _connected(self, engine: AsyncEngine) -> AsyncIterator[Session]:
        session = await self._connect(engine)
        try:
            yield session
        except SQLAlchemyError as error:
            if is_passing(error):
                raise StorageUnavailable(describe(error)) from error
            raise
        finally:
            await asyncio.shield(session.close())

    async def _connect(self, engine: AsyncEngine) -> Session:
        failures: tuple[type[Exception], ...] = (OSError, TimeoutError)
        if self.dialect == "postgresql":
            failures = postgresql.connection_failures()
        try:
            return await engine.connect()
        except SQLAlchemyError as error:
            if is_passing(error):
                raise StorageUnavailable(describe(error)) from error
            raise
        except failures as error:
            raise StorageUnavailable(describe(error)) from error

    def _count_write(self) -> None:
        self._writes += 1
        if self.dialect != "sqlite" or self._writes % WRITES_PER_CHECKPOINT:
            return
        if self._checkpoint is None or self._checkpoint.done():
            self._checkpoint = asyncio.create_task(self._run_checkpoint())

    async def _run_checkpoint(self) -> None:
        try:
            await sqlite.checkpoint(self._long)
        except SQLAlchemyError as error:
            log.warning("checkpoint of the write-ahead log failed: %s", describe(error))
