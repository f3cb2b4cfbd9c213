"""What one learner has been doing, counted by the database: for feedback and progress.

Grades count as they are now, after regrades; opinions never count. An answer is a first one to a
step; it is right when it was right without help. Knows no days: those depend on the learner's zone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Float, Integer, and_, bindparam, case, func, literal, select

from storage.attempts import OUTCOME_NOW
from storage.models import AttemptRow, RegradeRow
from storage.session import Session

GRADES = ("right", "partly", "wrong")
LONGEST_SECONDS = 600.0
"""Whoever leaves a question open for longer has gone away meanwhile."""


@dataclass(frozen=True, slots=True)
class SkillAnswers:
    """First answers in one skill, in the window or in the time before it.

    `skill_id` None: problems that the learner brought. `helped` had a hint or the answer before.
    """

    skill_id: str | None
    recent: bool
    answers: int
    right: int
    helped: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Mistakes:
    """How often a recognised kind of mistake was made in a skill, second tries as well."""

    pattern: str
    skill_id: str | None
    count: int
    last_at: datetime


_THEIRS = AttemptRow.learner_id == bindparam("for_learner")
_FROM = AttemptRow.attempted_at >= bindparam("from_")
_UNTIL = AttemptRow.attempted_at < bindparam("until")
_GRADED = (
    select(
        AttemptRow.skill_id,
        AttemptRow.first_try,
        AttemptRow.aided,
        AttemptRow.pattern,
        AttemptRow.attempted_at,
        AttemptRow.seconds,
        OUTCOME_NOW.label("outcome"),
    )
    .where(_THEIRS, _FROM, _UNTIL)
    .subquery()
)
_ONE = literal(1, Integer)
_FIRST = and_(_GRADED.c.first_try, _GRADED.c.outcome.in_(GRADES))
_RECENT = case((_GRADED.c.attempted_at >= bindparam("since"), 1), else_=0)
_SPENT = case(
    (_GRADED.c.seconds > LONGEST_SECONDS, LONGEST_SECONDS),
    else_=func.coalesce(_GRADED.c.seconds, literal(0.0, Float)),
)
_COUNTED = (
    _GRADED.c.skill_id,
    _RECENT.label("recent"),
    func.sum(case((_FIRST, _ONE), else_=0)).label("answers"),
    func.sum(
        case((and_(_FIRST, _GRADED.c.outcome == "right", ~_GRADED.c.aided), _ONE), else_=0)
    ).label("right"),
    func.sum(case((and_(_FIRST, _GRADED.c.aided), _ONE), else_=0)).label("helped"),
    func.sum(_SPENT).label("seconds"),
)
_BY_SKILL = select(*_COUNTED).group_by(_GRADED.c.skill_id, "recent")
_MISTAKES = (
    select(
        _GRADED.c.pattern,
        _GRADED.c.skill_id,
        func.count().label("count"),
        func.max(_GRADED.c.attempted_at).label("last_at"),
    )
    .where(_GRADED.c.pattern != "", _GRADED.c.outcome.in_(("partly", "wrong")))
    .group_by(_GRADED.c.pattern, _GRADED.c.skill_id)
)
_MOMENTS = (
    select(AttemptRow.attempted_at).where(_THEIRS, _FROM, _UNTIL).order_by(AttemptRow.attempted_at)
)
_REGRADED = select(func.count(RegradeRow.attempt_id.distinct())).where(
    RegradeRow.learner_id == bindparam("for_learner"),
    RegradeRow.regraded_at >= bindparam("from_"),
    RegradeRow.regraded_at < bindparam("until"),
)


async def answers_by_skill(
    session: Session, learner_id: str, *, earlier: datetime, since: datetime, until: datetime
) -> list[SkillAnswers]:
    """First answers by skill, from `since` on and from `earlier` until then."""
    window = _window(learner_id, earlier, until) | {"since": since}
    rows = await session.execute(_BY_SKILL, window)
    return [
        SkillAnswers(
            row.skill_id,
            bool(row.recent),
            int(row.answers),
            int(row.right),
            int(row.helped),
            float(row.seconds),
        )
        for row in rows
    ]


async def mistakes(
    session: Session, learner_id: str, *, since: datetime, until: datetime
) -> list[Mistakes]:
    """The kinds of mistakes by skill, in a time."""
    rows = await session.execute(_MISTAKES, _window(learner_id, since, until))
    return [Mistakes(*row) for row in rows]


async def answer_moments(
    session: Session, learner_id: str, *, since: datetime, until: datetime
) -> Sequence[datetime]:
    """When anything was answered in a time, in order."""
    return list((await session.execute(_MOMENTS, _window(learner_id, since, until))).scalars())


async def count_regraded(
    session: Session, learner_id: str, *, since: datetime, until: datetime
) -> int:
    """How many answers got another grade in a time."""
    counted = await session.execute(_REGRADED, _window(learner_id, since, until))
    return int(counted.scalar_one())


def _window(learner_id: str, since: datetime, until: datetime) -> dict[str, Any]:
    return {"for_learner": learner_id, "from_": since, "until": until}
