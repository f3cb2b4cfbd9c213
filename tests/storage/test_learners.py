"""Learners are recognised by their platform identities."""

from datetime import UTC, datetime

from storage import learners
from storage.database import Database

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


async def test_first_contact_makes_a_learner_and_the_second_recognises_them(
    database: Database,
) -> None:
    who = {"platform": "slack", "workspace": "T1", "user_id": "U1", "locale": "zh-TW"}
    async with database.write() as session:
        first = await learners.recognise(session, **who, display_name="Mei", now=NOW)
    async with database.write() as session:
        second = await learners.recognise(session, **who, display_name="Mei", now=NOW)
    assert first.is_new
    assert not second.is_new
    assert (second.id, second.display_name, second.created_at) == (first.id, "Mei", NOW)
