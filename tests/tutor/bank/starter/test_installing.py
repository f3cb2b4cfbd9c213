"""The starter course gets into a database once, and changes only with its files."""

import asyncio

import pytest

from storage import courses, items
from storage.database import Database
from tests.doubles.storage_tour import NOW
from tutor.bank.starter import KEY, installing, starter_course
from tutor.bank.starter.installing import ensure_starter

COUNT = len(starter_course().items)


async def test_course_is_installed_once(database: Database) -> None:
    saved = await ensure_starter(database, NOW)
    assert saved is not None and saved.added == COUNT
    assert await ensure_starter(database, NOW) is None
    async with database.read() as session:
        stored = await courses.course_by_key(session, KEY)
        assert stored is not None and stored.visibility == "everyone"
        assert len(await items.items_of_course(session, stored.id, limit=1000)) == COUNT
        assert await courses.prerequisites_of(session, stored.id)


async def test_new_files_bring_the_course_up_to_date(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ensure_starter(database, NOW)
    monkeypatch.setattr(installing, "starter_digest", lambda: "another")
    saved = await ensure_starter(database, NOW)
    assert saved is not None
    assert (saved.added, saved.changed, saved.unchanged) == (0, 0, COUNT)
    assert await ensure_starter(database, NOW) is None


async def test_two_programs_that_start_together_install_it_once(database_url: str) -> None:
    both = [await Database.open(database_url) for _ in range(2)]
    try:
        saved = await asyncio.gather(*(ensure_starter(one, NOW) for one in both))
    finally:
        for one in both:
            await one.close()
    assert sorted(one.added for one in saved if one) == [COUNT]
