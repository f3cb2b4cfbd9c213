"""What there is at the school of the simulated Discord: a course, documents, a checklist."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from storage import checklists, jobs, materials
from storage.checklists import Checklist
from tests.bot.discord_app.simulated.conftest import School
from tests.bot.discord_app.simulated.reaching import turn_of
from tests.doubles.small_course import hidden, number, small_course
from tutor.bank.store import save_course

WAITING = tuple(hidden(number(f"waiting-{n}", f"What is {n} + 9?", f"{n + 9}")) for n in range(3))
MORE = tuple(number(f"more-{n}", f"What is {n} + 30?", f"{n + 30}") for n in range(20))
TEXT = "text/plain"
NOTHING_TAKEN = {
    "dry_run": False,
    "counts": {"items": 0},
    "courses": [],
    "not_taken": [],
    "not_taken_count": 0,
}


async def a_course(school: School) -> str:
    """A course of the community, open to everybody, with items that nobody has approved yet."""
    turn = await turn_of(school, "adam")
    async with school.stage.services.database.write() as session:
        saved = await save_course(
            session,
            small_course(*WAITING, *MORE),
            owner_id=turn.learner.id,
            community_id=turn.community.id,
            now=school.stage.clock[0],
        )
    return saved.course_id


async def a_document(school: School, course_id: str | None = None) -> str:
    """A document of a course that waits to be read, or of the channel and read; returns its id."""
    turn = await turn_of(school, "adam")
    blob = await school.stage.services.blobs.put(b"You have thirty days of holidays.")
    async with school.stage.services.database.write() as session:
        added = await materials.add_material(
            session,
            course_id=course_id,
            community_id=None if course_id else turn.community.id,
            channel="" if course_id else str(school.channel.id),
            name="handbook.txt",
            media_type=TEXT,
            blob_hash=blob.hash,
            uploaded_by=turn.learner.id,
            now=school.stage.clock[0],
        )
        if course_id is None:
            page = materials.NewPassage(1, "Holidays", "You have thirty days of holidays.", b"")
            await materials.put_passages(session, added.id, 1, [page])
    return added.id


async def a_checklist(school: School) -> Checklist:
    """A checklist of one task, which cites a document; Ann has begun it."""
    cited, turn = await a_document(school), await turn_of(school, "ann")
    task = {"key": "t1", "text": "Read how holidays work", "material_id": cited, "page": 1}
    now = school.stage.clock[0]
    async with school.stage.services.database.write() as session:
        made = await checklists.add_checklist(
            session,
            turn.community.id,
            "First week",
            [{**task, "document": "handbook.txt"}],
            by=turn.learner.id,
            now=now,
        )
        await checklists.start_checklist(session, made.id, turn.learner.id, now)
    return made


async def a_read_file(school: School, **result: Any) -> jobs.Job:
    """A question bank that a worker has read."""
    now, turn = school.stage.clock[0], await turn_of(school, "adam")
    payload: Mapping[str, Any] = {"blob": "0" * 64, "file_name": "bank.csv"}
    until = now + timedelta(minutes=1)
    async with school.stage.services.database.write() as session:
        job = await jobs.enqueue(
            session, kind="course_import", payload=payload, created_by=turn.learner.id, now=now
        )
        kinds = [job.kind]
        assert await jobs.take_job(session, owner="w", kinds=kinds, lease_until=until, now=now)
        await jobs.finish_job(session, job.id, "w", {**NOTHING_TAKEN, **result}, now)
    return job
