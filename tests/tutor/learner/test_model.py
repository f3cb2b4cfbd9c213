"""Recording answers: what each changes, what it leaves alone, and that it can be made again."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from storage import attempts, goals, ratings, reviews, skill_states
from storage.database import Database, Session
from tests.doubles.practising import NOW, Bench, a_bench, a_learner, an_answer
from tutor.grading.verdict import Outcome, Verdict
from tutor.learner.model import Learnt, record, regrade
from tutor.learner.rebuild import rebuild, rebuild_item

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def scene(database: Database) -> tuple[str, Bench]:
    async with database.write() as session:
        return await a_learner(session), await a_bench(session)


async def answer_often(
    session: Session, learner_id: str, bench: Bench, count: int, **how: object
) -> Learnt:
    learnt = None
    for number in range(count):
        attempt = an_answer(learner_id, bench, number=number % 4, **how)
        learnt = await record(session, attempt, NOW + number * MINUTE)
    assert learnt is not None
    return learnt


async def test_right_answers_without_help_master_a_skill_and_reach_the_goal(
    database: Database, scene: tuple[str, Bench]
) -> None:
    learner_id, bench = scene
    async with database.write() as session:
        goal = await goals.add_goal(
            session, learner_id=learner_id, kind="skill", skill_id=bench.skills[0], now=NOW
        )
        before = await answer_often(session, learner_id, bench, 3)
        assert not before.skills[0].mastered_now
        learnt = await record(session, an_answer(learner_id, bench, number=3), NOW)
        later = await record(session, an_answer(learner_id, bench, number=0), NOW)
        reached = await goals.reached_goals(session, learner_id)
    assert learnt.skills[0].mastered_now
    assert learnt.goals == (goal.id,)
    assert [one.id for one in reached] == [goal.id]
    assert not later.skills[0].mastered_now


async def test_hinted_answers_never_master_a_skill(
    database: Database, scene: tuple[str, Bench]
) -> None:
    learner_id, bench = scene
    async with database.write() as session:
        learnt = await answer_often(session, learner_id, bench, 30, aided=True, hints=1)
    state = learnt.skills[0].after
    assert (state.attempts, state.right, state.unaided) == (30, 30, 0)
    assert state.mastery == 0.3
    assert state.mastered_at is None


async def test_second_tries_and_opinions_change_no_mastery(
    database: Database, scene: tuple[str, Bench]
) -> None:
    learner_id, bench = scene
    async with database.write() as session:
        second = await record(session, an_answer(learner_id, bench, first_try=False), NOW)
        opinion = await record(session, an_answer(learner_id, bench, outcome="opinion"), NOW)
        cards = await reviews.cards_of(session, learner_id)
        kept = await attempts.latest_attempts(session, learner_id)
    assert second.skills[0].after.mastery == 0.3
    assert opinion.skills == ()
    assert cards == []
    assert [one.outcome for one in kept] == ["opinion", "right"]


async def test_wrong_answers_lower_what_is_expected_next(
    database: Database, scene: tuple[str, Bench]
) -> None:
    learner_id, bench = scene
    async with database.write() as session:
        await answer_often(session, learner_id, bench, 6, right=False)
        expected = [one.expected for one in await attempts.history(session, learner_id)]
        hard = await ratings.item_ratings(session, [bench.item()])
    assert expected[0] == 0.5
    assert expected[:4] == sorted(expected[:4], reverse=True)
    assert hard[bench.item()].rating > 0


async def test_a_step_teaches_all_its_skills(database: Database, scene: tuple[str, Bench]) -> None:
    learner_id, bench = scene
    async with database.write() as session:
        learnt = await record(session, an_answer(learner_id, bench, skill_ids=bench.skills), NOW)
    assert [change.skill_id for change in learnt.skills] == list(bench.skills)
    assert len({change.after.mastery for change in learnt.skills}) == 1


async def test_a_problem_of_ones_own_without_a_skill_is_kept(
    database: Database, scene: tuple[str, Bench]
) -> None:
    learner_id, bench = scene
    async with database.write() as session:
        learnt = await record(session, an_answer(learner_id, bench, skill_ids=()), NOW)
        kept = await attempts.attempt_by_id(session, learnt.attempt_id)
        rating = await ratings.learner_rating(session, learner_id)
    assert learnt.skills == ()
    assert kept is not None
    assert kept.skill_id is None
    assert rating is not None
    assert rating.attempts == 1


def any_answer(learner_id: str, bench: Bench, chance: random.Random) -> attempts.NewAttempt:
    """An answer of any kind that happens."""
    outcome = chance.choice(["right", "right", "partly", "wrong", "opinion"])
    return replace(
        an_answer(learner_id, bench, skill=chance.randrange(3), number=chance.randrange(4)),
        outcome=outcome,
        score={"right": 1.0, "partly": 0.5}.get(outcome, 0.0),
        first_try=chance.random() < 0.8,
        aided=chance.random() < 0.3,
        fact=chance.random() < 0.2,
        guess=chance.choice([0.0, 0.25, 0.5]),
        seconds=chance.choice([None, 3.0, 40.0]),
        skill_ids=tuple(chance.sample(bench.skills, chance.choice([1, 1, 2]))),
    )


async def standing(session: Session, learner_id: str) -> tuple[object, ...]:
    """All that follows from a learner's attempts."""
    noted = await reviews.reviews_of(session, learner_id)
    return (
        await skill_states.skill_states(session, learner_id),
        await ratings.learner_rating(session, learner_id),
        {card.id: card for card in await reviews.cards_of(session, learner_id)},
        noted,
    )


