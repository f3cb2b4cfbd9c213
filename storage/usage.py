"""How much learners and communities use: quotas by the hour, counts and tokens by hour and day."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.database import Session
from storage.models import CommunityUsageRow, LearnerUsageRow

HOUR = "hour"
DAY = "day"
UNLIMITED = 2**31 - 1

UsageRow = type[LearnerUsageRow] | type[CommunityUsageRow]


@dataclass(frozen=True, slots=True)
class Allowed:
    """The question counts, and may be answered."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A quota is used up until `reset_at`; `whose` is learner or community. Nothing counted."""

    reset_at: datetime
    whose: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Counts of one window that begins at `starts_at`."""

    starts_at: datetime
    questions: int
    prompt_tokens: int
    completion_tokens: int


_add_learner = upsert(LearnerUsageRow)
_add_community = upsert(CommunityUsageRow)
_COUNT_LEARNER = _add_learner.on_conflict_do_update(
    index_elements=["learner_id", "span", "starts_at"],
    set_={"questions": LearnerUsageRow.questions + _add_learner.excluded.questions},
    where=LearnerUsageRow.questions + _add_learner.excluded.questions <= bindparam("most"),
).returning(LearnerUsageRow.questions)
_COUNT_COMMUNITY = _add_community.on_conflict_do_update(
    index_elements=["community_id", "span", "starts_at"],
    set_={"questions": CommunityUsageRow.questions + _add_community.excluded.questions},
    where=CommunityUsageRow.questions + _add_community.excluded.questions <= bindparam("most"),
).returning(CommunityUsageRow.questions)
_UNCOUNT_LEARNER = (
    update(LearnerUsageRow)
    .where(
        LearnerUsageRow.learner_id == bindparam("for_learner"),
        LearnerUsageRow.span == HOUR,
        LearnerUsageRow.starts_at == bindparam("at"),
    )
    .values(questions=LearnerUsageRow.questions - bindparam("taken_back"))
)


def hour_of(now: datetime) -> datetime:
    """The beginning of the hour."""
    return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


async def count_and_check(
    session: Session,
    *,
    learner_id: str,
    community_id: str,
    now: datetime,
    learner_limit: int | None,
    community_limit: int | None,
    count: int = 1,
) -> Allowed | Refused:
    """Counts questions of this hour unless that would pass a limit; None is no limit."""
    hour = hour_of(now)
    refused_until = hour + timedelta(hours=1)
    window = {
        "span": HOUR,
        "starts_at": hour,
        "questions": count,
        "prompt_tokens": 0,
        "completion_tokens": 0,
    }
    limits = [UNLIMITED if limit is None else limit for limit in (learner_limit, community_limit)]
    if count > limits[0]:
        return Refused(refused_until, "learner")
    if count > limits[1]:
        return Refused(refused_until, "community")
    learner = window | {"learner_id": learner_id, "most": limits[0]}
    if (await session.execute(_COUNT_LEARNER, learner)).first() is None:
        return Refused(refused_until, "learner")
    community = window | {"community_id": community_id, "most": limits[1]}
    if (await session.execute(_COUNT_COMMUNITY, community)).first() is None:
        back = {"for_learner": learner_id, "at": hour, "taken_back": count}
        await session.execute(_UNCOUNT_LEARNER, back)
        return Refused(refused_until, "community")
    return Allowed()


async def add_tokens(
    session: Session,
    *,
    learner_id: str,
    community_id: str,
    now: datetime,
    prompt_tokens: int,
    completion_tokens: int,
) -> None:
    """Adds what a reply cost to the windows of its learner and community."""
    rows: tuple[tuple[UsageRow, dict[str, str]], ...] = (
        (LearnerUsageRow, {"learner_id": learner_id}),
        (CommunityUsageRow, {"community_id": community_id}),
    )
    for row, owner in rows:
        statement = upsert(row).values(
            **owner,
            span=HOUR,
            starts_at=hour_of(now),
            questions=0,
            prompt_tokens=prompt_tokens,
            completion_tokens=completion_tokens,
        )
        await session.execute(_adding(statement, row, [*owner, "span", "starts_at"]))


async def learner_usage(session: Session, learner_id: str, since: datetime) -> list[Usage]:
    """The windows of a learner, oldest first; old hours were summed up to days."""
    query = select(
        LearnerUsageRow.starts_at,
        LearnerUsageRow.questions,
        LearnerUsageRow.prompt_tokens,
        LearnerUsageRow.completion_tokens,
    ).where(LearnerUsageRow.learner_id == learner_id, LearnerUsageRow.starts_at >= since)
    rows = await session.execute(query.order_by(LearnerUsageRow.starts_at))
    return [Usage(*row) for row in rows]


async def community_usage(session: Session, community_id: str, since: datetime) -> list[Usage]:
    """The windows of a community, oldest first."""
    query = select(
        CommunityUsageRow.starts_at,
        CommunityUsageRow.questions,
        CommunityUsageRow.prompt_tokens,
        CommunityUsageRow.completion_tokens,
    ).where(CommunityUsageRow.community_id == community_id, CommunityUsageRow.starts_at >= since)
    rows = await session.execute(query.order_by(CommunityUsageRow.starts_at))
    return [Usage(*row) for row in rows]


async def sum_up_days(session: Session, before: datetime) -> None:
    """Replaces the hours of the days that ended before then by one count a day."""
    midnight = before.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for row, owner in ((LearnerUsageRow, "learner_id"), (CommunityUsageRow, "community_id")):
        oldest = select(func.min(row.starts_at)).where(row.span == HOUR, row.starts_at < midnight)
        while (first := (await session.execute(oldest)).scalar_one_or_none()) is not None:
            day = first.replace(hour=0)
            await _sum_up_day(session, row, owner, day)


async def _sum_up_day(session: Session, row: UsageRow, owner: str, day: datetime) -> None:
    hours = (row.span == HOUR, row.starts_at >= day, row.starts_at < day + timedelta(days=1))
    totals = (
        select(
            getattr(row, owner),
            func.sum(row.questions),
            func.sum(row.prompt_tokens),
            func.sum(row.completion_tokens),
        )
        .where(*hours)
        .group_by(getattr(row, owner))
    )
    for who, questions, prompt_tokens, completion_tokens in await session.execute(totals):
        statement = upsert(row).values(
            **{owner: who},
            span=DAY,
            starts_at=day,
            questions=int(questions),
            prompt_tokens=int(prompt_tokens),
            completion_tokens=int(completion_tokens),
        )
        await session.execute(_adding(statement, row, [owner, "span", "starts_at"]))
    await session.execute(delete(row).where(*hours))


def _adding(statement: Insert, row: UsageRow, key: list[str]) -> Insert:
    """An insert that adds to the counts where the window exists."""
    counts = ("questions", "prompt_tokens", "completion_tokens")
    return statement.on_conflict_do_update(
        index_elements=key,
        set_={name: getattr(row, name) + statement.excluded[name] for name in counts},
    )
