"""Assignments: which artifact of a kind a scope uses. One pointer, changed in one step.

Scopes are names such as "global" or "community:…"; a caller that inherits lists them itself, the
nearest first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.artifacts import Artifact
from storage.database import Session
from storage.identifiers import new_id
from storage.models import ArtifactRow, AssignmentChangeRow, AssignmentRow
from storage.models.base import columns_for


@dataclass(frozen=True, slots=True)
class Assignment:
    """`artifact` None: this scope uses none, whatever it would inherit."""

    scope: str
    kind: str
    artifact: Artifact | None
    version: int
    assigned_at: datetime


@dataclass(frozen=True, slots=True)
class AssignmentChange:
    """One step of the history; `previous_id` is what an undo assigns again."""

    id: str
    scope: str
    kind: str
    artifact_id: str | None
    previous_id: str | None
    changed_by: str | None
    reason: str
    changed_at: datetime


_ARTIFACT = columns_for(ArtifactRow, Artifact)
_CHANGE = columns_for(AssignmentChangeRow, AssignmentChange)


async def assign(
    session: Session,
    *,
    scope: str,
    kind: str,
    artifact_id: str | None,
    by: str | None,
    reason: str,
    now: datetime,
) -> None:
    """Points a scope at an artifact of that kind, and notes it in the history."""
    if artifact_id is not None:
        query = select(ArtifactRow.kind).where(ArtifactRow.id == artifact_id)
        actual = (await session.execute(query)).scalar_one_or_none()
        assert actual == kind, f"artifact {artifact_id} is of kind {actual}, not {kind}"
    here = (AssignmentRow.scope == scope) & (AssignmentRow.kind == kind)
    current = select(AssignmentRow.artifact_id).where(here).with_for_update()
    previous_id = (await session.execute(current)).scalar_one_or_none()
    pointer = upsert(AssignmentRow).values(
        scope=scope, kind=kind, artifact_id=artifact_id, version=1, assigned_at=now
    )
    pointer = pointer.on_conflict_do_update(
        index_elements=["scope", "kind"],
        set_={
            "artifact_id": pointer.excluded.artifact_id,
            "assigned_at": pointer.excluded.assigned_at,
            "version": AssignmentRow.version + 1,
        },
    )
    await session.execute(pointer)
    change = {
        "id": new_id(),
        "scope": scope,
        "kind": kind,
        "artifact_id": artifact_id,
        "previous_id": previous_id,
        "changed_by": by,
        "reason": reason,
        "changed_at": now,
    }
    await session.execute(insert(AssignmentChangeRow), change)


async def undo_assignment(
    session: Session, *, scope: str, kind: str, by: str | None, now: datetime
) -> bool:
    """Assigns what was assigned before the latest change; False when nothing was changed yet."""
    history = await assignment_history(session, scope=scope, kind=kind, limit=1)
    if not history:
        return False
    await assign(
        session,
        scope=scope,
        kind=kind,
        artifact_id=history[0].previous_id,
        by=by,
        reason="undo",
        now=now,
    )
    return True


async def resolve(session: Session, kind: str, scopes: Sequence[str]) -> Assignment | None:
    """The assignment of the nearest scope that has one; read it once for a reply and keep it."""
    query = (
        select(AssignmentRow.scope, AssignmentRow.version, AssignmentRow.assigned_at, *_ARTIFACT)
        .outerjoin(ArtifactRow, ArtifactRow.id == AssignmentRow.artifact_id)
        .where(AssignmentRow.kind == kind, AssignmentRow.scope.in_(scopes))
    )
    found = {row[0]: row for row in await session.execute(query)}
    nearest = next((found[scope] for scope in scopes if scope in found), None)
    if nearest is None:
        return None
    scope, version, assigned_at, *rest = nearest
    artifact = Artifact(*rest) if rest[0] is not None else None
    return Assignment(scope, kind, artifact, version, assigned_at)


async def assignments(session: Session) -> list[Assignment]:
    """Every scope's present assignment."""
    query = select(
        AssignmentRow.scope,
        AssignmentRow.kind,
        AssignmentRow.version,
        AssignmentRow.assigned_at,
        *_ARTIFACT,
    ).outerjoin(ArtifactRow, ArtifactRow.id == AssignmentRow.artifact_id)
    return [
        Assignment(scope, kind, Artifact(*artifact) if artifact[0] else None, version, assigned_at)
        for scope, kind, version, assigned_at, *artifact in await session.execute(query)
    ]


async def assignment_history(
    session: Session, *, scope: str, kind: str, limit: int = 20
) -> list[AssignmentChange]:
    """The latest changes first."""
    query = (
        select(*_CHANGE)
        .where(AssignmentChangeRow.scope == scope, AssignmentChangeRow.kind == kind)
        .order_by(AssignmentChangeRow.id.desc())
        .limit(limit)
    )
    return [AssignmentChange(*row) for row in await session.execute(query)]


async def unassign(
    session: Session, *, scope: str, kind: str, by: str | None, reason: str, now: datetime
) -> bool:
    """The scope inherits again; False where it had nothing of its own."""
    here = (AssignmentRow.scope == scope) & (AssignmentRow.kind == kind)
    removed = delete(AssignmentRow).where(here).returning(AssignmentRow.artifact_id)
    row = (await session.execute(removed)).one_or_none()
    if row is None:
        return False
    change = AssignmentChange(
        new_id(), scope, kind, None, row.artifact_id, changed_by=by, reason=reason, changed_at=now
    )
    values = {column.key: getattr(change, column.key) for column in _CHANGE}
    await session.execute(insert(AssignmentChangeRow), values)
    return True


async def assignment_at(session: Session, scope: str, kind: str) -> Assignment | None:
    """What is assigned to this very scope; None where it inherits."""
    return await resolve(session, kind, (scope,))
