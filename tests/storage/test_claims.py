"""Claims: a question is taken once, kept while its owner lives, and taken over when it died."""

import asyncio

from storage import claims
from storage.database import Database, Session
from tests.doubles.storage_tour import DAY, MINUTE, NOW


async def claim(session: Session, key: str = "discord:m:G1:C1:1", **more: object) -> bool:
    values: dict[str, object] = {
        "event_id": "e",
        "platform": "discord",
        "community": "G1",
        "channel": "C1",
        "thread": None,
        "message_id": key.rsplit(":")[-1],
        "author": claims.author_key("", "7"),
        "question": '{"text": "why?"}',
        "now": NOW,
    }
    return await claims.insert_claim(session, key=key, **(values | more))  # type: ignore[arg-type]


async def take(session: Session, *keys: str, owner: str = "p1", after: int = 0) -> list[str]:
    now = NOW + after * MINUTE
    return await claims.take_claims(
        session, keys=keys, owner=owner, lease_until=now + MINUTE, now=now
    )


async def test_the_same_question_is_claimed_once(database: Database) -> None:
    async def insert() -> bool:
        async with database.write() as session:
            return await claim(session)

    assert sorted(await asyncio.gather(*(insert() for _ in range(6)))) == [False] * 5 + [True]


async def test_of_several_processes_one_takes_a_claim(database: Database) -> None:
    async with database.write() as session:
        await claim(session)

    async def compete(owner: str) -> list[str]:
        async with database.write() as session:
            return await take(session, "discord:m:G1:C1:1", owner=owner)

    taken = await asyncio.gather(*(compete(f"p{number}") for number in range(6)))
    assert sorted(map(len, taken)) == [0, 0, 0, 0, 0, 1]


async def test_a_claim_belongs_to_the_process_that_received_it_while_its_lease_holds(
    database: Database,
) -> None:
    async with database.write() as session:
        await claim(session, owner="p1", lease_until=NOW + MINUTE)
        assert await take(session, "discord:m:G1:C1:1", owner="p2") == []
        assert await claims.abandoned_claims(session, NOW, 9) == []
        assert await take(session, "discord:m:G1:C1:1", owner="p1") == ["discord:m:G1:C1:1"]


async def test_an_abandoned_claim_is_found_whole_and_taken_over(database: Database) -> None:
    async with database.write() as session:
        await claim(session)
        await take(session, "discord:m:G1:C1:1", owner="dead")
        await claims.save_address(session, "discord:m:G1:C1:1", "C1", "r1")
        [left] = await claims.abandoned_claims(session, NOW + 2 * MINUTE, 9)
        assert (left.state, left.attempts, left.address_message_id) == ("answering", 1, "r1")
        assert left.question == '{"text": "why?"}'
        on_slack = await claims.abandoned_claims(session, NOW + 2 * MINUTE, 9, platforms=["slack"])
        assert on_slack == []
        assert await take(session, left.key, owner="p2", after=2) == [left.key]
        assert await claims.renew_claims(session, [left.key], "dead", NOW + DAY) == []
        assert await claims.renew_claims(session, [left.key], "p2", NOW + DAY) == [left.key]
        assert await claims.abandoned_claims(session, NOW + 3 * MINUTE, 9) == []


async def test_a_finished_claim_is_never_taken_again(database: Database) -> None:
    async with database.write() as session:
        await claim(session)
        await take(session, "discord:m:G1:C1:1")
        await claims.finish_claims(session, ["discord:m:G1:C1:1"], "sent", NOW)
        assert await take(session, "discord:m:G1:C1:1", after=99) == []
        assert await claims.abandoned_claims(session, NOW + DAY, 9) == []
        found = await claims.claim_by_key(session, "discord:m:G1:C1:1")
    assert found is not None
    assert found.state == "sent"


async def test_catching_up_begins_at_the_last_message(database: Database) -> None:
    async with database.write() as session:
        await claim(session, "discord:m:G1:C1:10", now=NOW)
        await claim(session, "discord:m:G1:C1:11", now=NOW + MINUTE)
        await claim(session, "discord:i:G1:C1:99", now=NOW + 2 * MINUTE)
        await claim(session, "discord:m:G1:C2:12", channel="C2", thread="T", now=NOW + DAY)
        assert await claims.last_claimed_message(session, "C1") == "11"
        assert await claims.last_claimed_message(session, "C9") is None
        assert await claims.latest_messages(session, "discord", NOW) == {"C1": "11", "T": "12"}
        places = await claims.claimed_places(session, "discord", NOW + DAY)
    assert places == [claims.ClaimedPlace("G1", "C2", "T")]


async def test_old_questions_are_emptied_and_then_forgotten(database: Database) -> None:
    async with database.write() as session:
        await claim(session)
        await claim(session, "discord:m:G1:C1:2")
        await claims.finish_claims(session, "discord:m:G1:C1:1", "sent", NOW)
        assert await claims.forget_questions(session, NOW + MINUTE) == 1
        assert await claims.forget_questions(session, NOW + MINUTE) == 0
        emptied = await claims.claim_by_key(session, "discord:m:G1:C1:1")
        waiting = await claims.claim_by_key(session, "discord:m:G1:C1:2")
        assert await claims.purge_claims(session, NOW + MINUTE) == 1
        assert await claims.claim_by_key(session, "discord:m:G1:C1:1") is None
    assert emptied is not None
    assert waiting is not None
    assert (emptied.question, waiting.question) == ("", '{"text": "why?"}')
