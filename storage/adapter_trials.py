"""Trials of adapters: two side by side in a scope, and how their answers were rated since."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, insert, select, update

from storage.database import Session
from storage.identifiers import new_id
from storage.models import AdapterTrialRow, ConversationRow, CourseMemberRow, RatingRow, TurnRow
from storage.models.base import columns_for

RUNNING = "running"


@dataclass(frozen=True, slots=True)
class AdapterTrial:
    """`control_id` None is the base model; `share` is that of the learners who get the candidate.

    `state` is running, kept, rolled_back or stopped.
    """

    id: str
    scope: str
    control_id: str | None
    candidate_id: str | None
    share: float
    state: str
    outcome: Mapping[str, Any] | None
    started_by: str | None
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Thumbs:
    """What people pressed under one adapter's answers."""

    up: int = 0
    down: int = 0


_TRIAL = columns_for(AdapterTrialRow, AdapterTrial)


async def add_trial(
    session: Session,
    *,
    scope: str,
    control_id: str | None,
    candidate_id: str | None,
    share: float,
    by: str | None,
    now: datetime,
) -> AdapterTrial:
    """Begins a trial."""
    trial = AdapterTrial(
        new_id(), scope, control_id, candidate_id, share, RUNNING, None, by, now, ended_at=None
    )
    values = {column.key: getattr(trial, column.key) for column in _TRIAL}
    await session.execute(insert(AdapterTrialRow), values)
    return trial


async def running_trial(session: Session, scope: str) -> AdapterTrial | None:
    """The trial that runs in this very scope."""
    query = select(*_TRIAL).where(AdapterTrialRow.scope == scope, AdapterTrialRow.state == RUNNING)
    row = (await session.execute(query.limit(1))).one_or_none()
    return AdapterTrial(*row) if row else None


async def running_trials(session: Session) -> list[AdapterTrial]:
    """Those of all scopes, the oldest first."""
    query = select(*_TRIAL).where(AdapterTrialRow.state == RUNNING).order_by(AdapterTrialRow.id)
    return [AdapterTrial(*row) for row in await session.execute(query)]


async def latest_trial(session: Session, scope: str) -> AdapterTrial | None:
    """The newest trial of a scope, however it stands."""
    query = select(*_TRIAL).where(AdapterTrialRow.scope == scope)
    query = query.order_by(AdapterTrialRow.id.desc()).limit(1)
    row = (await session.execute(query)).one_or_none()
    return AdapterTrial(*row) if row else None


async def end_trial(
    session: Session, trial_id: str, state: str, outcome: Mapping[str, Any], now: datetime
) -> bool:
    """Ends a running trial; False where somebody ended it before."""
    ended = (
        update(AdapterTrialRow)
        .where(AdapterTrialRow.id == trial_id, AdapterTrialRow.state == RUNNING)
        .values(state=state, outcome=dict(outcome), ended_at=now)
        .returning(AdapterTrialRow.id)
    )
    return (await session.execute(ended)).first() is not None


async def thumbs(session: Session, trial: AdapterTrial, until: datetime) -> dict[str, Thumbs]:
    """The ratings of answers that were given in the trial's time and scope, by what gave them.

    An answer of the model as it is counts under "". Each person counts once for each answer.
    """
    answered = (
        select(
            TurnRow.adapter,
            func.sum(case((RatingRow.rating > 0, 1), else_=0)).label("up"),
            func.sum(case((RatingRow.rating < 0, 1), else_=0)).label("down"),
        )
        .join(RatingRow, RatingRow.turn_id == TurnRow.id)
        .where(
            TurnRow.role == "assistant",
            TurnRow.completion_tokens.is_not(None),
            TurnRow.created_at >= trial.started_at,
            TurnRow.created_at <= until,
        )
        .group_by(TurnRow.adapter)
    )
    rows = await session.execute(_within(answered, trial.scope))
    return {adapter or "": Thumbs(int(up), int(down)) for adapter, up, down in rows}


def _within(query: Any, scope: str) -> Any:
    """Only answers in a scope: `learner:…`, `learner:…:…`, `channel:…:…`, `course:…`,
    `community:…`, `global`."""
    level, _, rest = scope.partition(":")
    first, _, second = rest.partition(":")
    if level == "learner":
        query = query.where(TurnRow.learner_id == (second or first))
        return _in_community(query, first) if second else query
    if level == "course":
        members = select(CourseMemberRow.learner_id).where(CourseMemberRow.course_id == rest)
        return query.where(TurnRow.learner_id.in_(members))
    if level in ("community", "channel"):
        query = _in_community(query, first)
        return query.where(ConversationRow.channel == second) if second else query
    return query


def _in_community(query: Any, community_id: str) -> Any:
    query = query.join(ConversationRow, ConversationRow.id == TurnRow.conversation_id)
    return query.where(ConversationRow.community_id == community_id)
