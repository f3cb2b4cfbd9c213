"""Skill states: what a learner's attempts on a skill come to. Made by `tutor.learner` alone."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.models import SkillRow, SkillStateRow
from storage.models.base import columns_for
from storage.session import Session


@dataclass(frozen=True, slots=True)
class SkillState:
    """`attempts` and `right` count every graded answer, `unaided…` first answers without help.

    `mastery` is the probability of knowing the skill, `rating` the ability in it beside that in
    general, `recent` the share of right first answers where the latest count most.
    """

    learner_id: str
    skill_id: str
    attempts: int
    right: int
    unaided: int
    unaided_right: int
    mastery: float
    rating: float
    recent: float
    mastered_at: datetime | None
    last_at: datetime


_KEY = ("learner_id", "skill_id")
_STATE = columns_for(SkillStateRow, SkillState)
_OF_LEARNER = select(*_STATE).where(SkillStateRow.learner_id == bindparam("for_learner"))
_OF_SOME = _OF_LEARNER.where(SkillStateRow.skill_id.in_(bindparam("for_skills", expanding=True)))
_INSERT = upsert(SkillStateRow)
_PUT = _INSERT.on_conflict_do_update(
    index_elements=_KEY,
    set_={
        field.name: _INSERT.excluded[field.name]
        for field in fields(SkillState)
        if field.name not in _KEY
    },
)


async def skill_states(
    session: Session, learner_id: str, skill_ids: Sequence[str] | None = None
) -> dict[str, SkillState]:
    """A learner's states by skill, of all skills or some; those never practised are missing."""
    whose: dict[str, Any] = {"for_learner": learner_id}
    if skill_ids is None:
        rows = await session.execute(_OF_LEARNER, whose)
    else:
        rows = await session.execute(_OF_SOME, whose | {"for_skills": list(skill_ids)})
    states = (SkillState(*row) for row in rows)
    return {state.skill_id: state for state in states}


async def states_in_course(
    session: Session, course_id: str, learner_ids: Sequence[str] | None = None
) -> list[SkillState]:
    """The states of the learners of a course in its skills, of all of them or some."""
    query = (
        select(*_STATE)
        .join(SkillRow, SkillRow.id == SkillStateRow.skill_id)
        .where(SkillRow.course_id == course_id)
    )
    if learner_ids is not None:
        query = query.where(SkillStateRow.learner_id.in_(learner_ids))
    query = query.order_by(SkillStateRow.learner_id, SkillStateRow.skill_id)
    return [SkillState(*row) for row in await session.execute(query)]


async def put_skill_states(session: Session, states: Sequence[SkillState]) -> None:
    """Writes states, each over the one that was there."""
    if states:
        await session.execute(_PUT, [asdict(state) for state in states])


async def clear_skill_states(session: Session, learner_id: str) -> None:
    """Forgets a learner's states, to make them anew from the attempts."""
    await session.execute(delete(SkillStateRow).where(SkillStateRow.learner_id == learner_id))
