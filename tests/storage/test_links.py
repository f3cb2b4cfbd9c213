"""Linking: two identities become one learner, only with the code, and never more than allowed."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from storage import (
    audit,
    communities,
    consents,
    conversations,
    learners,
    links,
    standings,
    usage,
)
from storage.blobs import BlobStore
from storage.database import Database, Session
from storage.links import LinkOutcome, LinkTry
from storage.personal import learner_columns
from tests.doubles.storage_tour import MINUTE, NOW, Visitor, meet, visit

WRONG = "2222-222222"


async def guest(session: Session, user_id: str = "U1") -> learners.Learner:
    """Somebody on Slack."""
    return await learners.recognise(
        session,
        platform="slack",
        workspace="T1",
        user_id=user_id,
        display_name="Mei on Slack",
        locale=None,
        now=NOW,
    )


async def link(session: Session, host_id: str, guest_id: str) -> learners.Learner:
    code = await links.create_link_code(session, host_id, NOW)
    found = await links.try_link_code(session, code, guest_id, NOW)
    assert found.offer is not None
    linked = await links.confirm_link(session, found.offer.code_id, guest_id, NOW)
    assert linked is not None
    return linked


@pytest.fixture
async def pair(database: Database, tmp_path: Path) -> tuple[Visitor, Visitor]:
    """Two learners with a row or more in every table."""
    store = BlobStore(tmp_path / "blobs")
    return await visit(database, store, "100"), await visit(database, store, "200")


async def test_the_code_offers_both_names_and_the_confirmation_makes_one_learner(
    database: Database,
) -> None:
    async with database.write() as session:
        mei, other = await meet(session, "1", "Mei"), await guest(session)
        code = await links.create_link_code(session, mei.id, NOW)
        typed = code.lower().replace("-", " ")
        found = await links.try_link_code(session, typed, other.id, NOW + MINUTE)
        assert found.outcome is LinkOutcome.FOUND
        assert found.offer is not None
        names = (found.offer.host.display_name, found.offer.guest.display_name)
        assert names == ("Mei", "Mei on Slack")
        assert found.offer.host_identities[0].platform == "discord"
        linked = await links.confirm_link(session, found.offer.code_id, other.id, NOW + MINUTE)
        assert linked is not None
        assert linked.id == mei.id
        assert (await guest(session)).id == mei.id
        assert (await meet(session, "1", "Mei")).id == mei.id
        assert {known.platform for known in await learners.identities(session, mei.id)} == {
            "discord",
            "slack",
        }
        [entry] = await audit.entries(session, subject_id=mei.id)
    assert entry.action == "learner.linked"


async def test_a_code_is_good_once(database: Database) -> None:
    async with database.write() as session:
        mei, other, third = (
            await meet(session, "1", "Mei"),
            await guest(session),
            await guest(session, "U2"),
        )
        code = await links.create_link_code(session, mei.id, NOW)
        found = await links.try_link_code(session, code, other.id, NOW)
        assert found.offer is not None
        assert await links.confirm_link(session, found.offer.code_id, third.id, NOW) is None
        assert await links.confirm_link(session, found.offer.code_id, other.id, NOW)
        assert await links.confirm_link(session, found.offer.code_id, other.id, NOW) is None
        assert await links.try_link_code(session, code, third.id, NOW) == LinkTry(LinkOutcome.WRONG)


async def test_a_code_lives_ten_minutes_and_a_new_one_replaces_it(database: Database) -> None:
    async with database.write() as session:
        mei, other = await meet(session, "1", "Mei"), await guest(session)
        code = await links.create_link_code(session, mei.id, NOW)
        late = await links.try_link_code(session, code, other.id, NOW + 10 * MINUTE)
        assert late == LinkTry(LinkOutcome.EXPIRED)
        old = await links.create_link_code(session, mei.id, NOW)
        await links.create_link_code(session, mei.id, NOW)
        assert await links.try_link_code(session, old, other.id, NOW) == LinkTry(LinkOutcome.WRONG)


async def test_an_offer_that_is_too_old_links_nobody(database: Database) -> None:
    async with database.write() as session:
        mei, other = await meet(session, "1", "Mei"), await guest(session)
        code = await links.create_link_code(session, mei.id, NOW)
        found = await links.try_link_code(session, code, other.id, NOW)
        assert found.offer is not None
        late = NOW + timedelta(minutes=11)
        assert await links.confirm_link(session, found.offer.code_id, other.id, late) is None


async def test_a_person_has_five_tries(database: Database) -> None:
    async with database.write() as session:
        mei, other = await meet(session, "1", "Mei"), await guest(session)
        code = await links.create_link_code(session, mei.id, NOW)
        tries = [await links.try_link_code(session, WRONG, other.id, NOW) for _ in range(5)]
        assert {tried.outcome for tried in tries} == {LinkOutcome.WRONG}
        right = await links.try_link_code(session, code, other.id, NOW)
        assert right.outcome is LinkOutcome.TOO_MANY
        rested = await links.try_link_code(session, code, other.id, NOW + 9 * MINUTE)
        assert rested.outcome is LinkOutcome.TOO_MANY


async def test_a_code_has_five_tries_whoever_guesses(database: Database) -> None:
    async with database.write() as session:
        mei = await meet(session, "1", "Mei")
        code = await links.create_link_code(session, mei.id, NOW)
        selector = code.split("-")[0]
        guessers = [(await guest(session, f"U{number}")).id for number in range(6)]
        for guesser in guessers[:5]:
            guessed = await links.try_link_code(session, f"{selector}-222222", guesser, NOW)
            assert guessed.outcome is LinkOutcome.WRONG
        right = await links.try_link_code(session, code, guessers[5], NOW)
    assert right.outcome is LinkOutcome.EXPIRED


async def test_one_s_own_code_links_nothing(database: Database) -> None:
    async with database.write() as session:
        mei = await meet(session, "1", "Mei")
        code = await links.create_link_code(session, mei.id, NOW)
        assert await links.try_link_code(session, code, mei.id, NOW) == LinkTry(LinkOutcome.OWN)


async def test_the_code_itself_is_not_stored(database: Database) -> None:
    async with database.write() as session:
        mei = await meet(session, "1", "Mei")
        secret = (await links.create_link_code(session, mei.id, NOW)).split("-")[1]
        rows = await session.exec_driver_sql("SELECT * FROM link_codes")
        assert secret not in str(rows.all())


async def test_every_row_of_the_second_learner_belongs_to_the_first_afterwards(
    database: Database, pair: tuple[Visitor, Visitor]
) -> None:
    keep, gone = pair
    async with database.write() as session:
        counts = await session.exec_driver_sql("SELECT count(*) FROM turns")
        turns_before = counts.scalar_one()
        await link(session, keep.learner_id, gone.learner_id)
        for reference in learner_columns():
            statement = reference.table.select().where(reference.column == gone.learner_id)
            assert (await session.execute(statement)).first() is None, reference.column
        history = await conversations.learner_history(session, keep.learner_id, 99)
        counts = await session.exec_driver_sql("SELECT count(*) FROM turns")
    assert counts.scalar_one() == turns_before
    said = json.dumps([turn.text for turn in history])
    assert "question of 100" in said
    assert "question of 200" in said


async def test_the_stricter_consent_is_kept(database: Database) -> None:
    async with database.write() as session:
        mei, other = await meet(session, "1", "Mei"), await guest(session)
        for learner_id, purpose, granted in (
            (mei.id, "training", True),
            (other.id, "training", False),
            (mei.id, "reminders", True),
            (other.id, "reminders", True),
            (other.id, "research", True),  # the other one was never asked
        ):
            await consents.record_consent(
                session, learner_id, purpose, granted=granted, source="settings", now=NOW
            )
        await link(session, mei.id, other.id)
        assert await consents.current_consents(session, mei.id) == {
            "training": False,
            "reminders": True,
            "research": False,
        }
        assert not await consents.has_consent(session, mei.id, "training")
        sources = [entry.source for entry in await consents.consent_history(session, mei.id)]
    assert sources == ["settings"] * 5 + ["link"] * 3


async def test_quotas_are_not_doubled(database: Database, pair: tuple[Visitor, Visitor]) -> None:
    keep, gone = pair
    async with database.write() as session:
        await link(session, keep.learner_id, gone.learner_id)
        [window] = await usage.learner_usage(session, keep.learner_id, NOW)
    assert window.questions == 2


async def test_the_stricter_status_is_kept(database: Database) -> None:
    async with database.write() as session:
        mei, other = await meet(session, "1", "Mei"), await guest(session)
        await learners.set_status(session, other.id, "blocked", by=None, reason="spam", now=NOW)
        linked = await link(session, mei.id, other.id)
    assert (linked.status, linked.status_reason) == ("blocked", "spam")


@pytest.mark.parametrize("mine", ["paused", "blocked"])
async def test_the_stricter_standing_in_a_community_is_kept(database: Database, mine: str) -> None:
    decided: Any = {"by": None, "reason": "spam", "now": NOW}
    async with database.write() as session:
        mei, other = await meet(session, "1", "Mei"), await guest(session)
        both, one = [
            await communities.community_for(session, platform="discord", external_id=name, now=NOW)
            for name in ("G1", "G2")
        ]
        theirs = "blocked" if mine == "paused" else "paused"
        await standings.set_standing(session, both.id, mei.id, mine, **decided)
        await standings.set_standing(session, both.id, other.id, theirs, **decided)
        await standings.set_standing(session, one.id, other.id, "paused", **decided)
        linked = await link(session, mei.id, other.id)
        found = [
            await standings.standing(session, "discord", name, mei.id) for name in ("G1", "G2")
        ]
    assert (linked.status, found) == ("active", ["blocked", "paused"])


async def test_what_only_one_had_set_is_kept(database: Database) -> None:
    async with database.write() as session:
        mei, other = await meet(session, "1", "Mei"), await guest(session)
        await learners.set_language(session, other.id, "zh-CN")
        await learners.set_settings(session, mei.id, {"pace": "slow"})
        await learners.set_settings(session, other.id, {"pace": "fast", "level": 3})
        linked = await link(session, mei.id, other.id)
    assert linked.language == "zh-CN"
    assert linked.settings == {"pace": "slow", "level": 3}


async def test_two_open_conversations_in_one_place_become_one(database: Database) -> None:
    async with database.write() as session:
        mei, other = await meet(session, "1", "Mei"), await meet(session, "2", "Mei again")
        made = [
            await conversations.open_conversation(
                session,
                platform="discord",
                community_id=(await _community(session)),
                channel="C1",
                thread=None,
                learner_id=learner_id,
                now=NOW,
            )
            for learner_id in (mei.id, other.id)
        ]
        await link(session, mei.id, other.id)
        found = await conversations.conversation_by_id(session, made[1].id)
        assert found is not None
        assert found.learner_id == mei.id
        current = await conversations.open_conversation(
            session,
            platform="discord",
            community_id=await _community(session),
            channel="C1",
            thread=None,
            learner_id=mei.id,
            now=NOW,
        )
    assert current.id == made[0].id


async def _community(session: Session) -> str:
    made = await communities.community_for(session, platform="discord", external_id="G1", now=NOW)
    return made.id
