"""Reviews: what an answer says about memory, when it is asked again, and what is due."""

from datetime import timedelta

import pytest
from fsrs import Rating

from storage import reviews
from storage.database import Database
from storage.reviews import LearnerParameters
from tests.doubles.practising import NOW, a_bench, a_learner, an_answer
from tutor.learner.model import record
from tutor.learner.reviewing import due, due_at, rating_of, reviewed, scheduler_with

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("how", "rating"),
    [
        ({"right": True}, Rating.Good),
        ({"right": True, "seconds": 3.0}, Rating.Easy),
        ({"right": True, "seconds": 90.0}, Rating.Good),
        ({"right": True, "aided": True, "seconds": 3.0}, Rating.Hard),
        ({"right": False}, Rating.Again),
        ({"right": False, "outcome": "partly", "score": 0.5}, Rating.Again),
        ({"right": True, "first_try": False}, None),
        ({"outcome": "opinion"}, None),
    ],
)
async def test_an_answer_says_how_well_it_was_remembered(
    database: Database, how: dict[str, object], rating: Rating | None
) -> None:
    async with database.write() as session:
        bench = await a_bench(session)
    assert rating_of(an_answer("somebody", bench, **how)) == rating


def test_what_is_remembered_comes_later_each_time_and_what_is_forgotten_soon() -> None:
    scheduler = scheduler_with(None)
    card, at, waits = None, NOW, []
    for _ in range(5):
        card = reviewed(scheduler, card, Rating.Good, at)
        waits.append((due_at(card) - at).days)
        at = due_at(card)
    forgotten = reviewed(scheduler, card, Rating.Again, at)
    assert waits == sorted(set(waits))
    assert waits[0] >= 1
    assert (due_at(forgotten) - at).days < waits[1]


async def test_due_is_what_was_practised_and_may_be_forgotten_by_now(database: Database) -> None:
    async with database.write() as session:
        learner_id, bench = await a_learner(session), await a_bench(session)
        await record(session, an_answer(learner_id, bench, skill=0), NOW)
        await record(session, an_answer(learner_id, bench, skill=1, right=False), NOW)
        fact = an_answer(learner_id, bench, skill=1, number=2, fact=True, right=False)
        await record(session, fact, NOW)
        assert await due(session, learner_id, NOW) == []
        tomorrow = await due(session, learner_id, NOW + DAY)
        later = await due(session, learner_id, NOW + 30 * DAY)
        count = await reviews.count_due(session, learner_id, NOW + 30 * DAY)
    subjects = {(one.skill_id, one.item_id) for one in tomorrow}
    assert subjects == {(bench.skills[1], None), (None, bench.item(1, 2))}
    assert len(later) == count == 3
    assert all(0 < one.recall < 0.9 for one in later)


async def test_fitted_parameters_are_those_that_schedule(database: Database) -> None:
    hasty = list(scheduler_with(None).parameters)
    hasty[2] = 50.0  # the first stability of what was remembered
    async with database.write() as session:
        learner_id, bench = await a_learner(session), await a_bench(session)
        fitted = LearnerParameters(learner_id, {"parameters": hasty}, 600, NOW)
        await reviews.put_learner_parameters(session, fitted)
        await record(session, an_answer(learner_id, bench), NOW)
        [card] = await reviews.cards_of(session, learner_id)
    assert (card.due_at - NOW).days == 50
