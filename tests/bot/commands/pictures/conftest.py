"""The desk with something to draw: an artist without a network draws it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.bot.commands.conftest import CAPABLE, NOON
from tests.doubles.assembled import assembled
from tests.doubles.desk import Desk
from tests.doubles.fake_artist import FakeArtist
from tests.doubles.fake_engine import FakeEngine
from tests.doubles.picture_atlas import an_atlas
from tutor.bank.starter.installing import ensure_starter
from tutor.images.atlas import Atlas


@pytest.fixture(scope="session")
def atlas() -> Atlas:
    return an_atlas()


@pytest.fixture
def artist() -> FakeArtist:
    return FakeArtist()


@pytest.fixture
async def desk(
    database: Database, engine: FakeEngine, atlas: Atlas, artist: FakeArtist, tmp_path: Path
) -> AsyncIterator[Desk]:
    clock = [NOON]
    services = assembled(
        database, engine, lambda: clock[0], tmp_path, profile=CAPABLE, atlas=atlas, artist=artist
    )
    yield Desk(services, engine, clock)
    await services.close()


@pytest.fixture
async def starter(database: Database, atlas: Atlas) -> None:
    """The starter course, in which pictures are named as well."""
    await ensure_starter(database, NOON, atlas.concepts)