@pytest.mark.parametrize("seed", range(4))
async def test_what_was_rebuilt_equals_what_was_learnt_online(
    database: Database, seed: int
) -> None:
    chance = random.Random(seed)
    async with database.write() as session:
        bench = await a_bench(session, skills=3)
        ann, bob = await a_learner(session, "100"), await a_learner(session, "200")
        now = NOW
        for _ in range(60):
            now += timedelta(hours=chance.choice([0, 1, 30]))
            await record(session, any_answer(chance.choice([ann, bob]), bench, chance), now)
        items = [item for skill in bench.items.values() for item in skill]
        online = await standing(session, ann), await standing(session, bob)
        rated = await ratings.item_ratings(session, items)
        await rebuild(session, ann)
        await rebuild(session, bob)
        for item in rated:
            await rebuild_item(session, item)
        again = await standing(session, ann), await standing(session, bob)
        rated_again = await ratings.item_ratings(session, items)
    assert all(online[0]), "there is something of each kind"
    assert again == online
    assert rated_again == rated


async def test_a_regrade_counts_as_if_it_had_been_graded_so_at_once(
    database: Database, scene: tuple[str, Bench]
) -> None:
    learner_id, bench = scene
    async with database.write() as session:
        twin = await a_learner(session, "200")
        for number in range(6):
            moment = NOW + number * MINUTE
            wrong = number == 2
            await record(session, an_answer(learner_id, bench, right=not wrong), moment)
            await record(session, an_answer(twin, bench), moment)
        [mistaken] = [a for a in await attempts.history(session, learner_id) if a.score == 0]
        right = Verdict(Outcome.RIGHT, 1.0)
        changed = await regrade(
            session, mistaken, right, reason="the key was wrong", by=None, now=NOW
        )
        again = await attempts.attempt_by_id(session, mistaken.id)
        assert again is not None
        twice = await regrade(session, again, right, reason="again", by=None, now=NOW)
        mine = await skill_states.skill_states(session, learner_id)
        theirs = await skill_states.skill_states(session, twin)
        rated = [review.rating for review in await reviews.reviews_of(session, learner_id)]
    skill = bench.skills[0]
    assert (changed, twice) == (True, False)
    assert again.regraded
    assert again.outcome == "right"
    assert mine[skill].mastery == theirs[skill].mastery
    assert mine[skill].mastered_at == theirs[skill].mastered_at
    assert mine[skill].unaided_right == 6
    assert rated == [3] * 6
