"""What happens when the database is locked or gone for ten seconds, in mid-reply and before."""

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable

from benchmarks.stage.stage import Stage, stage
from tests.doubles.postgres_server import PostgresServer

AWAY_SECONDS = 10.0


async def sqlite_is_locked_for_ten_seconds(scene: Stage) -> str:
    """Another program holds the database for itself."""
    file = scene.serve.data_dir / "daoshi.db"

    def lock() -> None:
        connection = sqlite3.connect(file, timeout=5, isolation_level=None)
        connection.execute("BEGIN EXCLUSIVE")
        time.sleep(AWAY_SECONDS)
        connection.execute("ROLLBACK")
        connection.close()

    return await _while_away(scene, lambda: asyncio.to_thread(lock))


async def postgresql_is_away_for_ten_seconds(scene: Stage, server: PostgresServer) -> str:
    """The server is stopped, with every connection, and started again."""

    async def away() -> None:
        await asyncio.to_thread(server.stop)
        await asyncio.sleep(AWAY_SECONDS)
        await asyncio.to_thread(server.start)

    return await _while_away(scene, away)


async def with_postgresql(
    examine: Callable[[Stage, PostgresServer], Awaitable[None]],
) -> None:
    """A scene on a PostgreSQL of its own."""
    server = PostgresServer()
    try:
        await asyncio.to_thread(server.__enter__)
        async with stage(settings={"DAOSHI_DATABASE_URL": server.url()}) as scene:
            await examine(scene, server)
    finally:
        await asyncio.to_thread(server.__exit__, None, None, None)


async def _while_away(scene: Stage, away: Callable[[], Awaitable[None]]) -> str:
    """Replies are being written when it goes, and questions come while it is away."""
    scene.spoken.token_seconds = 0.1
    early, late = scene.on_both(), scene.on_both()
    for learner in early:
        await learner.ask()
    await scene.platforms.until(lambda: all(learner.begun() for learner in early))
    gone = asyncio.ensure_future(away())
    await asyncio.sleep(1.0)
    for learner in late:
        await learner.ask("Asked while the database was away:")
    await gone
    scene.spoken.token_seconds = 0.0
    return await scene.once(*early, *late, seconds=90)
