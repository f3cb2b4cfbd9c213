"""PostgreSQL as the product uses it: asyncpg, a pool that notices lost connections, time limits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from sqlalchemy import URL, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.failures import passing_failures
from storage.session import Session

CONNECT_SECONDS = 5.0


class PostgresqlBackend:
    """Units of work on a PostgreSQL database."""

    dialect = "postgresql"

    def __init__(self, url: URL, busy_seconds: float) -> None:
        self.writer = short_engine(url, busy_seconds)
        self.reader = self.writer.execution_options(postgresql_readonly=True)
        self.long = long_engine(url, busy_seconds)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Session]:
        async with _connected(self.reader) as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Session]:
        async with _connected(self.writer) as session:
            yield session
            await session.commit()

    @asynccontextmanager
    async def long_read(self) -> AsyncIterator[Session]:
        async with _connected(self.long) as session:
            await session.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            yield session

    @asynccontextmanager
    async def long_write(self) -> AsyncIterator[Session]:
        async with _connected(self.long) as session:
            yield session
            await session.commit()

    async def close(self) -> None:
        await self.writer.dispose()
        await self.long.dispose()


@asynccontextmanager
async def _connected(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """An open connection, which rolls back what was not committed when it is left."""
    session = engine.connect()
    with passing_failures(*connection_failures()):
        await session.start()
    try:
        with passing_failures():
            yield session
    finally:
        closing = asyncio.create_task(session.close())
        await asyncio.shield(closing)  # also when we are being cancelled


def short_engine(url: URL, busy_seconds: float) -> AsyncEngine:
    """Connections for short statements, which give up on locks after `busy_seconds`."""
    limits = {"lock_timeout": _milliseconds(busy_seconds), "statement_timeout": "30000"}
    return _engine(url, 8, limits)


def long_engine(url: URL, busy_seconds: float) -> AsyncEngine:
    """Connections for long work, without a limit on a statement's time."""
    return _engine(url, 1, {"lock_timeout": _milliseconds(busy_seconds)})


@cache
def connection_failures() -> tuple[type[Exception], ...]:
    """What asyncpg raises when no connection can be made; imported only where it is used."""
    import asyncpg  # type: ignore[import-untyped]  # it ships none

    return (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


def _engine(url: URL, pool_size: int, limits: dict[str, str]) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=CONNECT_SECONDS,
        connect_args={
            "timeout": CONNECT_SECONDS,
            "server_settings": {"application_name": "daoshi", "timezone": "UTC", **limits},
        },
        hide_parameters=True,
    )
    event.listen(engine.sync_engine, "checkout", _refuse_closed)
    return engine


def _refuse_closed(connection: Any, _record: object, _proxy: object) -> None:
    """Has the pool connect anew where the server has left; asking it each time costs more."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError


def _milliseconds(seconds: float) -> str:
    return str(round(seconds * 1000))
