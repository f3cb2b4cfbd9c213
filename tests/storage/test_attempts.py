"""Attempts: kept as they were given, read with the grade that holds now, page by page."""

import pytest

from storage import attempts
from storage.attempts import Attempt
from storage.database import Database, Session
from tests.doubles.practising import NOW, Bench, a_bench, a_learner, an_answer


@pytest.fixture
async def scene(database: Database) -> tuple[str, Bench]:
    async with database.write() as session:
        return await a_learner(session), await a_bench(session)


async def give(session: Session, learner_id: str, bench: Bench, **how: object) -> Attempt:
    new = an_answer(learner_id, bench, **how)
    attempt_id = await attempts.add_attempt(session, new, expected=0.5, now=NOW)
    found = await attempts.attempt_by_id(session, attempt_id)
    assert found is not None
    return found


async def grade(session: Session, attempt: Attempt, outcome: str, score: float) -> None:
    await attempts.add_regrade(
        session, attempt, outcome=outcome, score=score, reason="why", by=None, now=NOW
    )


async def test_the_latest_grade_holds_and_the_first_is_kept(
    database: Database, scene: tuple[str, Bench]
) -> None:
    async with database.write() as session:
        attempt = await give(session, *scene, right=False)
        await grade(session, attempt, "partly", 0.5)
        await grade(session, attempt, "right", 1.0)
        now = await attempts.attempt_by_id(session, attempt.id)
        first = "SELECT outcome, score FROM attempts"
        assert (await session.exec_driver_sql(first)).one() == ("wrong", 0.0)
    assert now is not None
    assert (now.outcome, now.score, now.regraded) == ("right", 1.0, True)
    assert (attempt.outcome, attempt.regraded) == ("wrong", False)


async def test_pages_hold_everything_once_and_in_order(
    database: Database, scene: tuple[str, Bench]
) -> None:
    learner_id, bench = scene
    async with database.write() as session:
        other = await a_learner(session, "200")
        given = [await give(session, learner_id, bench, number=n % 4) for n in range(7)]
        await give(session, other, bench)
        pages, after = [], ""
        while page := await attempts.history(session, learner_id, after=after, limit=3):
            pages.append(page)
            after = page[-1].id
        newest = await attempts.latest_attempts(session, learner_id, limit=2)
        older = await attempts.latest_attempts(session, learner_id, before=newest[-1].id)
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [one for page in pages for one in page] == given
    assert [*newest, *older] == given[::-1]


async def test_attempts_are_found_by_skill_item_course_and_practice(
    database: Database, scene: tuple[str, Bench]
) -> None:
    learner_id, bench = scene
    async with database.write() as session:
        first = await give(session, learner_id, bench, skill=0, number=1)
        second = await give(session, learner_id, bench, skill=1, number=2)
        by_skill = await attempts.latest_attempts(session, learner_id, skill_id=bench.skills[1])
        by_item = await attempts.attempts_on_item(session, bench.item(0, 1))
        by_course = await attempts.attempts_in_course(session, bench.course_id)
        everybody = await attempts.attempts_after(session)
        seen = await attempts.seen_items(session, learner_id, bench.skills[0])
    assert by_skill == [second]
    assert by_item == [first]
    assert by_course == everybody == [first, second]
    assert seen == {bench.item(0, 1): NOW}
