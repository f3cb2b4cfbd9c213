"""Join codes: what a teacher hands out so that people become members of a course."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from storage.database import Session
from storage.links import ALPHABET
from storage.members import TEACHER, CourseMember, add_member, member
from storage.models import JoinCodeRow
from storage.models.base import columns_for

HALF_LETTERS = 4


@dataclass(frozen=True, slots=True)
class JoinCode:
    """`uses_left` counts those who may still join with it; `group` "" puts them into none."""

    code: str
    course_id: str
    role: str
    group: str
    uses_left: int
    created_by: str | None
    created_at: datetime
    expires_at: datetime


_CODE = columns_for(JoinCodeRow, JoinCode)


async def create_join_code(
    session: Session,
    course_id: str,
    *,
    role: str,
    uses: int,
    expires_at: datetime,
    created_by: str | None,
    now: datetime,
    group: str = "",
) -> JoinCode:
    """A new code such as `K7QW-4F92`."""
    halves = ("".join(secrets.choice(ALPHABET) for _ in range(HALF_LETTERS)) for _ in "12")
    made = JoinCode("-".join(halves), course_id, role, group, uses, created_by, now, expires_at)
    values = {name: getattr(made, name) for name in JoinCode.__slots__}
    await session.execute(insert(JoinCodeRow), values)
    return made


async def use_join_code(
    session: Session, code: str, learner_id: str, now: datetime
) -> CourseMember | None:
    """The membership that a code gives; None when it is unknown, too old or used up.

    Who is a member already, and gains nothing by it, does not use it up.
    """
    valid = select(*_CODE).where(
        JoinCodeRow.code == normal_code(code),
        JoinCodeRow.uses_left > 0,
        JoinCodeRow.expires_at > now,
    )
    row = (await session.execute(valid)).one_or_none()
    if row is None:
        return None
    offered = JoinCode(*row)
    known = await member(session, offered.course_id, learner_id)
    if known is not None and _gains_nothing(known, offered):
        return known
    spend = (
        update(JoinCodeRow)
        .where(JoinCodeRow.code == offered.code, JoinCodeRow.uses_left > 0)
        .values(uses_left=JoinCodeRow.uses_left - 1)
        .returning(JoinCodeRow.code)
    )
    if (await session.execute(spend)).first() is None:
        return None
    return await add_member(
        session,
        offered.course_id,
        learner_id,
        role=offered.role,
        group=offered.group,
        now=now,
    )


async def valid_join_codes(session: Session, course_id: str, now: datetime) -> list[JoinCode]:
    """The codes of a course that still let somebody in, the newest first."""
    query = (
        select(*_CODE)
        .where(
            JoinCodeRow.course_id == course_id,
            JoinCodeRow.uses_left > 0,
            JoinCodeRow.expires_at > now,
        )
        .order_by(JoinCodeRow.created_at.desc())
    )
    return [JoinCode(*row) for row in await session.execute(query)]


async def withdraw_join_code(session: Session, course_id: str, code: str) -> bool:
    """Makes a code worthless; False where the course has none like it."""
    statement = delete(JoinCodeRow).where(
        JoinCodeRow.code == normal_code(code), JoinCodeRow.course_id == course_id
    )
    return bool((await session.execute(statement)).rowcount)


def normal_code(typed: str) -> str:
    """A code as it is stored, however it was written."""
    letters = "".join(letter for letter in typed.upper() if letter in ALPHABET)
    return f"{letters[:HALF_LETTERS]}-{letters[HALF_LETTERS:]}"


def _gains_nothing(known: CourseMember, offered: JoinCode) -> bool:
    return known.role in (offered.role, TEACHER) and offered.group in ("", known.group)
