"""Retention: text older than a community allows is gone, counts and newer text stay."""

from datetime import timedelta

import pytest

from storage import claims, communities, conversations, turns, usage
from storage.database import Database
from storage.retention import Retained, apply_retention
from tests.doubles.storage_tour import DAY, NOW, meet


async def talk(database: Database, external_id: str, *ages_days: int) -> str:
    """A private conversation with one exchange at each age; returns its id."""
    async with database.write() as session:
        mei = await meet(session, "1", "Mei", NOW - 400 * DAY)
        community = await communities.community_for(
            session, platform="discord", external_id=external_id, now=NOW
        )
        made = await conversations.open_conversation(
            session,
            platform="discord",
            community_id=community.id,
            channel=f"C-{external_id}",
            thread=None,
            learner_id=mei.id,
            now=NOW - 400 * DAY,
        )
        for age in ages_days:
            when = NOW - age * DAY
            key = f"discord:m:{external_id}:C:{age}"
            await claims.insert_claim(
                session,
                key=key,
                event_id="e",
                platform="discord",
                community=external_id,
                channel="C",
                thread=None,
                message_id=str(age),
                author=claims.author_key("", "1"),
                question="{}",
                now=when,
            )
            await claims.finish_claims(session, key, "sent", when)
            for role in ("user", "assistant"):
                turn = await turns.add_turn(
                    session,
                    conversation_id=made.id,
                    role=role,
                    text=f"{role} {age} days ago",
                    claim_key=key,
                    learner_id=mei.id,
                    now=when,
                )
            await turns.rate_turn(session, turn.id, mei.id, 1, when)
            await turns.rewrite_turn(session, turn.id, f"edited {age} days ago", when)
            await usage.count_and_check(
                session,
                learner_id=mei.id,
                community_id=community.id,
                now=when,
                learner_limit=None,
                community_limit=None,
            )
        await conversations.set_summary(session, made.id, "All they ever said.", turn.id)
        return made.id


async def ages(database: Database, conversation_id: str) -> list[str]:
    async with database.read() as session:
        stored = await turns.recent_turns(session, conversation_id, 99)
    return [turn.text for turn in stored if turn.role == "user"]


async def test_each_community_keeps_text_as_long_as_it_says(database: Database) -> None:
    usual = await talk(database, "G1", 200, 91, 89, 0)
    strict = await talk(database, "G2", 200, 8, 6)
    async with database.write() as session:
        found = await communities.community_for(
            session, platform="discord", external_id="G2", now=NOW
        )
        await communities.configure_community(session, found.id, retention_days=7)
    done = await apply_retention(database, NOW)
    assert done == Retained(turns=8, conversations=0, claims=4)
    assert await ages(database, usual) == ["user 89 days ago", "user 0 days ago"]
    assert await ages(database, strict) == ["user 6 days ago"]
    again = await apply_retention(database, NOW)
    assert again == Retained(turns=0, conversations=0, claims=0)


async def test_the_installation_s_own_days_are_the_default(database: Database) -> None:
    talked = await talk(database, "G1", 20, 5)
    await apply_retention(database, NOW, default_days=10)
    assert await ages(database, talked) == ["user 5 days ago"]


async def test_summaries_and_versions_of_old_text_go_with_it(database: Database) -> None:
    talked = await talk(database, "G1", 100, 5)
    await apply_retention(database, NOW)
    async with database.read() as session:
        found = await conversations.conversation_by_id(session, talked)
        versions = await session.exec_driver_sql("SELECT text FROM turn_revisions")
        assert versions.scalars().all() == ["assistant 5 days ago"]
    assert found is not None
    assert found.summary == ""


async def test_a_conversation_with_nothing_left_goes_too(database: Database) -> None:
    talked = await talk(database, "G1", 100)
    assert (await apply_retention(database, NOW)).conversations == 1
    async with database.read() as session:
        assert await conversations.conversation_by_id(session, talked) is None


async def test_counts_outlive_the_text(database: Database) -> None:
    await talk(database, "G1", 200, 100)
    await apply_retention(database, NOW)
    async with database.read() as session:
        [community] = await communities.communities(session)
        counted = await usage.community_usage(session, community.id, NOW - 300 * DAY)
    assert sum(window.questions for window in counted) == 2


async def test_answered_questions_are_emptied_after_a_day(database: Database) -> None:
    await talk(database, "G1", 2, 0)
    await apply_retention(database, NOW + timedelta(hours=1))
    async with database.read() as session:
        questions = {
            age: await claims.claim_by_key(session, f"discord:m:G1:C:{age}") for age in (2, 0)
        }
    assert questions[2] is not None
    assert questions[0] is not None
    assert (questions[2].question, questions[0].question) == ("", "{}")


async def test_many_old_turns_go_in_several_transactions(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.retention.TURNS_AT_ONCE", 3)
    talked = await talk(database, "G1", *range(91, 99), 1)
    assert (await apply_retention(database, NOW)).turns == 16
    assert await ages(database, talked) == ["user 1 days ago"]
