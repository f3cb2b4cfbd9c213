"""Quotas and counts: nobody gets past a limit, and sums outlive the hours they were made of."""

import asyncio
from datetime import timedelta

from storage import communities, usage
from storage.database import Database
from storage.usage import Allowed, Refused, Usage
from tests.doubles.storage_tour import DAY, HOUR, MINUTE, NOW, meet


async def people(database: Database, *user_ids: str) -> tuple[str, list[str]]:
    async with database.write() as session:
        community = await communities.community_for(
            session, platform="discord", external_id="G1", now=NOW
        )
        return community.id, [(await meet(session, user, "N")).id for user in user_ids]


async def ask(
    database: Database,
    community_id: str,
    learner_id: str,
    *,
    learner: int | None = None,
    community: int | None = None,
    after: timedelta = timedelta(),
    count: int = 1,
) -> Allowed | Refused:
    async with database.write() as session:
        return await usage.count_and_check(
            session,
            learner_id=learner_id,
            community_id=community_id,
            now=NOW + after,
            learner_limit=learner,
            community_limit=community,
            count=count,
        )


async def test_a_learner_s_quota_ends_and_begins_again_with_the_next_hour(
    database: Database,
) -> None:
    place, [mei] = await people(database, "1")
    answers = [await ask(database, place, mei, learner=2, after=MINUTE) for _ in range(4)]
    refused = Refused(NOW + HOUR, "learner")
    assert answers == [Allowed(), Allowed(), refused, refused]
    assert await ask(database, place, mei, learner=2, after=HOUR) == Allowed()


async def test_asking_at_once_does_not_get_past_the_quota(database: Database) -> None:
    place, [mei] = await people(database, "1")
    answers = await asyncio.gather(*(ask(database, place, mei, learner=3) for _ in range(10)))
    assert answers.count(Allowed()) == 3


async def test_a_refusal_by_the_community_costs_the_learner_nothing(database: Database) -> None:
    place, [mei, li] = await people(database, "1", "2")
    assert await ask(database, place, mei, learner=5, community=1) == Allowed()
    assert await ask(database, place, li, learner=5, community=1) == Refused(
        NOW + HOUR, "community"
    )
    async with database.read() as session:
        assert [window.questions for window in await usage.learner_usage(session, li, NOW)] == [0]


async def test_a_burst_counts_each_message(database: Database) -> None:
    place, [mei] = await people(database, "1")
    assert await ask(database, place, mei, learner=5, count=4) == Allowed()
    assert isinstance(await ask(database, place, mei, learner=5, count=2), Refused)
    assert await ask(database, place, mei, learner=5) == Allowed()
    assert isinstance(await ask(database, place, mei, learner=5, count=6), Refused)
    assert isinstance(await ask(database, place, mei, community=5, count=6), Refused)


async def test_no_limit_is_no_limit(database: Database) -> None:
    place, [mei] = await people(database, "1")
    assert await ask(database, place, mei, count=100_000) == Allowed()


async def test_hours_become_days_and_the_sums_stay(database: Database) -> None:
    place, [mei] = await people(database, "1")
    for hours in (0, 1, 1, 25, 72):
        await ask(database, place, mei, after=hours * HOUR)
    async with database.write() as session:
        for hours in (0, 1):
            await usage.add_tokens(
                session,
                learner_id=mei,
                community_id=place,
                now=NOW + hours * HOUR,
                prompt_tokens=100,
                completion_tokens=7,
            )
        for _ in range(2):  # again changes nothing
            await usage.sum_up_days(session, NOW + 2 * DAY)
        midnight = NOW.replace(hour=0)
        expected = [
            Usage(midnight, 3, 200, 14),
            Usage(midnight + DAY, 1, 0, 0),
            Usage(NOW + 3 * DAY, 1, 0, 0),
        ]
        assert await usage.learner_usage(session, mei, midnight) == expected
        assert await usage.community_usage(session, place, midnight) == expected
