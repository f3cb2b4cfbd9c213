"""SQLite as the product uses it: WAL, one writer at a time, short statements on the event loop.

Short units of work never wait for a lock on the loop: who finds the database locked sleeps and
asks again. Long work (exports, backups, deletions) runs in a thread, through aiosqlite.
"""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.failures import StorageUnavailable, describe, passing_failures
from storage.session import LoopSession, Session

LOCK_POLL_SECONDS = 0.005
WRITES_PER_CHECKPOINT = 1000
COMMON_PRAGMAS = (
    "journal_mode=WAL",
    "foreign_keys=ON",
    "synchronous=NORMAL",
    "cache_size=-16000",
    "temp_store=MEMORY",
)
SHORT_PRAGMAS = ("busy_timeout=0", "wal_autocheckpoint=0")  # both could stop the loop


log = logging.getLogger(__name__)


class SqliteBackend:
    """Units of work on an SQLite file."""

    dialect = "sqlite"

    def __init__(self, url: URL, busy_seconds: float) -> None:
        self.reader = short_engine(url, writes=False)
        self.writer = short_engine(url, writes=True)
        self.long = long_engine(url, busy_seconds)
        self._busy_seconds = busy_seconds
        self._turn = asyncio.Lock()  # one writer at a time; waiting for it in order is fair
        self._writes = 0
        self._kept: Connection | None = None
        self._checkpoint: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Session]:
        with passing_failures(), self.reader.connect() as connection:
            yield LoopSession(connection)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Session]:
        await self._take_turn()
        try:
            with passing_failures():
                connection = self._writing()
                try:
                    await begin_immediate(connection, self._busy_seconds)
                    yield LoopSession(connection)
                    connection.commit()
                    connection.connection.commit()  # where nothing was executed, only this ends it
                except BaseException:
                    self._undo(connection)
                    raise
        finally:
            self._turn.release()
        self._count_write()

    @asynccontextmanager
    async def long_read(self) -> AsyncIterator[Session]:
        with passing_failures():
            async with self.long.connect() as session:
                await session.exec_driver_sql("BEGIN")
                yield session

    @asynccontextmanager
    async def long_write(self) -> AsyncIterator[Session]:
        await self._take_turn()
        try:
            with passing_failures():
                async with self.long.connect() as session:
                    await session.exec_driver_sql("BEGIN IMMEDIATE")
                    yield session
                    await session.commit()
        finally:
            self._turn.release()

    async def close(self) -> None:
        if self._checkpoint is not None:
            await asyncio.wait([self._checkpoint])
        if self._kept is not None:
            self._kept.close()
        self.reader.dispose()
        self.writer.dispose()
        await self.long.dispose()

    def _writing(self) -> Connection:
        """The one connection that writes, kept: taking it from the pool each time costs more."""
        if self._kept is None:
            self._kept = self.writer.connect()
        return self._kept

    def _undo(self, connection: Connection) -> None:
        """Leaves nothing of a unit of work, and nothing of a connection that can't even do that."""
        try:
            connection.rollback()
            connection.connection.rollback()
        except (SQLAlchemyError, sqlite3.Error):
            self._kept = None
            connection.invalidate()
            connection.close()
            raise

    async def _take_turn(self) -> None:
        if not self._turn.locked():
            await self._turn.acquire()
            return
        try:
            async with asyncio.timeout(self._busy_seconds):
                await self._turn.acquire()
        except TimeoutError as error:
            raise StorageUnavailable("The database is busy with another writer.") from error

    def _count_write(self) -> None:
        self._writes += 1
        if self._writes % WRITES_PER_CHECKPOINT:
            return
        if self._checkpoint is None or self._checkpoint.done():
            self._checkpoint = asyncio.create_task(self._run_checkpoint())

    async def _run_checkpoint(self) -> None:
        """Moves what the write-ahead log holds into the database file.

        Nobody of this process writes meanwhile, so that the log can begin anew.
        """
        try:
            async with self._turn, self.long.connect() as connection:
                await connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")
        except SQLAlchemyError as error:
            log.warning("checkpoint of the write-ahead log failed: %s", describe(error))


def short_engine(url: URL, *, writes: bool) -> Engine:
    """Connections for the event loop: one that writes, or several that can't."""
    engine = create_engine(
        url.set(drivername="sqlite"),
        connect_args={"isolation_level": None},  # transactions begin and end where we say
        pool_size=1 if writes else 64,
        max_overflow=0,
        pool_timeout=0,
        pool_reset_on_return=None,
        hide_parameters=True,
    )
    _on_connect(engine, *SHORT_PRAGMAS, *([] if writes else ["query_only=ON"]))
    return engine


def long_engine(url: URL, busy_seconds: float) -> AsyncEngine:
    """Connections for long work, each in a thread of its own."""
    engine = create_async_engine(
        url,
        connect_args={"timeout": busy_seconds, "isolation_level": None},
        pool_size=2,
        pool_timeout=600,
        pool_reset_on_return=None,
        hide_parameters=True,
    )
    _on_connect(engine.sync_engine)
    return engine


def _on_connect(engine: Engine, *pragmas: str) -> None:
    @event.listens_for(engine, "connect")
    def apply(connection: Any, _: Any) -> None:
        cursor = connection.cursor()
        for pragma in (*COMMON_PRAGMAS, *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


async def begin_immediate(connection: Connection, busy_seconds: float) -> None:
    """Takes the write lock, asking again without blocking the loop until the time is over."""
    deadline = asyncio.get_running_loop().time() + busy_seconds
    begin = connection.connection.execute  # the driver's own, since every unit of work pays it
    while True:
        try:
            begin("BEGIN IMMEDIATE")
            return
        except sqlite3.OperationalError as error:  # also: the file's rights, a disk gone read-only
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code != sqlite3.SQLITE_BUSY or asyncio.get_running_loop().time() >= deadline:
                raise StorageUnavailable(describe(error)) from error
        await asyncio.sleep(LOCK_POLL_SECONDS)
