"""Goals: what a learner wants to reach, a skill mastered or a number of answers each week."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from storage.identifiers import new_id
from storage.models import GoalRow
from storage.models.base import columns_for
from storage.session import Session


@dataclass(frozen=True, slots=True)
class Goal:
    """`kind` is skill or weekly; `target` is the number of answers a week; `state` is open,
    reached or dropped.
    """

    id: str
    learner_id: str
    kind: str
    skill_id: str | None
    target: int
    due_at: datetime | None
    state: str
    created_at: datetime
    reached_at: datetime | None


_GOAL = columns_for(GoalRow, Goal)


async def add_goal(
    session: Session,
    *,
    learner_id: str,
    kind: str,
    now: datetime,
    skill_id: str | None = None,
    target: int = 0,
    due_at: datetime | None = None,
) -> Goal:
    """A new goal; of weekly ones only the latest stays, and a skill is wanted once."""
    assert kind in ("skill", "weekly"), kind
    same = [
        GoalRow.learner_id == learner_id,
        GoalRow.state == "open",
        GoalRow.kind == kind,
    ]
    if kind == "skill":
        same.append(GoalRow.skill_id == skill_id)
    await session.execute(update(GoalRow).where(*same).values(state="dropped"))
    values: dict[str, Any] = {
        "id": new_id(),
        "learner_id": learner_id,
        "kind": kind,
        "skill_id": skill_id,
        "target": target,
        "due_at": due_at,
        "state": "open",
        "created_at": now,
        "reached_at": None,
    }
    await session.execute(insert(GoalRow), values)
    return Goal(**values)


async def open_goals(session: Session, learner_id: str) -> list[Goal]:
    """What a learner is working towards, the oldest first."""
    return await _goals(session, learner_id, "open")


async def reached_goals(session: Session, learner_id: str) -> list[Goal]:
    """What a learner has reached, the oldest goal first."""
    return await _goals(session, learner_id, "reached")


async def reach_goal(session: Session, goal_id: str, now: datetime) -> None:
    """An open goal was reached."""
    await _end(session, goal_id, state="reached", reached_at=now)


async def drop_goal(session: Session, goal_id: str) -> None:
    """The learner no longer wants an open goal."""
    await _end(session, goal_id, state="dropped")


async def _goals(session: Session, learner_id: str, state: str) -> list[Goal]:
    query = (
        select(*_GOAL)
        .where(GoalRow.learner_id == learner_id, GoalRow.state == state)
        .order_by(GoalRow.id)
    )
    return [Goal(*row) for row in await session.execute(query)]


async def _end(session: Session, goal_id: str, **values: object) -> None:
    here = GoalRow.id == goal_id, GoalRow.state == "open"
    await session.execute(update(GoalRow).where(*here).values(**values))
