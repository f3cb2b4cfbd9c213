"""Which roles of a platform make their holders teachers in a community."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.database import Session
from storage.models import TeachingRoleRow


async def add_teaching_role(
    session: Session, community_id: str, platform_role: str, *, by: str, now: datetime
) -> None:
    """Who holds this role of the platform is a teacher in this community."""
    statement = upsert(TeachingRoleRow).values(
        community_id=community_id, platform_role=platform_role, set_by=by, set_at=now
    )
    await session.execute(statement.on_conflict_do_nothing())


async def remove_teaching_role(session: Session, community_id: str, platform_role: str) -> bool:
    """The role makes nobody a teacher any more; False where it did not before."""
    statement = delete(TeachingRoleRow).where(
        TeachingRoleRow.community_id == community_id,
        TeachingRoleRow.platform_role == platform_role,
    )
    return bool((await session.execute(statement)).rowcount)


async def teaching_roles(session: Session, community_id: str) -> list[str]:
    """The roles of the platform that make teachers in this community."""
    query = (
        select(TeachingRoleRow.platform_role)
        .where(TeachingRoleRow.community_id == community_id)
        .order_by(TeachingRoleRow.set_at)
    )
    return list((await session.execute(query)).scalars())


async def makes_teacher(session: Session, community_id: str, roles: Collection[str]) -> bool:
    """Whether one of these roles of the platform makes a teacher in this community."""
    query = select(TeachingRoleRow.platform_role).where(
        TeachingRoleRow.community_id == community_id,
        TeachingRoleRow.platform_role.in_(roles),
    )
    return (await session.execute(query.limit(1))).first() is not None
