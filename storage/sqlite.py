"""SQLite as the product uses it: WAL, one writer at a time, short statements on the event loop.

A short statement takes tens of microseconds, a handover to aiosqlite's thread and back several
hundred, four times for each statement. So connections for short work run on the event loop, and
they never wait for a lock there: who finds the database locked sleeps and asks again. Long work
(exports, backups, deletions) runs through aiosqlite in its own thread.
"""

import asyncio
import sqlite3
from collections.abc import Generator, Sequence
from typing import Any

from sqlalchemy import URL, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

LOCK_POLL_SECONDS = 0.005
SHORT_PRAGMAS = ("busy_timeout=0", "wal_autocheckpoint=0")
COMMON_PRAGMAS = (
    "foreign_keys=ON",
    "synchronous=NORMAL",
    "cache_size=-16000",
    "temp_store=MEMORY",
)


class LoopCursor:
    """A sqlite3 cursor in the shape of an asynchronous driver's."""

    arraysize = 1

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor

    async def __aenter__(self) -> "LoopCursor":
        return self

    @property
    def description(self) -> Any:
        return self._cursor.description

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._cursor.lastrowid

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> None:
        self._cursor.execute(statement, parameters)

    async def executemany(self, statement: str, parameters: Sequence[Sequence[Any]]) -> None:
        self._cursor.executemany(statement, parameters)

    async def fetchall(self) -> list[Any]:
        return self._cursor.fetchall()

    async def close(self) -> None:
        self._cursor.close()


class LoopConnection:
    """A sqlite3 connection in the shape of an aiosqlite one, without its thread."""

    def __init__(self, path: str) -> None:
        # Commits are ours (isolation_level=None); the pool may close it from another thread.
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)

    def __await__(self) -> Generator[None, None, "LoopConnection"]:
        yield from ()
        return self

    def cursor(self, *_: Any) -> LoopCursor:
        return LoopCursor(self._connection.cursor())

    async def create_function(self, *arguments: Any, **options: Any) -> None:
        self._connection.create_function(*arguments, **options)

    async def commit(self) -> None:
        self._connection.commit()

    async def rollback(self) -> None:
        self._connection.rollback()

    async def close(self) -> None:
        self._connection.close()

    def stop(self) -> None:
        self._connection.close()


def short_engine(url: URL, *, writes: bool) -> AsyncEngine:
    """Connections for short statements: one that writes, or several that can't."""
    path = url.database
    engine = create_async_engine(
        url,
        connect_args={"async_creator_fn": lambda *_, **__: LoopConnection(str(path))},
        pool_size=1 if writes else 8,
        max_overflow=0 if writes else 56,
        pool_timeout=5,
        pool_reset_on_return=None,  # every transaction here ends in our commit or rollback
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
    _on_connect(engine)
    return engine


def _on_connect(engine: AsyncEngine, *pragmas: str) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def apply(connection: Any, _: Any) -> None:
        cursor = connection.cursor()
        for pragma in (*COMMON_PRAGMAS, *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


async def begin_immediate(connection: AsyncConnection, busy_seconds: float) -> None:
    """Takes the write lock, asking again without blocking the loop until the time is over."""
    deadline = asyncio.get_running_loop().time() + busy_seconds
    while True:
        try:
            await connection.exec_driver_sql("BEGIN IMMEDIATE")
            return
        except OperationalError as error:
            busy = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or asyncio.get_running_loop().time() >= deadline:
                raise
        await asyncio.sleep(LOCK_POLL_SECONDS)


async def checkpoint(engine: AsyncEngine) -> None:
    """Moves what the write-ahead log holds into the database file, beside running work."""
    async with engine.connect() as connection:
        await connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")
