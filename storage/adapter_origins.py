"""Where adapters come from: the run that made each, and the data set that it learnt from."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from storage.database import Session
from storage.models import DatasetRow, DatasetVersionRow, TuningRunRow


@dataclass(frozen=True, slots=True)
class Origin:
    """`scope` is whose the run was; `withdrawn_at` is set where somebody in the data set took
    their consent back."""

    artifact_id: str
    run_id: str
    scope: str
    version_id: str
    dataset: str
    number: int
    withdrawn_at: datetime | None


async def origins(session: Session, artifact_ids: Collection[str]) -> dict[str, Origin]:
    """By artifact; those that were imported or shipped are missing."""
    query = (
        select(
            TuningRunRow.artifact_id,
            TuningRunRow.id,
            TuningRunRow.scope,
            DatasetVersionRow.id,
            DatasetRow.name,
            DatasetVersionRow.number,
            DatasetVersionRow.withdrawn_at,
        )
        .join(DatasetVersionRow, DatasetVersionRow.id == TuningRunRow.version_id)
        .join(DatasetRow, DatasetRow.id == DatasetVersionRow.dataset_id)
        .where(TuningRunRow.artifact_id.in_(sorted(artifact_ids)))
    )
    rows: list[tuple[Any, ...]] = [tuple(row) for row in await session.execute(query)]
    return {row[0]: Origin(*row) for row in rows}
