"""The outbox: every notice is delivered once, late rather than never."""

import asyncio
from datetime import datetime, timedelta

from storage import outbox
from storage.database import Database, Session
from storage.outbox import OutboxRow
from tests.doubles.storage_tour import DAY, HOUR, MINUTE, NOW


async def add(session: Session, text: str = "Time to review!", **more: object) -> str:
    values: dict[str, object] = {"platform": "discord", "recipient": "7", "now": NOW}
    return await outbox.add_notice(
        session,
        body={"text": text},
        **(values | more),  # type: ignore[arg-type]
    )


async def take(session: Session, owner: str = "p1", after: int = 0) -> list[OutboxRow]:
    now = NOW + after * MINUTE
    return await outbox.take_due(
        session, platforms=["discord"], owner=owner, lease_until=now + MINUTE, now=now
    )


async def test_a_notice_goes_to_one_deliverer_as_it_was_written(database: Database) -> None:
    async with database.write() as session:
        notice_id = await add(session, place={"channel": "C1"}, edits=("C1", "m1"))
        await add(session, platform="slack")

    async def compete(owner: str) -> list[OutboxRow]:
        async with database.write() as session:
            return await take(session, owner)

    taken = await asyncio.gather(*(compete(f"p{number}") for number in range(5)))
    [[row]] = [rows for rows in taken if rows]
    assert (row.id, row.recipient, row.body) == (notice_id, "7", {"text": "Time to review!"})
    assert (row.place, row.edits_channel, row.edits_message_id) == ({"channel": "C1"}, "C1", "m1")
    assert row.attempts == 1


async def test_the_same_notice_is_written_once(database: Database) -> None:
    async with database.write() as session:
        first = await add(session, dedupe_key="review 1")
        assert await add(session, "again", dedupe_key="review 1") == first
        assert await add(session) != await add(session)


async def test_a_notice_waits_for_its_time_and_is_tried_again(database: Database) -> None:
    async with database.write() as session:
        notice_id = await add(session, not_before=NOW + HOUR)
        assert await take(session) == []
        [row] = await take(session, after=60)
        await outbox.retry_later(session, row.id, "rate limited", NOW + 2 * HOUR)
        assert await take(session, after=90) == []
        [again] = await take(session, after=120)
        assert (again.id, again.attempts, again.error) == (notice_id, 2, "rate limited")


async def test_a_deliverer_that_died_is_replaced(database: Database) -> None:
    async with database.write() as session:
        notice_id = await add(session)
        await take(session, "dead")
        assert await take(session, "p2") == []
        assert [row.id for row in await take(session, "p2", after=2)] == [notice_id]


async def test_what_is_delivered_or_undeliverable_is_over(database: Database) -> None:
    async with database.write() as session:
        sent, failed, impossible = [await add(session, str(number)) for number in range(3)]
        row = await outbox.notice_by_id(session, sent)
        assert row is not None
        await outbox.mark_sent(session, row, "D7", "m9", NOW)
        await outbox.mark_failed(session, failed, "tried ten times", NOW)
        await outbox.mark_impossible(session, impossible, "left the server", NOW)
        assert await take(session, after=999) == []
        found = await outbox.notice_by_id(session, sent)
        assert await outbox.purge_outbox(session, NOW + DAY) == 3
    assert found is not None
    assert (found.state, found.address_channel, found.address_message_id) == ("sent", "D7", "m9")


async def card(session: Session, text: str, at: datetime = NOW) -> None:
    await outbox.put_card(
        session,
        key="run 1",
        platform="discord",
        place={"channel": "C1"},
        body={"text": text},
        now=at,
    )


async def test_of_what_a_card_says_only_the_newest_goes_out(database: Database) -> None:
    async with database.write() as session:
        for text in ("1 %", "2 %", "3 %"):
            await card(session, text)
        [row] = await take(session)
        assert row.body == {"text": "3 %"}


async def test_a_card_is_edited_where_it_was_sent_and_not_too_often(database: Database) -> None:
    async with database.write() as session:
        await card(session, "1 %")
        [row] = await take(session)
        await outbox.mark_sent(session, row, "C1", "m1", NOW)
        await card(session, "2 %", NOW + timedelta(seconds=1))
        assert await take(session) == []
        [again] = await take(session, after=1)
    assert (again.id, again.edits_channel, again.edits_message_id) == (row.id, "C1", "m1")
    assert (again.body, again.not_before > row.not_before) == ({"text": "2 %"}, True)


async def test_a_card_that_changed_while_it_was_sent_is_due_once_more(database: Database) -> None:
    async with database.write() as session:
        await card(session, "1 %")
        [row] = await take(session)
        await card(session, "2 %")
        assert await take(session) == []
        await outbox.mark_sent(session, row, "C1", "m1", NOW)
        [again] = await take(session, after=1)
        assert (again.body, again.edits_message_id) == ({"text": "2 %"}, "m1")
        await outbox.mark_sent(session, again, "C1", "m1", NOW)
        await card(session, "2 %")
        assert await take(session, after=99) == []


async def test_a_card_that_can_never_be_shown_is_left_alone(database: Database) -> None:
    async with database.write() as session:
        await card(session, "1 %")
        [row] = await take(session)
        await outbox.mark_impossible(session, row.id, "no such channel", NOW)
        await card(session, "2 %")
        assert await take(session, after=99) == []
