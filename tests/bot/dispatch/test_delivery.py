"""What Daoshi says on its own goes out once, and says so in the outbox."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.adapter import Address, DeliveryImpossible, Notice
from bot.dispatch.delivery import LEASE, Delivery
from storage import outbox
from storage.database import StorageUnavailable
from storage.outbox import OutboxRow
from tests.doubles.fake_adapter import FakeAdapter
from tutor.messages import Platform
from tutor.notices import notice_body

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Post(FakeAdapter):
    """Does something of a test's choosing before each delivery."""

    def __init__(self, before: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self._before = before

    async def deliver(self, notice: Notice) -> Address:
        self._before()
        return await super().deliver(notice)


async def delivery_of(stage: Any, post: Post, clock: list[datetime], owner: str) -> Delivery:
    services = replace(stage.services, now=lambda: clock[0])
    return Delivery(services, {Platform.DISCORD: post}, owner)


async def write(stage: Any, count: int) -> list[str]:
    async with stage.services.database.write() as session:
        return [
            await outbox.add_notice(
                session, platform="discord", recipient="ann", body=notice_body("hi"), now=NOON
            )
            for _ in range(count)
        ]


async def states(stage: Any, ids: list[str]) -> list[str]:
    found: list[OutboxRow | None] = []
    async with stage.services.database.read() as session:
        found = [await outbox.notice_by_id(session, one) for one in ids]
    return [row.state for row in found if row]


async def test_notices_go_out_once(make_stage: Any) -> None:
    stage = await make_stage()
    ids = await write(stage, 2)
    post = Post()
    delivery = await delivery_of(stage, post, [NOON], "us")
    assert await delivery.deliver_due() == 2
    assert await delivery.deliver_due() == 0
    assert [notice.id for notice in post.notices] == ids
    assert await states(stage, ids) == ["sent", "sent"]


async def test_what_is_not_out_when_the_lease_ends_is_left_to_whoever_takes_it(
    make_stage: Any,
) -> None:
    stage = await make_stage()
    ids = await write(stage, 3)
    clock = [NOON]

    def slow() -> None:
        clock[0] += LEASE * 0.6

    ours, theirs = Post(slow), Post()
    await (await delivery_of(stage, ours, clock, "us")).deliver_due()
    assert await states(stage, ids) == ["sent", "sent", "sending"]
    await (await delivery_of(stage, theirs, clock, "them")).deliver_due()
    assert [notice.id for notice in ours.notices + theirs.notices] == ids


async def test_a_notice_is_not_sent_again_because_the_database_was_away_for_a_moment(
    make_stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = await make_stage()
    ids = await write(stage, 1)
    mark, failures = outbox.mark_sent, [StorageUnavailable("locked")]

    async def sometimes(*arguments: Any) -> None:
        if failures:
            raise failures.pop()
        await mark(*arguments)

    monkeypatch.setattr(outbox, "mark_sent", sometimes)
    post, clock = Post(), [NOON]
    delivery = await delivery_of(stage, post, clock, "us")
    await delivery.deliver_due()
    clock[0] += LEASE + timedelta(seconds=1)
    await delivery.deliver_due()
    assert len(post.notices) == 1
    assert await states(stage, ids) == ["sent"]


async def test_what_fails_is_tried_later_and_what_is_impossible_is_not(make_stage: Any) -> None:
    stage = await make_stage()
    ids = await write(stage, 2)
    errors: list[Exception] = [ConnectionError("away"), DeliveryImpossible("left")]

    def fail() -> None:
        if errors:
            raise errors.pop(0)

    post, clock = Post(fail), [NOON]
    delivery = await delivery_of(stage, post, clock, "us")
    await delivery.deliver_due()
    assert await states(stage, ids) == ["waiting", "impossible"]
    clock[0] += timedelta(minutes=1)
    await delivery.deliver_due()
    assert [notice.id for notice in post.notices] == ids[:1]


class ClosedChannel(FakeAdapter):
    """Takes direct messages only."""

    async def deliver(self, notice: Notice) -> Address:
        if notice.place is not None:
            raise DeliveryImpossible("not in that channel")
        return await super().deliver(notice)


async def test_what_its_place_does_not_take_goes_to_its_recipient(make_stage: Any) -> None:
    stage = await make_stage()
    async with stage.services.database.write() as session:
        await outbox.put_card(
            session,
            key="run",
            platform="discord",
            recipient="ann",
            place={"platform": "discord", "community": "g", "channel": "c", "thread": None},
            body=notice_body("1 %", card={"title": "Run", "phase": "a", "brief": "Run: a"}),
            now=NOON,
        )
    post = ClosedChannel()
    services = replace(stage.services, now=lambda: NOON)
    await Delivery(services, {Platform.DISCORD: post}, "us").deliver_due()
    [shown] = post.notices
    assert (shown.place, shown.recipient, shown.draft.text) == (None, "ann", "1 %")
    assert shown.card is not None and shown.card.title == "Run"
