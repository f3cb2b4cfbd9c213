"""Uploaded documents and their passages; each belongs to one course, or to one channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, bindparam, delete, insert, or_, select, update

from storage.database import Session
from storage.identifiers import new_id
from storage.models import MaterialRow, PassageRow
from storage.models.base import columns_for

MOST_SHOWN = 50


class MaterialState(StrEnum):
    QUEUED = "queued"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Material:
    """`error` is why it failed, a word of `tutor.knowledge.attachments.Problem`."""

    id: str
    course_id: str | None
    community_id: str | None
    channel: str
    name: str
    media_type: str
    blob_hash: str
    pages: int
    state: str
    error: str
    uploaded_by: str | None
    uploaded_at: datetime
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewPassage:
    """`embedding` is as `tutor.knowledge.embedding.packed` makes it, empty where there is none."""

    page: int
    heading: str
    text: str
    embedding: bytes


@dataclass(frozen=True, slots=True)
class StoredPassage:
    id: str
    material_id: str
    position: int
    page: int
    heading: str
    text: str
    embedding: bytes


@dataclass(frozen=True, slots=True)
class MaterialScope:
    """Whose material is meant: that of these courses, and that of one channel of a community."""

    course_ids: tuple[str, ...] = ()
    community_id: str = ""
    channel: str = ""


_MATERIAL = columns_for(MaterialRow, Material)
_PASSAGE = columns_for(PassageRow, StoredPassage)
_STAYS = MaterialRow.removed_at.is_(None)


async def add_material(
    session: Session,
    *,
    course_id: str | None,
    community_id: str | None,
    channel: str,
    name: str,
    media_type: str,
    blob_hash: str,
    uploaded_by: str | None,
    now: datetime,
) -> Material:
    """A material that waits to be read; of a course, or else of a community's channel."""
    assert (course_id is None) != (community_id is None), (course_id, community_id)
    statement = insert(MaterialRow).values(
        id=new_id(),
        course_id=course_id,
        community_id=community_id,
        channel=channel,
        name=name,
        media_type=media_type,
        blob_hash=blob_hash,
        pages=0,
        state=MaterialState.QUEUED,
        error="",
        uploaded_by=uploaded_by,
        uploaded_at=now,
    )
    row = (await session.execute(statement.returning(*_MATERIAL))).one()
    return Material(*row)


async def material(session: Session, material_id: str) -> Material | None:
    row = (await session.execute(select(*_MATERIAL).where(MaterialRow.id == material_id))).first()
    return Material(*row) if row else None


async def materials_in(
    session: Session, scope: MaterialScope, limit: int = MOST_SHOWN
) -> list[Material]:
    """What can be seen there, newest first."""
    query = select(*_MATERIAL).where(_within(scope), _STAYS)
    query = query.order_by(MaterialRow.id.desc()).limit(limit)
    return [Material(*row) for row in await session.execute(query)]


_READY = select(MaterialRow.id, MaterialRow.name).where(
    MaterialRow.state == MaterialState.READY, _STAYS
)
_READY_IN_COURSES = _READY.where(MaterialRow.course_id.in_(bindparam("courses", expanding=True)))
_READY_IN_CHANNEL = _READY.where(
    MaterialRow.community_id == bindparam("community"), MaterialRow.channel == bindparam("channel")
)
"""Made once: they are asked of most messages."""


async def ready_materials(session: Session, scope: MaterialScope) -> dict[str, str]:
    """The names of what can be searched there, by id."""
    names: dict[str, str] = {}
    if scope.course_ids:
        rows = await session.execute(_READY_IN_COURSES, {"courses": list(scope.course_ids)})
        names |= {row.id: row.name for row in rows}
    if scope.channel:
        where = {"community": scope.community_id, "channel": scope.channel}
        rows = await session.execute(_READY_IN_CHANNEL, where)
        names |= {row.id: row.name for row in rows}
    return names


async def passages_of(session: Session, material_id: str) -> list[StoredPassage]:
    """All passages of a material in reading order."""
    query = select(*_PASSAGE).where(PassageRow.material_id == material_id)
    rows = await session.execute(query.order_by(PassageRow.position))
    return [StoredPassage(*row) for row in rows]


async def put_passages(
    session: Session, material_id: str, pages: int, passages: Sequence[NewPassage]
) -> None:
    """Makes a material searchable; passages of an earlier reading are replaced."""
    await session.execute(delete(PassageRow).where(PassageRow.material_id == material_id))
    rows = [
        {
            "id": new_id(),
            "material_id": material_id,
            "position": position,
            "page": passage.page,
            "heading": passage.heading,
            "text": passage.text,
            "embedding": passage.embedding,
        }
        for position, passage in enumerate(passages)
    ]
    if rows:
        await session.execute(insert(PassageRow), rows)
    await _set(session, material_id, state=MaterialState.READY, pages=pages, error="")


async def fail_material(session: Session, material_id: str, error: str) -> None:
    await _set(session, material_id, state=MaterialState.FAILED, error=error)


async def remove_material(session: Session, material_id: str, now: datetime) -> None:
    """Nobody finds it any more; its passages are gone at once."""
    await session.execute(delete(PassageRow).where(PassageRow.material_id == material_id))
    await _set(session, material_id, removed_at=now)


async def _set(session: Session, material_id: str, **values: object) -> None:
    await session.execute(update(MaterialRow).where(MaterialRow.id == material_id).values(**values))


def _within(scope: MaterialScope) -> ColumnElement[bool]:
    """Material of the courses, and of the channel if one is named; of nothing else."""
    of_courses = MaterialRow.course_id.in_(scope.course_ids)
    if not scope.channel:
        return of_courses
    of_channel = (MaterialRow.community_id == scope.community_id) & (
        MaterialRow.channel == scope.channel
    )
    return or_(of_courses, of_channel)
