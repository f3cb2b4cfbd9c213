"""What Daoshi says on its own goes out once, to the one it is for."""

from datetime import timedelta
from typing import Any

from bot.adapter import Address, DeliveryImpossible, Notice
from bot.notices import notice_body
from storage import claims, outbox
from tests.doubles.fake_adapter import FakeAdapter
from tests.doubles.questions import person, question


class OneTerminal(FakeAdapter):
    """A platform on which only Ann is here."""

    def reaches(self, user_id: str) -> bool:
        return user_id == "ann"


class RefusingPlatform(FakeAdapter):
    def __init__(self, *errors: Exception) -> None:
        super().__init__()
        self._errors = list(errors)

    async def deliver(self, notice: Notice) -> Address:
        if self._errors:
            raise self._errors.pop(0)
        return await super().deliver(notice)


async def write(stage: Any, recipient: str = "ann", **more: Any) -> str:
    body = more.pop("body", notice_body("Time to review."))
    async with stage.services.database.write() as session:
        return await outbox.add_notice(
            session,
            platform="discord",
            recipient=recipient,
            body=body,
            now=stage.services.now(),
            **more,
        )


async def state_of(stage: Any, notice_id: str) -> outbox.OutboxRow:
    async with stage.services.database.read() as session:
        row = await outbox.notice_by_id(session, notice_id)
    assert row is not None
    return row


async def test_a_notice_is_delivered_once_and_its_address_kept(make_stage: Any) -> None:
    stage = await make_stage()
    notice_id = await write(stage)
    assert await stage.dispatcher._delivery.deliver_due() == 1
    assert await stage.dispatcher._delivery.deliver_due() == 0
    assert [notice.draft.text for notice in stage.platform.notices] == ["Time to review."]
    row = await state_of(stage, notice_id)
    assert (row.state, row.address_message_id) == ("sent", notice_id)


async def test_a_picture_of_a_notice_comes_from_its_blob(make_stage: Any) -> None:
    stage = await make_stage()
    blob = await stage.services.blobs.put(b"png")
    picture = {"hash": blob.hash, "name": "curve.png", "alt": "a falling curve"}
    await write(stage, body=notice_body("Done.", pictures=[picture]))
    await stage.dispatcher._delivery.deliver_due()
    (shown,) = stage.platform.notices[0].draft.pictures
    assert (shown.data, shown.alt) == (b"png", "a falling curve")


async def test_a_notice_that_can_never_arrive_is_not_tried_again(make_stage: Any) -> None:
    stage = await make_stage(platform=RefusingPlatform(DeliveryImpossible("left the server")))
    notice_id = await write(stage)
    await stage.dispatcher._delivery.deliver_due()
    assert (await state_of(stage, notice_id)).state == "impossible"
    assert await stage.dispatcher._delivery.deliver_due() == 0


async def test_a_notice_that_failed_is_tried_later(make_stage: Any) -> None:
    stage = await make_stage(platform=RefusingPlatform(ConnectionError("away")))
    notice_id = await write(stage)
    await stage.dispatcher._delivery.deliver_due()
    row = await state_of(stage, notice_id)
    assert row.state == "waiting"
    assert row.not_before > stage.services.now()
    assert stage.platform.notices == []


async def test_a_notice_for_another_terminal_waits_for_it(make_stage: Any) -> None:
    stage = await make_stage(platform=OneTerminal())
    notice_id = await write(stage, recipient="bo")
    await stage.dispatcher._delivery.deliver_due()
    assert (await state_of(stage, notice_id)).state == "waiting"
    assert stage.platform.notices == []


async def test_a_question_of_another_terminal_is_left_to_it(make_stage: Any) -> None:
    stage = await make_stage(platform=OneTerminal())
    asked = question(author=person("Bo"))
    await stage.dispatcher.claim(asked)
    async with stage.services.database.write() as session:
        past = stage.services.now() - timedelta(seconds=1)
        await claims.renew_claims(session, [asked.claim_key], stage.dispatcher._owner, past)
    assert await stage.dispatcher._recovery.take_up() == 0
