"""Merging two learners who both practised: one history, nothing twice, and all made again."""

from datetime import timedelta

from sqlalchemy import insert, select

from storage import jobs, practices, ratings, reviews, skill_states
from storage.database import Database, Session
from storage.identifiers import new_id
from storage.merging import merge_learners
from storage.models import ChecklistProgressRow, ChecklistRow, ConversationRow
from storage.reviews import LearnerParameters
from tests.doubles.practising import NOW, Bench, a_bench, a_conversation, a_learner, an_answer
from tutor.learner.model import record
from tutor.learner.rebuild import rebuild

DAY = timedelta(days=1)


async def practise(session: Session, learner_id: str, bench: Bench, days: list[int]) -> None:
    for day in days:
        for skill, fact in ((0, False), (1, True)):
            attempt = an_answer(learner_id, bench, skill=skill, right=day % 3 > 0, fact=fact)
            await record(session, attempt, NOW + day * DAY)


async def test_two_who_practised_the_same_become_one_with_one_history(database: Database) -> None:
    async with database.write() as session:
        keep, gone = await a_learner(session, "100"), await a_learner(session, "200")
        alone, bench = await a_learner(session, "300"), await a_bench(session)
        for day in range(8):
            await practise(session, keep if day % 2 else gone, bench, [day])
        await practise(session, alone, bench, list(range(8)))
        for learner_id in (keep, gone):
            fitted = LearnerParameters(learner_id, {}, 400, NOW)
            await reviews.put_learner_parameters(session, fitted)
        await merge_learners(session, keep_id=keep, gone_id=gone, now=NOW + 9 * DAY)
        [asked] = await jobs.list_jobs(session, kind="rebuild_learner")
        await rebuild(session, keep)
        mine = await skill_states.skill_states(session, keep)
        same = await skill_states.skill_states(session, alone)
        cards = await reviews.cards_of(session, keep)
        expected = await reviews.cards_of(session, alone)
        rating = await ratings.learner_rating(session, keep)
        assert await ratings.learner_rating(session, gone) is None
    assert asked.learner_id == keep
    assert rating is not None
    assert rating.attempts == 16
    for skill_id, state in same.items():
        assert mine[skill_id].mastery == state.mastery
        assert mine[skill_id].mastered_at == state.mastered_at
        assert mine[skill_id].unaided_right == state.unaided_right
    key = [(card.skill_id, card.item_id, card.card) for card in cards]
    assert key == [(card.skill_id, card.item_id, card.card) for card in expected]


async def test_two_lessons_in_one_thread_become_one(database: Database) -> None:
    async with database.write() as session:
        keep, gone = await a_learner(session, "100"), await a_learner(session, "200")
        thread = await a_conversation(session, None, "C1")
        begun = [
            await practices.begin_practice(
                session,
                learner_id=learner_id,
                conversation_id=thread,
                kind="lesson",
                language="en",
                plan={},
                now=NOW,
            )
            for learner_id in (gone, keep)
        ]
        await merge_learners(session, keep_id=keep, gone_id=gone, now=NOW)
        left = await practices.open_practice(session, keep, thread)
        all_ = await practices.practices_of(session, keep)
    assert left == begun[1]
    assert {practice.id for practice in all_} == {practice.id for practice in begun}


async def test_what_either_has_done_of_a_checklist_is_done(database: Database) -> None:
    async with database.write() as session:
        keep, gone = await a_learner(session, "100"), await a_learner(session, "200")
        thread = await a_conversation(session, None, "C1")
        here = select(ConversationRow.community_id).where(ConversationRow.id == thread)
        checklist = {
            "id": new_id(),
            "community_id": (await session.execute(here)).scalar_one(),
            "title": "Start",
            "tasks": [],
            "created_by": None,
            "created_at": NOW,
        }
        await session.execute(insert(ChecklistRow), checklist)
        for learner_id, done in ((keep, {"a": "1"}), (gone, {"b": "2"})):
            progress = {
                "checklist_id": checklist["id"],
                "learner_id": learner_id,
                "done": done,
                "started_at": NOW,
            }
            await session.execute(insert(ChecklistProgressRow), progress)
        await merge_learners(session, keep_id=keep, gone_id=gone, now=NOW)
        columns = select(ChecklistProgressRow.learner_id, ChecklistProgressRow.done)
        rows = (await session.execute(columns)).all()
    assert [tuple(row) for row in rows] == [(keep, {"a": "1", "b": "2"})]
