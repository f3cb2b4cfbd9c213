"""PostgreSQL as the product uses it: asyncpg, a pool that notices lost connections, time limits."""

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

CONNECT_SECONDS = 5.0


def short_engine(url: URL, busy_seconds: float) -> AsyncEngine:
    """Connections for short statements, which give up on locks after `busy_seconds`."""
    milliseconds = str(round(busy_seconds * 1000))
    return _engine(
        url,
        pool_size=8,
        max_overflow=8,
        limits={"lock_timeout": milliseconds, "statement_timeout": "30000"},
    )


def long_engine(url: URL, busy_seconds: float) -> AsyncEngine:
    """Connections for long work, without a limit on a statement's time."""
    milliseconds = str(round(busy_seconds * 1000))
    return _engine(url, pool_size=1, max_overflow=1, limits={"lock_timeout": milliseconds})


def _engine(url: URL, pool_size: int, max_overflow: int, limits: dict[str, str]) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_pre_ping=True,
        pool_size=pool_size,
        max_overflow=max_overflow,
        pool_timeout=CONNECT_SECONDS,
        connect_args={
            "timeout": CONNECT_SECONDS,
            "server_settings": {"application_name": "daoshi", "timezone": "UTC", **limits},
        },
        hide_parameters=True,
    )


def connection_failures() -> tuple[type[Exception], ...]:
    """What asyncpg raises when no connection can be made; imported only where it is used."""
    import asyncpg  # type: ignore[import-untyped]  # it ships none

    return (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
