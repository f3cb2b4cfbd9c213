"""Units of work: what is kept, what is not, and what happens when the database is away."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage.database import Database, DatabaseUrlInvalid, StorageUnavailable, driver_url
from tests.doubles.postgres_server import PostgresServer
from tests.doubles.storage_tour import meet

COUNT = text("SELECT count(*) FROM learners")


async def count(database: Database) -> int:
    async with database.read() as session:
        return int((await session.execute(COUNT)).scalar_one())


async def test_a_unit_of_work_is_kept_when_it_ends_well(database: Database) -> None:
    async with database.write() as session:
        await meet(session, "100", "Mei")
    async with database.long_write() as session:
        await meet(session, "200", "Li")
    assert await count(database) == 2


async def test_a_unit_of_work_that_fails_leaves_nothing(database: Database) -> None:
    for unit in (database.write, database.long_write):
        with pytest.raises(ZeroDivisionError):
            async with unit() as session:
                await meet(session, "100", "Mei")
                raise ZeroDivisionError
    assert await count(database) == 0


async def test_a_cancelled_unit_of_work_leaves_nothing(database: Database) -> None:
    inside = asyncio.Event()

    async def write_and_hang() -> None:
        async with database.write() as session:
            await meet(session, "100", "Mei")
            inside.set()
            await asyncio.sleep(3600)

    task = asyncio.create_task(write_and_hang())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await count(database) == 0


async def test_reading_can_not_write(database: Database) -> None:
    for unit in (database.read, database.long_read):
        if database.dialect == "sqlite" and unit == database.long_read:
            continue  # its snapshot is given up at the end, so nothing would be kept
        with pytest.raises(DBAPIError):
            async with unit() as session:
                await meet(session, "100", "Mei")
    async with database.write() as session:
        await meet(session, "200", "Li")
    assert await count(database) == 1


async def test_a_long_read_sees_one_moment(database: Database) -> None:
    async with database.long_read() as session:
        before = (await session.execute(COUNT)).scalar_one()
        async with database.write() as writing:
            await meet(writing, "100", "Mei")
        assert (await session.execute(COUNT)).scalar_one() == before
    assert await count(database) == before + 1


async def test_many_writers_at_once_lose_nothing(database: Database) -> None:
    async def add(number: int) -> None:
        async with database.write() as session:
            await meet(session, str(number), "Somebody")

    await asyncio.gather(*(add(number) for number in range(40)))
    assert await count(database) == 40


async def test_text_that_a_database_can_not_hold_is_mended(database: Database) -> None:
    async with database.write() as session:
        learner = await meet(session, "100", "a\x00b\ud800c 导师 🎓")
    async with database.read() as session:
        name = text("SELECT display_name FROM learners WHERE id = :id")
        stored = (await session.execute(name, {"id": learner.id})).scalar_one()
    assert stored.startswith("a\ufffdb\ufffd")
    assert stored.endswith("c 导师 🎓")


async def test_a_locked_database_is_unavailable_and_works_again_afterwards(
    sqlite_url: str,
) -> None:
    database = await Database.open(sqlite_url, busy_seconds=0.2)
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for unit in (database.write, database.long_write):
        with pytest.raises(StorageUnavailable, match="locked"):
            async with unit():
                pass
    assert await count(database) == 0  # reading goes on
    other.execute("ROLLBACK")
    async with database.write() as session:
        await meet(session, "100", "Mei")
    assert await count(database) == 1
    other.close()
    await database.close()


async def test_a_lock_that_ends_in_time_is_waited_for(sqlite_url: str) -> None:
    database = await Database.open(sqlite_url, busy_seconds=30)
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    asyncio.get_running_loop().call_later(0.1, other.execute, "ROLLBACK")
    async with database.write() as session:
        await meet(session, "100", "Mei")
    assert await count(database) == 1
    other.close()
    await database.close()


async def test_a_writer_that_holds_on_makes_the_others_give_up(sqlite_url: str) -> None:
    database = await Database.open(sqlite_url, busy_seconds=0.1)
    async with database.write():
        with pytest.raises(StorageUnavailable, match="another writer"):
            async with database.write():
                pass
    await database.close()


async def test_a_full_disk_is_unavailable_and_keeps_what_was_there(sqlite_url: str) -> None:
    database = await Database.open(sqlite_url)
    async with database.write() as session:
        await meet(session, "100", "Mei")
        pages = (await session.exec_driver_sql("PRAGMA page_count")).scalar_one()
        await session.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StorageUnavailable, match="full"):
        async with database.write() as session:
            for number in range(100):
                await meet(session, f"9{number}", "x" * 10_000)
    assert await count(database) == 1
    async with database.write() as session:
        await session.exec_driver_sql("PRAGMA max_page_count = 1000000")
        await meet(session, "200", "Li")
    assert await count(database) == 2
    await database.close()


async def test_the_write_ahead_log_does_not_grow_for_ever(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.sqlite.WRITES_PER_CHECKPOINT", 20)
    database = await Database.open(sqlite_url)
    log = Path(sqlite_url.removeprefix("sqlite:///") + "-wal")
    sizes = []
    for number in range(400):
        async with database.write() as session:
            await meet(session, str(number), "x" * 1000)
        await asyncio.sleep(0.001)
        sizes.append(log.stat().st_size)
    assert sizes[-1] <= 2 * max(sizes[:100])
    await database.close()


async def test_postgresql_that_was_away_is_used_again(
    postgres_template: str,
) -> None:
    with PostgresServer() as server:
        database = await Database.open(server.url(), busy_seconds=0.5)
        async with database.write() as session:
            await session.exec_driver_sql("CREATE TABLE notes (note text)")
        server.stop()
        with pytest.raises(StorageUnavailable):
            async with database.write() as session:
                await session.exec_driver_sql("INSERT INTO notes VALUES ('lost')")
        with pytest.raises(StorageUnavailable):
            await Database.open(server.url())
        await asyncio.to_thread(server.start)
        async with database.write() as session:
            await session.exec_driver_sql("INSERT INTO notes VALUES ('kept')")
            kept = (await session.exec_driver_sql("SELECT note FROM notes")).scalars().all()
        assert kept == ["kept"]
        await database.close()


async def test_postgresql_that_goes_away_in_mid_transaction_is_unavailable(
    postgres_url: str,
) -> None:
    database, other = await Database.open(postgres_url), await Database.open(postgres_url)
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    with pytest.raises(StorageUnavailable):
        async with database.write() as session:
            await meet(session, "100", "Mei")
            async with other.write() as killing:
                await killing.exec_driver_sql(f"{end} AND datname = current_database()")
            await meet(session, "200", "Li")
    assert await count(database) == 0
    await database.close()
    await other.close()


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("sqlite:////data/daoshi.db", "sqlite+aiosqlite"),
        ("postgresql://u:p@host/name", "postgresql+asyncpg"),
        ("postgres://u:p@host/name", "postgresql+asyncpg"),
        ("postgresql+psycopg2://u:p@host/name", "postgresql+asyncpg"),
    ],
)
def test_an_address_gets_the_driver_that_is_used(url: str, driver: str) -> None:
    assert driver_url(url).drivername == driver


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://host/name", "sqlite://"])
def test_an_address_that_is_none_is_refused_by_the_setting_s_name(url: str) -> None:
    with pytest.raises(DatabaseUrlInvalid, match="DAOSHI_DATABASE_URL"):
        driver_url(url)
