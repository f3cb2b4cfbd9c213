"""Databases for tests: migrated once a session, copied for each test."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from storage import migrate
from storage.database import Database
from storage.migrations import versions
from storage.models import Base
from tests.doubles.postgres_server import PostgresServer

TEMPLATE, TESTED = "daoshi_template", "daoshi_tested"
NEWEST = max(path.name for path in Path(versions.__path__[0]).glob("0*.py"))[:4]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A running server, stopped at the end of the session; each xdist worker has its own."""
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> str:
    """The name of a migrated, empty database to copy."""

    async def make() -> None:
        url = await postgres_server.create_database(TEMPLATE)
        await migrate.upgrade(url)

    asyncio.run(make())
    return TEMPLATE


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    file = tmp_path_factory.mktemp("template") / "template.db"
    asyncio.run(migrate.upgrade(f"sqlite:///{file}"))
    return file


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated, empty SQLite database."""
    file = tmp_path / "daoshi.db"
    shutil.copyfile(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture
async def postgres_url(
    postgres_server: PostgresServer, postgres_template: str
) -> AsyncIterator[str]:
    """A migrated, empty PostgreSQL database.

    Emptied after each test, which is much faster than making one; a test that changed the schema
    leaves none behind.
    """
    if TESTED not in await postgres_server.databases():
        await postgres_server.create_database(TESTED, postgres_template)
    yield postgres_server.url(TESTED)
    if not await empty(postgres_server.url(TESTED)):
        await postgres_server.drop_database(TESTED)


async def empty(url: str) -> bool:
    """Deletes every row; False when the schema is not the one that was made."""
    tables = [table.name for table in reversed(Base.metadata.sorted_tables)]
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("; ".join(f"DELETE FROM {name}" for name in tables))
        revision = await connection.fetchval("SELECT version_num FROM alembic_version")
    except asyncpg.PostgresError:
        return False
    finally:
        await connection.close()
    return bool(revision == NEWEST)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database of each kind."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open, empty database of each kind."""
    opened = await Database.open(database_url)
    yield opened
    await opened.close()
