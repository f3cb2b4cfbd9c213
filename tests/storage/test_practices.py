"""Practices: one open in a conversation, saved by one at a time, and still there tomorrow."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from storage import practices
from storage.database import Database, Session
from storage.practices import Practice
from storage.retention import apply_retention
from tests.doubles.practising import NOW, a_conversation, a_learner

LATER = NOW + timedelta(minutes=5)
PLAN: Mapping[str, Any] = {"items": ["a", "b"]}


async def begin(
    session: Session, learner_id: str, conversation_id: str, now: Any = NOW
) -> Practice:
    return await practices.begin_practice(
        session,
        learner_id=learner_id,
        conversation_id=conversation_id,
        kind="lesson",
        language="en",
        plan=PLAN,
        now=now,
    )


@pytest.fixture
async def begun(database: Database) -> Practice:
    async with database.write() as session:
        learner_id = await a_learner(session)
        return await begin(session, learner_id, await a_conversation(session, learner_id))


async def test_a_lesson_goes_on_where_it_stood_after_a_restart(
    database: Database, begun: Practice, database_url: str
) -> None:
    async with database.write() as session:
        changed = replace(begun, dialogue={"tries": 1}, plan={"items": ["b"]})
        saved = await practices.save_practice(session, changed, LATER)
    await database.close()
    again = await Database.open(database_url)
    async with again.read() as session:
        assert begun.conversation_id is not None
        found = await practices.open_practice(session, begun.learner_id, begun.conversation_id)
    await again.close()
    assert found == saved
    assert found is not None
    assert (found.version, found.dialogue, found.plan) == (2, {"tries": 1}, {"items": ["b"]})


async def test_of_two_answers_at_once_one_is_refused(database: Database, begun: Practice) -> None:
    async with database.write() as session:
        first = await practices.save_practice(session, replace(begun, plan={}), LATER)
        second = await practices.save_practice(session, replace(begun, plan=PLAN), LATER)
        kept = await practices.practice_by_id(session, begun.id)
    assert second is None
    assert kept == first


async def test_an_ended_practice_can_be_changed_no_more(
    database: Database, begun: Practice
) -> None:
    async with database.write() as session:
        ended = await practices.end_practice(session, begun, LATER)
        assert ended is not None
        assert await practices.save_practice(session, ended, LATER) is None
        assert await practices.end_practice(session, ended, LATER) is None
        assert await practices.latest_open_practice(session, begun.learner_id) is None
        assert await practices.practices_of(session, begun.learner_id) == [ended]


async def test_beginning_another_one_ends_the_one_that_runs_there(
    database: Database, begun: Practice
) -> None:
    async with database.write() as session:
        elsewhere = await a_conversation(session, begun.learner_id, "D2")
        other = await begin(session, begun.learner_id, elsewhere, LATER)
        assert begun.conversation_id is not None
        new = await begin(session, begun.learner_id, begun.conversation_id, NOW)
        old = await practices.practice_by_id(session, begun.id)
        here = await practices.open_practice(session, begun.learner_id, begun.conversation_id)
        latest = await practices.latest_open_practice(session, begun.learner_id)
    assert old is not None
    assert old.ended_at == NOW
    assert here == new
    assert latest == other


async def test_each_learner_has_their_own_in_a_shared_thread(database: Database) -> None:
    async with database.write() as session:
        thread = await a_conversation(session, None, "C1")
        ann, bob = await a_learner(session, "100"), await a_learner(session, "200")
        hers, his = await begin(session, ann, thread), await begin(session, bob, thread)
        assert await practices.open_practice(session, ann, thread) == hers
        assert await practices.open_practice(session, bob, thread) == his


async def test_a_practice_outlives_its_forgotten_conversation(
    database: Database, begun: Practice
) -> None:
    kept = await apply_retention(database, NOW + timedelta(days=80), 90)
    gone = await apply_retention(database, NOW + timedelta(days=100), 90)
    async with database.read() as session:
        practice = await practices.practice_by_id(session, begun.id)
    assert (kept.conversations, gone.conversations) == (0, 1)
    assert practice is not None
    assert practice.conversation_id is None
    assert practice.ended_at is not None
