"""What is practised next: ready skills, new items near the right difficulty, never one twice."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from storage import items, predictors, ratings
from storage.database import Database, Session
from tests.doubles.practising import NOW, Bench, a_bench, a_learner, an_answer
from tutor.bank.store import load_item
from tutor.language import Language
from tutor.learner.choosing import choose_item, choose_skill, choose_twin
from tutor.learner.model import record

LATER = NOW + timedelta(hours=1)
GENERATOR = "integer-sum"


async def master(session: Session, learner_id: str, bench: Bench, skill: int) -> None:
    for number in range(4):
        await record(session, an_answer(learner_id, bench, skill=skill, number=number), NOW)


async def next_skill(session: Session, learner_id: str, bench: Bench) -> int | None:
    found = await choose_skill(session, learner_id=learner_id, course_id=bench.course_id, now=LATER)
    return bench.skills.index(found) if found else None


async def next_item(
    session: Session, learner_id: str, bench: Bench, skill: int = 0, **how: Any
) -> str | None:
    wanted: dict[str, Any] = {"language": Language.ENGLISH, "exclude": (), "rng": Random(1)}
    return await choose_item(
        session,
        learner_id=learner_id,
        skill_ids=[bench.skills[skill]],
        now=LATER,
        **wanted | how,
    )


async def test_a_skill_waits_until_what_it_requires_is_mastered(database: Database) -> None:
    async with database.write() as session:
        learner_id = await a_learner(session)
        bench = await a_bench(session, skills=3, requires=[(0, 2), (1, 2)])
        assert await next_skill(session, learner_id, bench) == 2
        await record(session, an_answer(learner_id, bench, skill=2), NOW)
        assert await next_skill(session, learner_id, bench) == 2
        await master(session, learner_id, bench, 2)
        assert await next_skill(session, learner_id, bench) == 0


async def test_what_was_begun_is_finished_first_and_the_weakest_of_it(database: Database) -> None:
    async with database.write() as session:
        learner_id, bench = await a_learner(session), await a_bench(session, skills=3)
        await record(session, an_answer(learner_id, bench, skill=1, right=True), NOW)
        assert await next_skill(session, learner_id, bench) == 1
        await record(session, an_answer(learner_id, bench, skill=2, right=False), NOW)
        assert await next_skill(session, learner_id, bench) == 2


async def test_when_all_is_mastered_the_oldest_comes_again(database: Database) -> None:
    async with database.write() as session:
        learner_id, bench = await a_learner(session), await a_bench(session)
        await master(session, learner_id, bench, 1)
        await master(session, learner_id, bench, 0)
        await record(session, an_answer(learner_id, bench, skill=1), LATER)
        assert await next_skill(session, learner_id, bench) == 0


async def test_a_skill_without_items_is_neither_chosen_nor_required(database: Database) -> None:
    async with database.write() as session:
        learner_id = await a_learner(session)
        empty = await a_bench(session, items_each=0)
        bench = await a_bench(session, requires=[(1, 0)])
        ids = list(bench.items[bench.skills[0]])
        await items.set_states(session, ids, "unverified", NOW)
        assert await next_skill(session, learner_id, empty) is None
        assert await next_skill(session, learner_id, bench) == 1


async def test_new_items_come_first_then_those_seen_longest_ago(database: Database) -> None:
    async with database.write() as session:
        learner_id, bench = await a_learner(session), await a_bench(session, items_each=3)
        order: list[str] = []
        for hour in range(6):
            item = await next_item(session, learner_id, bench)
            assert item is not None
            order.append(item)
            number = bench.items[bench.skills[0]].index(item)
            answer = an_answer(learner_id, bench, number=number)
            await record(session, answer, NOW + timedelta(hours=hour))
    assert len(set(order[:3])) == 3
    assert order[3:] == order[:3]


async def test_no_item_comes_twice_in_a_row_even_if_it_is_the_only_one(
    database: Database,
) -> None:
    async with database.write() as session:
        learner_id, bench = await a_learner(session), await a_bench(session, items_each=1)
        only = await next_item(session, learner_id, bench)
        assert only == bench.item()
        assert await next_item(session, learner_id, bench, exclude=[bench.item()]) is None
        await record(session, an_answer(learner_id, bench), NOW)
        assert await next_item(session, learner_id, bench) is None


async def test_an_unverified_or_retired_item_is_never_chosen(database: Database) -> None:
    async with database.write() as session:
        learner_id, bench = await a_learner(session), await a_bench(session, items_each=2)
        first, second = bench.items[bench.skills[0]]
        await items.set_states(session, [first], "unverified", NOW)
        assert await next_item(session, learner_id, bench) == second
        await items.set_states(session, [second], "retired", NOW)
        assert await next_item(session, learner_id, bench) is None


async def test_the_learner_s_language_goes_first_and_another_is_better_than_none(
    database: Database,
) -> None:
    async with database.write() as session:
        learner_id = await a_learner(session)
        english = await a_bench(session)
        chinese = await a_bench(session, language="zh-CN")
        both = [english.skills[0], chinese.skills[0]]
        for _ in range(5):
            chosen = await choose_item(
                session,
                learner_id=learner_id,
                skill_ids=both,
                language=Language.CHINESE,
                exclude=(),
                now=NOW,
                rng=Random(_),
            )
            assert chosen in chinese.items[chinese.skills[0]]
        alone = await next_item(session, learner_id, english, language=Language.CHINESE)
    assert alone in english.items[english.skills[0]]


@pytest.mark.parametrize("trained", [False, True])
async def test_of_new_items_the_one_with_success_near_the_aim_is_chosen(
    database: Database, trained: bool
) -> None:
    async with database.write() as session:
        learner_id, bench = await a_learner(session), await a_bench(session)
        for item, rating in zip(bench.items[bench.skills[0]], (3.0, -1.1, -4.0, 1.0), strict=True):
            await ratings.put_item_rating(session, item, ratings.Rating(rating, 50))
        if trained:  # everything is easier than Elo believes
            names = ("elo", "right", "wrong", "recent", "answers", "recent_anywhere", "fresh")
            features = dict.fromkeys(names, 0.0) | {"elo": 1.0}
            parameters = {"intercept": 2.1, "features": features, "skills": {}}
            await predictors.add_predictor(
                session, kind="next_answer", parameters=parameters, metrics={}, now=NOW
            )
        chosen = await next_item(session, learner_id, bench)
    assert chosen == bench.item(0, 3 if trained else 1)


async def test_a_generator_goes_on_when_the_bank_is_exhausted(database: Database) -> None:
    async with database.write() as session:
        learner_id = await a_learner(session)
        bench = await a_bench(session, items_each=1, generator=GENERATOR)
        await record(session, an_answer(learner_id, bench), NOW)
        made = await next_item(session, learner_id, bench)
        assert made is not None
        item = await load_item(session, made)
        assert item is not None
        again = await next_item(session, learner_id, bench, exclude=[made], rng=Random(2))
    assert made != bench.item()
    assert item.skill_ids == ((bench.skills[0],),)
    assert item.item.origin == "generator"
    assert again not in (None, made)


async def test_a_twin_is_of_the_same_family_where_there_is_one(database: Database) -> None:
    async with database.write() as session:
        learner_id = await a_learner(session)
        alike = await a_bench(session, items_each=2, family="f")
        others = await a_bench(session, items_each=2)
        for bench, skills in ((alike, [alike.skills[0]]), (others, [others.skills[0]])):
            twin = await choose_twin(
                session,
                learner_id=learner_id,
                item_id=bench.item(0, 0),
                skill_ids=skills,
                language=Language.ENGLISH,
                exclude=(),
                now=NOW,
                rng=Random(1),
            )
            assert twin == bench.item(0, 1)
