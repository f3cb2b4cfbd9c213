"""Attempts: every answer with its grade, append-only; a corrected grade is a row of its own."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, exists, func, insert, select

from storage.identifiers import new_id
from storage.models import AttemptRow, RegradeRow
from storage.session import Session


@dataclass(frozen=True, slots=True)
class NewAttempt:
    """An answer that was just graded. `skill_ids` are those of the step, the main one first.

    `first_try`: nothing was answered to this step before, in this round. `aided`: a hint or the
    answer was shown before. `guess` is how likely a guess is right, `fact` says that the item is
    one to remember by itself. `model` names the language model that took part, "" for none.
    """

    learner_id: str
    item_id: str
    item_version: int
    step: int
    skill_ids: tuple[str, ...]
    answer: str
    outcome: str
    score: float
    stage: str
    pattern: str = ""
    first_try: bool = True
    hints: int = 0
    aided: bool = False
    fact: bool = False
    guess: float = 0.0
    seconds: float | None = None
    model: str = ""
    practice_id: str | None = None
    course_id: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt with the grade that holds now; `regraded`: it is not the first one."""

    id: str
    learner_id: str
    practice_id: str | None
    course_id: str | None
    item_id: str
    item_version: int
    step: int
    skill_id: str | None
    skills: tuple[str, ...]
    answer: str
    outcome: str
    score: float
    stage: str
    pattern: str
    first_try: bool
    hints: int
    aided: bool
    fact: bool
    guess: float
    expected: float
    seconds: float | None
    model: str
    attempted_at: datetime
    regraded: bool


_REGRADES = (
    select(RegradeRow.outcome)
    .where(RegradeRow.attempt_id == AttemptRow.id)
    .order_by(RegradeRow.id.desc())
    .limit(1)
    .correlate(AttemptRow)
)
_LATEST_OUTCOME = _REGRADES.scalar_subquery()
OUTCOME_NOW: ColumnElement[str] = func.coalesce(_LATEST_OUTCOME, AttemptRow.outcome)
"""The outcome that holds, in a query of attempts."""
_LATEST_SCORE = _REGRADES.with_only_columns(RegradeRow.score).scalar_subquery()
_REPLACED: dict[str, Any] = {
    "outcome": OUTCOME_NOW,
    "score": func.coalesce(_LATEST_SCORE, AttemptRow.score),
    "regraded": exists().where(RegradeRow.attempt_id == AttemptRow.id).correlate(AttemptRow),
}
_ATTEMPT = [
    (_REPLACED[name] if name in _REPLACED else getattr(AttemptRow, name)).label(name)
    for name in Attempt.__dataclass_fields__
]
_SKILLS = list(Attempt.__dataclass_fields__).index("skills")
_LAST_ID = "g"  # after every hexadecimal id
_SELECT = select(*_ATTEMPT)
_BY_ID = _SELECT.where(AttemptRow.id == bindparam("for_id"))
_THEIRS = AttemptRow.learner_id == bindparam("for_learner")
_IN_SKILL = AttemptRow.skill_id == bindparam("for_skill")
_OLDER, _NEWER = AttemptRow.id < bindparam("before"), AttemptRow.id > bindparam("after")
_AT_MOST: BindParameter[int] = bindparam("at_most")
_NEWEST = _SELECT.where(_THEIRS, _OLDER).order_by(AttemptRow.id.desc()).limit(_AT_MOST)
_NEWEST_IN_SKILL = _NEWEST.where(_IN_SKILL)
_PAGE = _SELECT.where(_NEWER).order_by(AttemptRow.id).limit(_AT_MOST)
_HISTORY = _PAGE.where(_THEIRS)
_ON_ITEM = _PAGE.where(AttemptRow.item_id == bindparam("for_item"))
_IN_COURSE = _PAGE.where(AttemptRow.course_id == bindparam("for_course"))
_IN_PRACTICE = _SELECT.where(AttemptRow.practice_id == bindparam("for_practice"))
_IN_PRACTICE = _IN_PRACTICE.order_by(AttemptRow.id)
_SEEN = (
    select(AttemptRow.item_id, func.max(AttemptRow.attempted_at).label("answered_at"))
    .where(_THEIRS, _IN_SKILL)
    .group_by(AttemptRow.item_id)
)
_ADD = insert(AttemptRow)


