"""Fine-tuning runs: where each stands, on its way from a data set to an adapter.

What the stages mean, and which may follow which, is their users' business (`tutor.tuning`); here a
stage changes only from the one that the caller believes it to be.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from storage.database import Session
from storage.identifiers import new_id
from storage.models import TuningRunRow
from storage.models.base import columns_for

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class TuningRun:
    """`progress` holds what a card shows, `error` a marked sentence and its fields.

    `not_before` is the time that was chosen for it; None: as soon as it disturbs nobody.
    `artifact_id` is the adapter that it made, `evaluates_id` the one that it compares again.
    """

    id: str
    scope: str
    name: str
    version_id: str
    job_id: str | None
    stage: str
    recipe: Mapping[str, Any]
    base: Mapping[str, Any]
    progress: Mapping[str, Any]
    artifact_id: str | None
    evaluates_id: str | None
    report: Mapping[str, Any] | None
    error: Mapping[str, Any] | None
    language: str
    place: Mapping[str, Any] | None
    started_by: str | None
    not_before: datetime | None
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None

    @property
    def adapter_id(self) -> str | None:
        """The adapter that its report is about."""
        return self.artifact_id or self.evaluates_id


_RUN = columns_for(TuningRunRow, TuningRun)


async def add_run(
    session: Session,
    *,
    scope: str,
    name: str,
    version_id: str,
    stage: str,
    recipe: Mapping[str, Any],
    language: str,
    now: datetime,
    place: Mapping[str, Any] | None = None,
    started_by: str | None = None,
    not_before: datetime | None = None,
    job_id: str | None = None,
    progress: Mapping[str, Any] | None = None,
    run_id: str | None = None,
    evaluates_id: str | None = None,
) -> TuningRun:
    """A new run; `run_id` where its job had to know the id before."""
    run = TuningRun(
        id=run_id or new_id(),
        scope=scope,
        name=name,
        version_id=version_id,
        job_id=job_id,
        stage=stage,
        recipe=dict(recipe),
        base={},
        progress=dict(progress or {}),
        artifact_id=None,
        evaluates_id=evaluates_id,
        report=None,
        error=None,
        language=language,
        place=dict(place) if place is not None else None,
        started_by=started_by,
        not_before=not_before,
        created_at=now,
        updated_at=now,
        finished_at=None,
    )
    values = {name: getattr(run, name) for name in TuningRun.__slots__}
    await session.execute(insert(TuningRunRow), values)
    return run


async def run_by_id(session: Session, run_id: str) -> TuningRun | None:
    """A run as it stands."""
    row = (await session.execute(select(*_RUN).where(TuningRunRow.id == run_id))).one_or_none()
    return TuningRun(*row) if row else None


async def run_of_artifact(session: Session, artifact_id: str) -> TuningRun | None:
    """The run that made an artifact; None for one that was imported or shipped."""
    query = select(*_RUN).where(TuningRunRow.artifact_id == artifact_id)
    row = (await session.execute(query.limit(1))).one_or_none()
    return TuningRun(*row) if row else None


async def evaluations_of(session: Session, artifact_id: str) -> list[TuningRun]:
    """The runs that compared an adapter again, the newest first."""
    query = select(*_RUN).where(TuningRunRow.evaluates_id == artifact_id)
    query = query.order_by(TuningRunRow.id.desc()).limit(MOST_SHOWN)
    return [TuningRun(*row) for row in await session.execute(query)]


async def runs_of(
    session: Session, scope: str, *, before: str | None = None, limit: int = MOST_SHOWN
) -> list[TuningRun]:
    """The runs of a scope, the newest first; `before` is the last id of the page before."""
    query = select(*_RUN).where(TuningRunRow.scope == scope)
    if before is not None:
        query = query.where(TuningRunRow.id < before)
    query = query.order_by(TuningRunRow.id.desc()).limit(limit)
    return [TuningRun(*row) for row in await session.execute(query)]


async def latest_run(session: Session, scope: str, name: str | None = None) -> TuningRun | None:
    """The newest run of a scope, or of that name in it."""
    query = select(*_RUN).where(TuningRunRow.scope == scope)
    if name is not None:
        query = query.where(TuningRunRow.name == name)
    query = query.order_by(TuningRunRow.id.desc()).limit(1)
    row = (await session.execute(query)).one_or_none()
    return TuningRun(*row) if row else None


async def runs_on_version(session: Session, version_id: str) -> list[TuningRun]:
    """The runs that were made from a version of a data set, the newest first."""
    query = select(*_RUN).where(TuningRunRow.version_id == version_id)
    query = query.order_by(TuningRunRow.id.desc())
    return [TuningRun(*row) for row in await session.execute(query)]


async def runs_in_stages(session: Session, stages: Collection[str]) -> list[TuningRun]:
    """The runs of all scopes that stand in one of these stages, the oldest first."""
    query = select(*_RUN).where(TuningRunRow.stage.in_(sorted(stages))).order_by(TuningRunRow.id)
    return [TuningRun(*row) for row in await session.execute(query)]


async def set_stage(
    session: Session,
    run_id: str,
    *,
    come_from: Collection[str],
    to: str,
    now: datetime,
    finished: bool = False,
    **values: Any,
) -> bool:
    """Moves a run on, unless it has left `come_from` meanwhile; then False and nothing is changed.

    `values` are columns that change with the stage: base, progress, artifact_id, report, error.
    """
    here = (TuningRunRow.id == run_id, TuningRunRow.stage.in_(sorted(come_from)))
    values |= {"stage": to, "updated_at": now, "finished_at": now if finished else None}
    statement = update(TuningRunRow).where(*here).values(values).returning(TuningRunRow.id)
    return (await session.execute(statement)).first() is not None


async def set_progress(
    session: Session, run_id: str, progress: Mapping[str, Any], now: datetime
) -> None:
    """Stores how far a run is."""
    values = {"progress": dict(progress), "updated_at": now}
    await session.execute(update(TuningRunRow).where(TuningRunRow.id == run_id).values(values))


async def set_report(
    session: Session, run_id: str, report: Mapping[str, Any], now: datetime
) -> None:
    """Stores the report card of a run that is still being compared, or was compared again."""
    values = {"report": dict(report), "updated_at": now}
    await session.execute(update(TuningRunRow).where(TuningRunRow.id == run_id).values(values))


async def set_time(session: Session, run_id: str, not_before: datetime, now: datetime) -> None:
    """Stores the time that was chosen for a run."""
    values = {"not_before": not_before, "updated_at": now}
    await session.execute(update(TuningRunRow).where(TuningRunRow.id == run_id).values(values))
