"""A tour of materials and their passages: calls each of their functions, and fills their tables."""

from datetime import UTC, datetime

from storage import materials
from storage.database import Session
from storage.materials import MaterialScope, NewPassage

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


async def visit_material(session: Session, learner_id: str, community_id: str) -> str:
    """A document of the channel C1 that somebody uploaded."""
    added = await materials.add_material(
        session,
        course_id=None,
        community_id=community_id,
        channel="C1",
        name="notes.md",
        media_type="text/markdown",
        blob_hash="0" * 64,
        uploaded_by=learner_id,
        now=NOW,
    )
    passages = [NewPassage(1, "Plants", "Leaves catch light.", b"")]
    await materials.put_passages(session, added.id, 1, passages)
    return added.id


async def read_material(session: Session, community_id: str) -> None:
    scope = MaterialScope((), community_id, "C1")
    await materials.ready_materials(session, MaterialScope(("nothing",), community_id, "C1"))
    for seen in await materials.materials_in(session, scope):
        await materials.material(session, seen.id)
        await materials.passages_of(session, seen.id)


async def run_material(session: Session, learner_id: str, community_id: str) -> None:
    first = await visit_material(session, learner_id, community_id)
    await materials.fail_material(session, first, "damaged")
    await materials.remove_material(session, first, NOW)
