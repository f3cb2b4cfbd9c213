"""Reminders: for those who asked, once a day, at their hour wherever they live, never at night."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from storage import learners, schedules
from storage.database import Database, Session
from storage.learners import Learner
from storage.models import OutboxRow
from tests.doubles.practising import NOW, a_bench, a_learner, an_answer
from tutor.learner.model import record
from tutor.learner.reminding import (
    Reminders,
    TimeZoneUnknown,
    after_quiet,
    daily,
    remind,
    reminders_of,
    set_reminders,
)

DAY = timedelta(days=1)
SHANGHAI = Reminders(on=True, at="18:30", zone="Asia/Shanghai")


async def somebody_with_something_due(session: Session) -> Learner:
    learner_id, bench = await a_learner(session), await a_bench(session)
    await record(session, an_answer(learner_id, bench), NOW - 20 * DAY)
    learner = await learners.learner_by_id(session, learner_id)
    assert learner is not None
    return learner


async def notices(session: Session) -> list[tuple[str, datetime]]:
    rows = await session.execute(select(OutboxRow.body, OutboxRow.not_before))
    return [(body["text"], not_before) for body, not_before in rows]


async def test_nobody_is_reminded_who_did_not_ask(database: Database) -> None:
    async with database.write() as session:
        learner = await somebody_with_something_due(session)
        assert not await remind(session, learner.id, NOW)
        await set_reminders(session, learner, SHANGHAI, NOW)
        await set_reminders(session, learner, replace(SHANGHAI, on=False), NOW)
        assert not await remind(session, learner.id, NOW)
        assert await schedules.due_schedules(session, NOW + 9 * DAY) == []
        assert await notices(session) == []


async def test_one_reminder_a_day_in_the_learner_s_language(database: Database) -> None:
    async with database.write() as session:
        learner = await somebody_with_something_due(session)
        await set_reminders(session, learner, SHANGHAI, NOW)
        [schedule] = await schedules.due_schedules(session, NOW + 9 * DAY)
        at = schedule.due_at
        assert await remind(session, learner.id, at)
        await remind(session, learner.id, at + timedelta(hours=1))
        [(text, not_before)] = await notices(session)
        await remind(session, learner.id, at + DAY)
        assert len(await notices(session)) == 2
    assert (at.hour, at.minute) == (10, 30)
    assert not_before == at
    assert text.startswith("1 thing is due")
    assert schedule.learner_id == learner.id


async def test_nothing_due_means_no_reminder(database: Database) -> None:
    async with database.write() as session:
        learner_id = await a_learner(session)
        learner = await learners.learner_by_id(session, learner_id)
        assert learner is not None
        await set_reminders(session, learner, SHANGHAI, NOW)
        assert not await remind(session, learner_id, NOW)


async def test_other_settings_stay_and_what_was_asked_for_is_kept(database: Database) -> None:
    async with database.write() as session:
        learner_id = await a_learner(session)
        await learners.set_settings(session, learner_id, {"pace": "slow"})
        learner = await learners.learner_by_id(session, learner_id)
        assert learner is not None
        await set_reminders(session, learner, SHANGHAI, NOW)
        changed = await learners.learner_by_id(session, learner_id)
        assert changed is not None
        with pytest.raises(TimeZoneUnknown):
            await set_reminders(session, learner, replace(SHANGHAI, zone="Mars/Olympus"), NOW)
    assert changed.settings["pace"] == "slow"
    assert reminders_of(changed) == SHANGHAI
    assert reminders_of(learner) == Reminders()


def test_a_late_job_waits_for_the_end_of_the_night() -> None:
    night = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)  # two in the morning in Shanghai
    assert after_quiet(SHANGHAI, night) == datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
    assert after_quiet(SHANGHAI, NOW) == NOW
    nap = replace(SHANGHAI, quiet_from="16:00", quiet_until="18:00")
    assert after_quiet(nap, NOW) == NOW + timedelta(hours=1)


def test_the_clock_on_the_wall_counts_when_summer_time_begins_and_ends() -> None:
    winter = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    assert daily("18:00", "Europe/Berlin", winter).hour == 17
    assert daily("18:00", "Europe/Berlin", winter + DAY).hour == 16
    at = daily("18:00", "Europe/Berlin", winter)
    assert daily("18:00", "Europe/Berlin", at) - at == timedelta(hours=23)
