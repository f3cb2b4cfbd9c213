"""Takes documents in and out: the row, the reference that keeps the file, and the job to read it.

Who may do so is decided by whoever calls.
"""

from datetime import datetime

from storage.blobs import Blob, keep_blob, release_blobs
from storage.database import Session
from storage.jobs import enqueue
from storage.materials import (
    Material,
    MaterialScope,
    MaterialState,
    add_material,
    materials_in,
    remove_material,
)

KIND = "material_index"
"""The kind of the job that reads a document; its payload is {material_id}."""


class ShelfFull(Exception):
    """There are as many documents as can be looked over."""


class FiledAlready(Exception):
    """The same file is there already."""


async def file_material(
    session: Session,
    blob: Blob,
    *,
    scope: MaterialScope,
    name: str,
    media_type: str,
    uploaded_by: str | None,
    now: datetime,
    most: int,
) -> Material:
    """A document of one course or one channel, about to be read. Raises the two above.

    The file belongs to the course, not to the person: it stays when they are erased.
    """
    there = await materials_in(session, scope, limit=most)
    if len(there) >= most:
        raise ShelfFull
    if any(one.blob_hash == blob.hash and one.state != MaterialState.FAILED for one in there):
        raise FiledAlready
    course_id = scope.course_ids[0] if scope.course_ids else None
    added = await add_material(
        session,
        course_id=course_id,
        community_id=None if course_id else scope.community_id,
        channel="" if course_id else scope.channel,
        name=name,
        media_type=media_type,
        blob_hash=blob.hash,
        uploaded_by=uploaded_by,
        now=now,
    )
    await keep_blob(
        session, blob, owner=_owner(added.id), name=name, media_type=media_type, now=now
    )
    await read_material(session, added, now)
    return added


async def read_material(session: Session, waiting: Material, now: datetime) -> None:
    """Has a document read, once, however often that is asked for."""
    await enqueue(
        session,
        kind=KIND,
        payload={"material_id": waiting.id},
        created_by=waiting.uploaded_by,
        now=now,
        dedupe_key=f"material:{waiting.id}",
    )


async def take_out(session: Session, kept: Material, now: datetime) -> None:
    """Nobody finds it from now on, and its file goes with the next clean-up."""
    await remove_material(session, kept.id, now)
    await release_blobs(session, _owner(kept.id))


def _owner(material_id: str) -> str:
    return f"material:{material_id}"
