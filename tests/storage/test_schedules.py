"""Schedules: due once, for one process, under one name."""

import asyncio

from storage import schedules
from storage.database import Database
from tests.doubles.storage_tour import DAY, NOW


async def test_of_processes_that_see_it_due_one_acts(database: Database) -> None:
    async with database.write() as session:
        await schedules.put_schedule(
            session, name="wind the clock", kind="wind", due_at=NOW, now=NOW, payload={"turns": 3}
        )
    async with database.read() as session:
        [due] = await schedules.due_schedules(session, NOW)
    assert due.payload == {"turns": 3}

    async def act() -> bool:
        async with database.write() as session:
            return await schedules.advance_schedule(session, due, NOW + DAY, NOW)

    assert sorted(await asyncio.gather(*(act() for _ in range(5)))) == [False] * 4 + [True]
    async with database.read() as session:
        assert await schedules.due_schedules(session, NOW) == []
        [again] = await schedules.due_schedules(session, NOW + DAY)
    assert (again.last_run_at, again.due_at) == (NOW, NOW + DAY)


async def test_a_schedule_without_a_next_time_is_over(database: Database) -> None:
    async with database.write() as session:
        once = await schedules.put_schedule(session, name="once", kind="wind", due_at=NOW, now=NOW)
        await schedules.advance_schedule(session, once, None, NOW)
        assert await schedules.due_schedules(session, NOW + 99 * DAY) == []


async def test_a_name_stands_for_one_schedule(database: Database) -> None:
    async with database.write() as session:
        for days in (1, 2):
            await schedules.put_schedule(
                session, name="wind", kind="wind", due_at=NOW + days * DAY, now=NOW
            )
        found = await schedules.schedule_by_name(session, "wind")
        assert found is not None
        assert (found.due_at, found.version) == (NOW + 2 * DAY, 2)
        await schedules.remove_schedule(session, "wind")
        assert await schedules.schedule_by_name(session, "wind") is None
