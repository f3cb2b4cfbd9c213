"""Artifacts: what training made. Its file is a blob and never changes; its card says how good it
is, and is written anew when it was evaluated again.

What the kinds mean ("text_adapter", "image_generator") is their makers' and users' business.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from storage.blobs import Blob, keep_blob
from storage.database import Session
from storage.identifiers import new_id
from storage.models import ArtifactRow
from storage.models.base import columns_for


@dataclass(frozen=True, slots=True)
class Artifact:
    """`base_hash` names what it was made for: an adapter fits one base model only."""

    id: str
    kind: str
    name: str
    base_hash: str
    blob_hash: str
    card: Mapping[str, Any]
    created_by: str | None
    created_at: datetime
    retired_at: datetime | None


_ARTIFACT = columns_for(ArtifactRow, Artifact)


async def add_artifact(
    session: Session,
    blob: Blob,
    *,
    kind: str,
    name: str,
    base_hash: str,
    card: Mapping[str, Any],
    media_type: str,
    now: datetime,
    created_by: str | None = None,
) -> Artifact:
    """Registers a stored blob as an artifact, and keeps the blob for it."""
    artifact = Artifact(
        new_id(), kind, name, base_hash, blob.hash, dict(card), created_by, now, retired_at=None
    )
    await keep_blob(
        session,
        blob,
        owner=f"artifact:{artifact.id}",
        name=name,
        media_type=media_type,
        now=now,
    )
    values = {column.key: getattr(artifact, column.key) for column in _ARTIFACT}
    await session.execute(insert(ArtifactRow), values)
    return artifact


async def artifact_by_id(session: Session, artifact_id: str) -> Artifact | None:
    """An artifact, also a retired one."""
    query = select(*_ARTIFACT).where(ArtifactRow.id == artifact_id)
    row = (await session.execute(query)).one_or_none()
    return Artifact(*row) if row else None


async def artifacts(
    session: Session,
    kind: str,
    *,
    with_retired: bool = False,
    before: str | None = None,
    limit: int = 50,
) -> list[Artifact]:
    """Artifacts of a kind, the newest first."""
    query = select(*_ARTIFACT).where(ArtifactRow.kind == kind)
    if not with_retired:
        query = query.where(ArtifactRow.retired_at.is_(None))
    if before is not None:
        query = query.where(ArtifactRow.id < before)
    rows = await session.execute(query.order_by(ArtifactRow.id.desc()).limit(limit))
    return [Artifact(*row) for row in rows]


async def set_card(session: Session, artifact_id: str, card: Mapping[str, Any]) -> None:
    """What is known of an artifact from now on."""
    await session.execute(
        update(ArtifactRow).where(ArtifactRow.id == artifact_id).values(card=dict(card))
    )


async def retire_artifact(session: Session, artifact_id: str, now: datetime) -> None:
    """No longer offered; scopes that still use it go on until they are assigned another."""
    await session.execute(
        update(ArtifactRow).where(ArtifactRow.id == artifact_id).values(retired_at=now)
    )
