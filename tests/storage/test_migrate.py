"""The schema: models and migrations agree, go up and down, and nothing is lost on the way."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from storage import archive, migrate
from storage.database import Database
from storage.migrate import SchemaTooNew
from storage.models import Base
from tests.doubles.postgres_server import PostgresServer
from tests.doubles.storage_tour import meet

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FIRST, HEAD = "0001", "0009"


def difference(connection: Connection) -> Any:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return compare_metadata(context, Base.metadata)


async def test_models_and_migrations_agree(database: Database) -> None:
    async with database.long_read() as session:
        assert await session.run_sync(difference) == []


async def test_up_down_up_ends_where_it_began(database_url: str) -> None:
    await migrate.downgrade(database_url, "base")
    empty = await migrate.status(database_url)
    assert (empty.current, len(empty.pending)) == (None, 9)
    done = await migrate.upgrade(database_url)
    assert (done.before, done.after, done.backup) == (None, HEAD, None)
    database = await Database.open(database_url)
    async with database.long_read() as session:
        assert await session.run_sync(difference) == []
    await database.close()


async def test_the_data_is_copied_before_a_migration_changes_it(
    database_url: str, tmp_path: Path
) -> None:
    await migrate.downgrade(database_url, FIRST)
    database = await Database.open(database_url)
    async with database.write() as session:
        await meet(session, "100", "Mei")
    await database.close()
    done = await migrate.upgrade(database_url, tmp_path, now=NOW)
    assert done.backup == tmp_path / f"before-{HEAD}-20261123T090000.tar"
    manifest = archive.verify(done.backup)
    assert manifest.revision == FIRST
    assert [row["display_name"] for row in archive.read_table(done.backup, "learners")] == ["Mei"]
    assert (await migrate.upgrade(database_url, tmp_path, now=NOW)).backup is None


async def test_a_database_without_data_needs_no_copy(database_url: str, tmp_path: Path) -> None:
    await migrate.downgrade(database_url, FIRST)
    assert (await migrate.upgrade(database_url, tmp_path)).backup is None


async def test_starters_at_the_same_time_migrate_once(
    tmp_path: Path, postgres_server: PostgresServer
) -> None:
    for url in (
        f"sqlite:///{tmp_path / 'new' / 'daoshi.db'}",
        await postgres_server.create_database("started_thrice"),
    ):
        done = await asyncio.gather(*(migrate.upgrade(url) for _ in range(3)))
        assert sorted(upgrade.before or "" for upgrade in done) == ["", HEAD, HEAD]


async def test_a_schema_of_the_future_is_refused_with_what_to_do(database_url: str) -> None:
    database = await Database.open(database_url)
    async with database.write() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await database.close()
    with pytest.raises(SchemaTooNew, match="newer version"):
        await migrate.upgrade(database_url)
