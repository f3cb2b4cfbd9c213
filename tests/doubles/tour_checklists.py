"""A tour of checklists: calls each of their functions, and fills their tables."""

from datetime import UTC, datetime

from storage import checklists
from storage.database import Session

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TASK = {"key": "t1", "text": "Read the handbook", "material_id": None, "page": 0}


async def visit_checklists(session: Session, learner_id: str, community_id: str) -> str:
    """Somebody makes a checklist and begins it."""
    made = await checklists.add_checklist(
        session, community_id, "First week", [TASK], by=learner_id, now=NOW
    )
    await checklists.start_checklist(session, made.id, learner_id, NOW)
    return made.id


async def read_checklists(session: Session, learner_id: str, community_id: str) -> None:
    await checklists.checklists_for(session, learner_id)
    for one in await checklists.checklists_of(session, community_id):
        await checklists.checklist_by_id(session, one.id)
        await checklists.checklist_progress(session, one.id, learner_id)
        await checklists.progress_of_all(session, one.id)


async def run_checklists(session: Session, learner_id: str, community_id: str) -> None:
    made = await visit_checklists(session, learner_id, community_id)
    await checklists.change_checklist(session, made, "First month", [TASK])
    checklist = await checklists.checklist_by_id(session, made)
    assert checklist is not None
    await checklists.mark_task(session, checklist, learner_id, "t1", done=True, now=NOW)
    await checklists.retire_checklist(session, made, NOW)
