"""Somebody in need is cared for before everything else, in private, and a person is told."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from storage import audit, class_records, learners, members, outbox
from storage.models import AuditRow, TurnRow
from tests.doubles import small_course
from tests.doubles.questions import command, question

CRY = "i dont want to be here anymore"
CONTACT = {"platform": "discord", "workspace": "", "user_id": "lee", "name": "Ms Lee"}


async def learner_of(stage: Any) -> str:
    async with stage.services.database.read() as session:
        found = await learners.find_identity(session, "discord", "", "ann")
    assert found is not None
    return found.learner_id


async def into_class(stage: Any, learner_id: str, **record: Any) -> str:
    now = stage.services.now()
    course_id = await small_course.bring_in(stage.services.database, now)
    values = {
        "controller": "Hill School",
        "age_band": "13_17",
        "basis": "school",
        "country": "GB",
        "contact": CONTACT,
        "by": None,
        "now": now,
    }
    async with stage.services.database.write() as session:
        await members.add_member(session, course_id, learner_id, now=now)
        await class_records.record_class(session, course_id, **{**values, **record})
    return course_id


async def alerts(stage: Any) -> list[outbox.OutboxRow]:
    async with stage.services.database.write() as session:
        return await outbox.take_due(
            session,
            platforms=["discord"],
            owner="test",
            lease_until=stage.services.now(),
            now=stage.services.now() + timedelta(minutes=5),
        )


async def kept(stage: Any) -> int:
    async with stage.services.database.read() as session:
        return int((await session.execute(select(func.count()).select_from(TurnRow))).scalar_one())


async def test_careful_words_come_without_the_model_and_nothing_is_kept(make_stage: Any) -> None:
    stage = await make_stage()
    await stage.ask(question(CRY))
    assert not stage.engine.requests
    assert await kept(stage) == 0
    ((_, whisper),) = stage.platform.whispers
    assert "findahelpline.com" in whisper


async def test_in_a_channel_nobody_else_reads_the_careful_words(make_stage: Any) -> None:
    stage = await make_stage()
    await stage.ask(question(CRY, community="guild-1", channel="general"))
    assert not stage.platform.messages
    assert stage.platform.whispers


async def test_the_contact_of_the_class_is_told_who_but_not_what(make_stage: Any) -> None:
    stage = await make_stage()
    await stage.ask(question("hello"))
    learner_id = await learner_of(stage)
    course_id = await into_class(stage, learner_id)
    await stage.ask(question(CRY))
    assert "Ms Lee" in stage.platform.whispers[-1][1]
    assert "116 123" in stage.platform.whispers[-1][1]
    (alert,) = await alerts(stage)
    assert alert.recipient == "lee"
    assert CRY not in alert.body["text"]
    async with stage.services.database.read() as session:
        known = await members.member(session, course_id, learner_id)
        noted = await audit.entries(session, subject_id=learner_id)
    assert known is not None
    assert known.alias in alert.body["text"]  # Ms Lee may see no names
    entry = next(one for one in noted if one.action == "safeguarding.alerted")
    assert entry.details == {"concern": "self_harm", "course_id": course_id}


async def test_a_second_cry_in_the_same_hour_is_answered_but_told_once(make_stage: Any) -> None:
    stage = await make_stage()
    await stage.ask(question("hello"))
    await into_class(stage, await learner_of(stage))
    await stage.ask(question(CRY, message_id="m1"))
    await stage.ask(question("不想活了", message_id="m2"))
    assert len(stage.platform.whispers) == 2
    noted = await alerts(stage)
    async with stage.services.database.read() as session:
        told = select(func.count()).where(AuditRow.action == "safeguarding.alerted")
        assert (await session.execute(told)).scalar_one() == len(noted)


async def test_words_in_a_command_are_read_too(make_stage: Any) -> None:
    stage = await make_stage()
    await stage.ask(command("explain", arguments={"text": CRY}))
    assert not stage.engine.requests
    assert "findahelpline.com" in stage.platform.whispers[-1][1]


async def test_a_text_to_translate_is_translated(make_stage: Any) -> None:
    stage = await make_stage()
    await stage.ask(command("translate", arguments={"text": CRY, "language": "zh-CN"}))
    assert not any("findahelpline.com" in text for _, text in stage.platform.whispers)


@pytest.mark.parametrize("missing", ["controller", "basis", "contact"])
async def test_nothing_that_a_minor_writes_is_kept_before_the_record_is_whole(
    make_stage: Any, missing: str
) -> None:
    stage = await make_stage()
    await stage.ask(question("hello", message_id="m1"))
    before = await kept(stage)
    await into_class(
        stage, await learner_of(stage), **{missing: {} if missing == "contact" else ""}
    )
    asked = len(stage.engine.requests)
    await stage.ask(question("Why is the sky blue?", message_id="m2"))
    assert await kept(stage) == before
    assert len(stage.engine.requests) == asked
    await stage.ask(question(CRY, message_id="m3"))
    assert "findahelpline.com" in stage.platform.whispers[-1][1]


async def test_with_the_parents_consent_a_minor_is_answered(make_stage: Any) -> None:
    stage = await make_stage()
    await stage.ask(question("hello", message_id="m1"))
    learner_id = await learner_of(stage)
    course_id = await into_class(stage, learner_id, basis="parental_consent")
    before = await kept(stage)
    await stage.ask(question("Why is the sky blue?", message_id="m2"))
    assert await kept(stage) == before
    async with stage.services.database.write() as session:
        await class_records.record_parental_consent(
            session, course_id, learner_id, granted=True, by=None, now=stage.services.now()
        )
    await stage.ask(question("Why is the sky blue?", message_id="m3"))
    assert await kept(stage) == before + 2


async def test_what_a_model_should_not_say_is_replaced_and_not_kept(make_stage: Any) -> None:
    stage = await make_stage("Good. You are so stupid! More.")
    await stage.ask(question("hello"))
    (reply,) = stage.platform.messages.values()
    assert "not fit to be read" in reply.final.text
    assert "More" not in reply.final.text
    async with stage.services.database.read() as session:
        texts = list((await session.execute(select(TurnRow.text))).scalars())
    assert not any("stupid" in text for text in texts)
