"""Jobs: long work that a worker takes under a lease, with a heartbeat, progress and retries.

queued → running → done | failed | cancelled. A running job whose lease ran out may be taken again;
what the kinds mean is their workers' business.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import case, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.database import Session
from storage.identifiers import new_id
from storage.models import JobRow
from storage.models.base import columns_for

FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Pulse(StrEnum):
    """What a heartbeat tells the worker to do."""

    CONTINUE = "continue"
    CANCEL = "cancel"  # somebody asked for it: stop, then `cancel_job`
    LOST = "lost"  # the lease ran out and somebody else has the job: stop, and write nothing


@dataclass(frozen=True, slots=True)
class Job:
    """`scope` names what it is for, such as "global" or "community:…".

    `lease_until` is when it may be taken (again): back-off while queued, lease while running.
    """

    id: str
    kind: str
    scope: str
    payload: Mapping[str, Any]
    state: str
    priority: int
    owner: str | None
    lease_until: datetime
    heartbeat_at: datetime | None
    attempts: int
    max_attempts: int
    cancel_requested: bool
    progress: Mapping[str, Any]
    result: Mapping[str, Any] | None
    error: str | None
    created_by: str | None
    learner_id: str | None
    created_at: datetime
    finished_at: datetime | None


_JOB = columns_for(JobRow, Job)


async def enqueue(
    session: Session,
    *,
    kind: str,
    payload: Mapping[str, Any],
    now: datetime,
    scope: str = "global",
    priority: int = 0,
    max_attempts: int = 3,
    not_before: datetime | None = None,
    created_by: str | None = None,
    learner_id: str | None = None,
    dedupe_key: str | None = None,
) -> Job:
    """Adds a job; one with the same dedupe key that is not finished is returned instead.

    `learner_id` is the person whose data the job holds: erasing them deletes it.
    """
    statement = upsert(JobRow).values(
        id=new_id(),
        dedupe_key=dedupe_key,
        kind=kind,
        scope=scope,
        payload=dict(payload),
        state=JobState.QUEUED,
        priority=priority,
        lease_until=not_before or now,
        attempts=0,
        max_attempts=max_attempts,
        cancel_requested=False,
        progress={},
        created_by=created_by,
        learner_id=learner_id,
        created_at=now,
    )
    statement = statement.on_conflict_do_nothing(index_elements=["dedupe_key"])
    row = (await session.execute(statement.returning(*_JOB))).one_or_none()
    if row is None:
        same = select(*_JOB).where(JobRow.dedupe_key == dedupe_key)
        row = (await session.execute(same)).one()
    return Job(*row)


async def take_job(
    session: Session, *, owner: str, kinds: Sequence[str], lease_until: datetime, now: datetime
) -> Job | None:
    """Takes the most urgent job that is due, or whose worker fell silent; None when idle."""
    chosen = (
        select(JobRow.id)
        .where(
            JobRow.finished_at.is_(None),
            JobRow.lease_until <= now,
            JobRow.kind.in_(kinds),
            JobRow.attempts < JobRow.max_attempts,
            JobRow.cancel_requested.is_(False),
        )
        .order_by(JobRow.priority.desc(), JobRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    statement = (
        update(JobRow)
        .where(JobRow.id == chosen)
        .values(
            state=JobState.RUNNING,
            owner=owner,
            lease_until=lease_until,
            heartbeat_at=now,
            attempts=JobRow.attempts + 1,
        )
    )
    row = (await session.execute(statement.returning(*_JOB))).one_or_none()
    return Job(*row) if row else None


async def heartbeat(
    session: Session,
    job_id: str,
    owner: str,
    *,
    lease_until: datetime,
    now: datetime,
    progress: Mapping[str, Any] | None = None,
    advanced: bool = False,
) -> Pulse:
    """Prolongs the lease and stores progress; tells the worker whether to go on.

    `advanced`: the job has come to a point that it never falls back behind, so that earlier
    attempts no longer count. A long job survives any number of restarts, a stuck one only some.
    """
    values: dict[str, Any] = {"lease_until": lease_until, "heartbeat_at": now}
    if progress is not None:
        values["progress"] = dict(progress)
    if advanced:
        values["attempts"] = 1
    statement = _running(job_id, owner).values(values).returning(JobRow.cancel_requested)
    cancel = (await session.execute(statement)).scalar_one_or_none()
    if cancel is None:
        return Pulse.LOST
    return Pulse.CANCEL if cancel else Pulse.CONTINUE


async def advance_job(session: Session, job_id: str, owner: str) -> bool:
    """Earlier attempts no longer count, as with `heartbeat`; False when the lease was lost."""
    statement = _running(job_id, owner).values(attempts=1).returning(JobRow.id)
    return (await session.execute(statement)).first() is not None


async def finish_job(
    session: Session, job_id: str, owner: str, result: Mapping[str, Any], now: datetime
) -> bool:
    """Ends a job well; False when the lease was lost, and the result must not be used."""
    return await _end(session, job_id, owner, now, state=JobState.DONE, result=dict(result))


async def cancel_job(session: Session, job_id: str, owner: str, now: datetime) -> bool:
    """The worker stopped a job because its cancellation was requested."""
    return await _end(session, job_id, owner, now, state=JobState.CANCELLED)


async def give_back_job(
    session: Session,
    job_id: str,
    owner: str,
    now: datetime,
    *,
    not_before: datetime | None = None,
) -> bool:
    """The worker ends before the job did, or the job can't be done yet: it waits again, until
    `not_before` where given, and the attempt does not count.
    """
    again = not_before or now
    statement = (
        _running(job_id, owner)
        .values(state=JobState.QUEUED, owner=None, lease_until=again, attempts=JobRow.attempts - 1)
        .returning(JobRow.id)
    )
    return (await session.execute(statement)).first() is not None


async def postpone_job(session: Session, job_id: str, not_before: datetime) -> bool:
    """Lets a waiting job begin at another time, earlier or later; False if it no longer waits."""
    statement = (
        update(JobRow)
        .where(JobRow.id == job_id, JobRow.state == JobState.QUEUED)
        .values(lease_until=not_before)
        .returning(JobRow.id)
    )
    return (await session.execute(statement)).first() is not None


async def fail_job(
    session: Session, job_id: str, owner: str, error: str, now: datetime, *, retry: bool = True
) -> bool:
    """Notes what went wrong; the job is queued again after a pause while attempts are left."""
    job = await job_by_id(session, job_id)
    if job is None:
        return False
    if not retry or job.attempts >= job.max_attempts:
        return await _end(session, job_id, owner, now, state=JobState.FAILED, error=error)
    again = now + pause_after(job.attempts)
    statement = (
        _running(job_id, owner)
        .values(state=JobState.QUEUED, owner=None, lease_until=again, error=error)
        .returning(JobRow.id)
    )
    return (await session.execute(statement)).first() is not None


async def end_lost_jobs(session: Session, now: datetime) -> list[Job]:
    """Ends the jobs that nobody takes again; returns them.

    Failed are those whose workers fell silent in every attempt, cancelled are those whose worker
    fell silent after it was asked to cancel.
    """
    wanted = JobRow.cancel_requested.is_(True)
    silent = case((JobRow.error.is_(None), "The worker fell silent."), else_=JobRow.error)
    statement = (
        update(JobRow)
        .where(
            JobRow.finished_at.is_(None),
            JobRow.lease_until <= now,
            or_(JobRow.attempts >= JobRow.max_attempts, wanted),
        )
        .values(
            state=case((wanted, JobState.CANCELLED.value), else_=JobState.FAILED.value),
            error=case((wanted, JobRow.error), else_=silent),
            finished_at=now,
            dedupe_key=None,
        )
    )
    return [Job(*row) for row in await session.execute(statement.returning(*_JOB))]


async def request_cancel(session: Session, job_id: str, now: datetime) -> JobState | None:
    """Cancels a waiting job at once and asks the worker of a running one; None if unknown."""
    waiting = (
        update(JobRow)
        .where(JobRow.id == job_id, JobRow.state == JobState.QUEUED)
        .values(state=JobState.CANCELLED, finished_at=now, dedupe_key=None)
    )
    await session.execute(waiting)
    running = (
        update(JobRow)
        .where(JobRow.id == job_id, JobRow.finished_at.is_(None))
        .values(cancel_requested=True)
    )
    await session.execute(running)
    state = select(JobRow.state).where(JobRow.id == job_id)
    found = (await session.execute(state)).scalar_one_or_none()
    return JobState(found) if found else None


async def job_by_id(session: Session, job_id: str) -> Job | None:
    """A job as it stands."""
    row = (await session.execute(select(*_JOB).where(JobRow.id == job_id))).one_or_none()
    return Job(*row) if row else None


async def list_jobs(
    session: Session,
    *,
    scope: str | None = None,
    kind: str | None = None,
    unfinished: bool = False,
    before: str | None = None,
    limit: int = 50,
) -> list[Job]:
    """Jobs, the newest first; `before` is the id of the last one of the page before."""
    query = select(*_JOB).order_by(JobRow.id.desc()).limit(limit)
    if scope is not None:
        query = query.where(JobRow.scope == scope)
    if kind is not None:
        query = query.where(JobRow.kind == kind)
    if unfinished:
        query = query.where(JobRow.finished_at.is_(None))
    if before is not None:
        query = query.where(JobRow.id < before)
    return [Job(*row) for row in await session.execute(query)]


def pause_after(attempts: int) -> timedelta:
    """How long a job rests after its n-th failure: doubling, up to an hour."""
    doublings: int = 2 ** (attempts - 1)
    return min(FIRST_PAUSE * doublings, LONGEST_PAUSE)


def _running(job_id: str, owner: str) -> Any:
    return update(JobRow).where(
        JobRow.id == job_id, JobRow.owner == owner, JobRow.state == JobState.RUNNING
    )


async def _end(session: Session, job_id: str, owner: str, now: datetime, **values: Any) -> bool:
    statement = (
        _running(job_id, owner)
        .values(finished_at=now, dedupe_key=None, **values)
        .returning(JobRow.id)
    )
    return (await session.execute(statement)).first() is not None
