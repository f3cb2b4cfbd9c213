"""That somebody was erased, without keeping who: enough to erase them again after a restore."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.database import Session
from storage.identifiers import new_id
from storage.models import ErasureRow, IdentityRow
from storage.models.base import columns_for


@dataclass(frozen=True, slots=True)
class Erasure:
    """A salted digest of one identity."""

    id: str
    salt: str
    identity_digest: str
    erased_at: datetime

    def is_of(self, platform: str, workspace: str, user_id: str) -> bool:
        """Whether this identity is the one that was erased."""
        digest = _digest(self.salt, platform, workspace, user_id)
        return hmac.compare_digest(digest, self.identity_digest)


_ERASURE = columns_for(ErasureRow, Erasure)


async def record_erasure(
    session: Session, platform: str, workspace: str, user_id: str, now: datetime
) -> None:
    """Remembers that an identity was erased."""
    salt = secrets.token_hex(16)
    values = {
        "id": new_id(),
        "salt": salt,
        "identity_digest": _digest(salt, platform, workspace, user_id),
        "erased_at": now,
    }
    await session.execute(insert(ErasureRow), values)


async def erasures(session: Session) -> list[Erasure]:
    """Every erasure, oldest first."""
    rows = await session.execute(select(*_ERASURE).order_by(ErasureRow.erased_at))
    return [Erasure(*row) for row in rows]


async def add_erasures(session: Session, known: Iterable[Erasure]) -> None:
    """Takes over erasures from another state of the database."""
    for erasure in known:
        values = {column.key: getattr(erasure, column.key) for column in _ERASURE}
        await session.execute(upsert(ErasureRow).on_conflict_do_nothing(), values)


async def learners_to_erase_again(session: Session) -> list[str]:
    """The learners in the database whom an erasure that came after them names."""
    known = await erasures(session)
    people = await session.execute(
        select(
            IdentityRow.learner_id,
            IdentityRow.created_at,
            IdentityRow.platform,
            IdentityRow.workspace,
            IdentityRow.user_id,
        )
    )
    return sorted(
        {
            learner_id
            for learner_id, created_at, *identity in people
            if any(
                created_at <= erasure.erased_at and erasure.is_of(*identity) for erasure in known
            )
        }
    )


def _digest(salt: str, platform: str, workspace: str, user_id: str) -> str:
    identity = "\x1f".join((platform, workspace, user_id))
    return hmac.new(salt.encode(), identity.encode(), hashlib.sha256).hexdigest()