async def add_attempt(
    session: Session, attempt: NewAttempt, *, expected: float, now: datetime
) -> str:
    """Appends an attempt and returns its id. `expected` is what was predicted before it."""
    values = asdict(attempt)
    skills = list(values.pop("skill_ids"))
    made: dict[str, Any] = {
        "id": new_id(),
        "skill_id": skills[0] if skills else None,
        "skills": skills,
        "expected": expected,
        "attempted_at": now,
    }
    await session.execute(_ADD, values | made)
    return str(made["id"])


async def add_regrade(
    session: Session,
    attempt: Attempt,
    *,
    outcome: str,
    score: float,
    reason: str,
    by: str | None,
    now: datetime,
) -> str:
    """Appends a grade that holds from now on; `by` is who decided it, None a corrected key."""
    regrade = {
        "id": new_id(),
        "attempt_id": attempt.id,
        "learner_id": attempt.learner_id,
        "outcome": outcome,
        "score": score,
        "reason": reason,
        "decided_by": by,
        "regraded_at": now,
    }
    await session.execute(insert(RegradeRow), regrade)
    return str(regrade["id"])


async def attempt_by_id(session: Session, attempt_id: str) -> Attempt | None:
    """An attempt with the grade that holds."""
    row = (await session.execute(_BY_ID, {"for_id": attempt_id})).one_or_none()
    return _attempt(row) if row else None


async def latest_attempts(
    session: Session,
    learner_id: str,
    *,
    skill_id: str | None = None,
    before: str | None = None,
    limit: int = 50,
) -> list[Attempt]:
    """A learner's attempts, all or those on a skill as the main one, the newest first."""
    whose = {"for_learner": learner_id, "before": before or _LAST_ID, "at_most": limit}
    if skill_id is None:
        return await _read(session, _NEWEST, whose)
    return await _read(session, _NEWEST_IN_SKILL, whose | {"for_skill": skill_id})


async def history(
    session: Session, learner_id: str, *, after: str = "", limit: int = 1000
) -> list[Attempt]:
    """A learner's attempts in the order in which they were recorded, page by page."""
    page = {"for_learner": learner_id, "after": after, "at_most": limit}
    return await _read(session, _HISTORY, page)


async def attempts_on_item(
    session: Session, item_id: str, *, after: str = "", limit: int = 500
) -> list[Attempt]:
    """Everybody's attempts on an item, the oldest first, page by page."""
    page = {"for_item": item_id, "after": after, "at_most": limit}
    return await _read(session, _ON_ITEM, page)


async def attempts_in_course(
    session: Session, course_id: str, *, after: str = "", limit: int = 500
) -> list[Attempt]:
    """Attempts in a course, the oldest first, page by page."""
    page = {"for_course": course_id, "after": after, "at_most": limit}
    return await _read(session, _IN_COURSE, page)


async def attempts_in_practice(session: Session, practice_id: str) -> list[Attempt]:
    """What was answered in a practice, the oldest first."""
    return await _read(session, _IN_PRACTICE, {"for_practice": practice_id})


async def attempts_after(session: Session, after: str = "", *, limit: int = 5000) -> list[Attempt]:
    """Everybody's attempts in order, page by page: for training what predicts them."""
    return await _read(session, _PAGE, {"after": after, "at_most": limit})


async def seen_items(session: Session, learner_id: str, skill_id: str) -> dict[str, datetime]:
    """When a learner last answered each item of a skill; those never answered are missing."""
    whose = {"for_learner": learner_id, "for_skill": skill_id}
    rows = await session.execute(_SEEN, whose)
    return {row.item_id: row.answered_at for row in rows}


async def _read(
    session: Session, query: Select[Any], parameters: Mapping[str, Any]
) -> list[Attempt]:
    return [_attempt(row) for row in await session.execute(query, parameters)]


def _attempt(row: Any) -> Attempt:
    """The columns are in the order of the fields."""
    values = list(row)
    values[_SKILLS] = tuple(values[_SKILLS])
    return Attempt(*values)
