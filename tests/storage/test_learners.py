"""Learners are recognised by their platform identities and keep what they chose."""

import asyncio
from datetime import UTC, datetime, timedelta

from storage import audit, learners
from storage.database import Database

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MEI = {"platform": "slack", "workspace": "T1", "user_id": "U1"}


async def see(
    database: Database, name: str = "Mei", locale: str | None = "zh-TW"
) -> learners.Learner:
    async with database.write() as session:
        return await learners.recognise(session, **MEI, display_name=name, locale=locale, now=NOW)


async def test_first_contact_makes_a_learner_and_the_second_recognises_them(
    database: Database,
) -> None:
    first, second = await see(database), await see(database)
    assert first.is_new
    assert not second.is_new
    assert (second.id, second.display_name, second.created_at) == (first.id, "Mei", NOW)


async def test_first_contact_in_two_places_at_once_makes_one_learner(database: Database) -> None:
    met = await asyncio.gather(*(see(database) for _ in range(8)))
    assert len({learner.id for learner in met}) == 1
    assert sum(learner.is_new for learner in met) == 1


async def test_the_same_user_id_in_another_workspace_is_somebody_else(database: Database) -> None:
    mei = await see(database)
    async with database.write() as session:
        other = await learners.recognise(
            session,
            platform="slack",
            workspace="T2",
            user_id="U1",
            display_name="Mei",
            locale=None,
            now=NOW,
        )
    assert other.id != mei.id


async def test_a_new_name_on_the_platform_is_followed(database: Database) -> None:
    await see(database, "Mei")
    assert (await see(database, "Mei Lin")).display_name == "Mei Lin"


async def test_a_chosen_name_stays_whatever_the_platform_says(database: Database) -> None:
    mei = await see(database, "Mei")
    async with database.write() as session:
        await learners.set_display_name(session, mei.id, "Professor")
    assert (await see(database, "Mei Lin")).display_name == "Professor"
    async with database.read() as session:
        found = await learners.find_identity(session, "slack", "T1", "U1")
    assert found is not None
    assert found.display_name == "Mei Lin"


async def test_what_somebody_set_is_remembered(database: Database) -> None:
    mei = await see(database)
    async with database.write() as session:
        await learners.set_language(session, mei.id, "zh-CN")
        await learners.set_settings(session, mei.id, {"pace": "slow"})
    again = await see(database)
    assert (again.language, again.settings) == ("zh-CN", {"pace": "slow"})
    async with database.read() as session:
        found = await learners.find_identity(session, "slack", "T1", "U1")
    assert found is not None
    assert (found.learner_id, found.language, found.locale) == (mei.id, "zh-CN", "zh-TW")


async def test_looking_for_an_identity_makes_nobody(database: Database) -> None:
    async with database.read() as session:
        assert await learners.find_identity(session, "slack", "T1", "U1") is None
        assert await learners.learner_by_id(session, "nobody") is None


async def test_blocking_is_remembered_with_its_reason_and_who_did_it(database: Database) -> None:
    mei = await see(database)
    later = NOW + timedelta(hours=1)
    async with database.write() as session:
        await learners.set_status(session, mei.id, "blocked", by=mei.id, reason="spam", now=later)
    again = await see(database)
    assert (again.status, again.status_reason) == ("blocked", "spam")
    async with database.read() as session:
        [entry] = await audit.entries(session, subject_id=mei.id)
    assert (entry.action, entry.actor_id, entry.details) == (
        "learner.blocked",
        mei.id,
        {"reason": "spam", "everywhere": True},
    )
    assert entry.recorded_at == later


async def test_identities_of_a_learner_are_listed(database: Database) -> None:
    mei = await see(database)
    async with database.read() as session:
        [identity] = await learners.identities(session, mei.id)
    assert (identity.platform, identity.workspace, identity.user_id) == ("slack", "T1", "U1")
