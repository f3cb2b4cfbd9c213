"""Which adapter answers, read once for a reply: assignments and running trials in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    bindparam,
    literal,
    null,
    or_,
    select,
    union_all,
)

from storage.adapter_trials import RUNNING
from storage.database import Session
from storage.models import AdapterTrialRow, AssignmentRow, CourseMemberRow, CoursePlaceRow

KIND = "text_adapter"


@dataclass(frozen=True, slots=True)
class Pointer:
    """What a scope uses. With `trial_id` there is a choice: `artifact_id` is the control then."""

    scope: str
    artifact_id: str | None
    trial_id: str | None
    candidate_id: str | None
    share: float | None


def _in_use(scope: Any) -> ColumnElement[bool]:
    """One of the scopes that are named, a course of the learner, or the course of the place."""
    theirs = select(literal("course:") + CourseMemberRow.course_id).where(
        CourseMemberRow.learner_id == bindparam("for_learner")
    )
    here = select(literal("course:") + CoursePlaceRow.course_id).where(
        CoursePlaceRow.community_id == bindparam("for_community"),
        CoursePlaceRow.channel == bindparam("for_channel"),
    )
    named = scope.in_(bindparam("for_scopes", expanding=True))
    return or_(named, scope.in_(theirs), scope.in_(here))


_ASSIGNED = select(AssignmentRow.scope, AssignmentRow.artifact_id, null(), null(), null()).where(
    AssignmentRow.kind == bindparam("for_kind"), _in_use(AssignmentRow.scope)
)
_TRIED = select(
    AdapterTrialRow.scope,
    AdapterTrialRow.control_id,
    AdapterTrialRow.id,
    AdapterTrialRow.candidate_id,
    AdapterTrialRow.share,
).where(AdapterTrialRow.state == RUNNING, _in_use(AdapterTrialRow.scope))
_POINTERS: CompoundSelect[Any] = union_all(_ASSIGNED, _TRIED)
ANY_IN_USE = or_(
    select(AssignmentRow.scope).where(AssignmentRow.kind == KIND).exists(),
    select(AdapterTrialRow.id).where(AdapterTrialRow.state == RUNNING).exists(),
)
"""Whether there is anything to read at all: a column for statements that are sent anyway."""


async def pointers(
    session: Session,
    scopes: Sequence[str],
    *,
    learner_id: str,
    community_id: str,
    channel: str,
    kind: str = KIND,
) -> list[Pointer]:
    """What is assigned and tried in these scopes and in the courses of learner and place.

    Of another kind than adapters, which alone are tried, nothing but what is assigned.
    """
    values = {
        "for_kind": kind,
        "for_scopes": list(scopes),
        "for_learner": learner_id,
        "for_community": community_id,
        "for_channel": channel,
    }
    statement = _POINTERS if kind == KIND else _ASSIGNED
    return [Pointer(*row) for row in await session.execute(statement, values)]


async def adapters_in_use(session: Session) -> set[str]:
    """The artifacts that any scope uses or tries."""
    assigned = select(AssignmentRow.artifact_id).where(AssignmentRow.kind == KIND)
    running = AdapterTrialRow.state == RUNNING
    control = select(AdapterTrialRow.control_id).where(running)
    candidate = select(AdapterTrialRow.candidate_id).where(running)
    rows = await session.execute(union_all(assigned, control, candidate))
    return {artifact_id for (artifact_id,) in rows if artifact_id is not None}
