"""What an installation of an earlier version gets when this one starts on its data folder."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import wiring
from bot.settings import Settings
from storage import courses, items, migrate
from storage.database import Database
from tests.doubles.picture_atlas import OFFERED, an_atlas
from tutor.bank.starter import KEY
from tutor.bank.starter.installing import ensure_starter

EARLIER = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
BEFORE_PICTURES = "0008"


@pytest.fixture
async def old_installation(sqlite_url: str) -> None:
    """A data folder of before: an earlier schema, and a starter course without pictures."""
    await migrate.downgrade(sqlite_url, BEFORE_PICTURES)
    database = await Database.open(sqlite_url)
    await ensure_starter(database, EARLIER)
    await database.close()


@pytest.mark.usefixtures("old_installation")
async def test_pictures_are_asked_for_from_the_first_start_on_and_changed_at_no_later_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "shipped_atlas", an_atlas)
    lessons, known = await started(tmp_path)
    assert lessons[-2:] == ["pictures", "pictures-abroad"]
    assert sum(one.key.startswith("picture:") for one in known) == 4 * len(OFFERED)
    assert {one.version for one in known} == {1}
    assert await started(tmp_path) == (lessons, known)


async def started(data_dir: Path) -> tuple[list[str], list[items.Known]]:
    """The lessons and items of the starter course while the program runs."""
    async with (
        wiring.open_services(Settings(data_dir=data_dir)) as services,
        services.database.read() as session,
    ):
        course = await courses.course_by_key(session, KEY)
        assert course is not None
        lessons = [one.key for one in await courses.lessons_of(session, course.id)]
        known = await items.known_items(session, course.id)
    return lessons, sorted(known, key=lambda one: one.key)
