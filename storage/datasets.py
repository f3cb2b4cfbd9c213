"""Data sets that adapters are trained on: named series of versions that never change.

A version holds examples as a blob and says in its manifest where they come from. Who contributed by
their consent is a row each, so that a withdrawal finds every version. What a withdrawn version held
is let go of once nothing needs it; its row and its manifest stay, since adapters were made of it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.blobs import Blob, keep_blob, release_blobs
from storage.database import Session
from storage.identifiers import new_id
from storage.models import (
    DatasetContributionRow,
    DatasetRow,
    DatasetVersionRow,
    TuningRunRow,
)
from storage.models.base import columns_for

MEDIA_TYPE = "application/jsonl"


@dataclass(frozen=True, slots=True)
class Dataset:
    """`scope` is whose it is: "global" or "community:…"."""

    id: str
    scope: str
    name: str
    created_by: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DatasetVersion:
    """`blob_hash` is None once somebody in it withdrew and nothing needs the examples any more."""

    id: str
    dataset_id: str
    number: int
    content_hash: str
    blob_hash: str | None
    manifest: Mapping[str, Any]
    created_by: str | None
    created_at: datetime
    withdrawn_at: datetime | None


_DATASET = columns_for(DatasetRow, Dataset)
_VERSION = columns_for(DatasetVersionRow, DatasetVersion)


async def dataset_named(
    session: Session, scope: str, name: str, *, by: str | None, now: datetime
) -> Dataset:
    """The data set of that name, made where there was none; versions are added one at a time."""
    new = Dataset(new_id(), scope, name, by, now)
    values = {column: getattr(new, column) for column in Dataset.__slots__}
    statement = upsert(DatasetRow).values(values)
    await session.execute(statement.on_conflict_do_nothing(index_elements=["scope", "name"]))
    query = select(*_DATASET).where(DatasetRow.scope == scope, DatasetRow.name == name)
    return Dataset(*(await session.execute(query.with_for_update())).one())


async def dataset_by_name(session: Session, scope: str, name: str) -> Dataset | None:
    """A data set of a scope, None where there is none of that name."""
    query = select(*_DATASET).where(DatasetRow.scope == scope, DatasetRow.name == name)
    row = (await session.execute(query)).one_or_none()
    return Dataset(*row) if row else None


async def dataset_by_id(session: Session, dataset_id: str) -> Dataset | None:
    """A data set by its id."""
    row = (
        await session.execute(select(*_DATASET).where(DatasetRow.id == dataset_id))
    ).one_or_none()
    return Dataset(*row) if row else None


async def datasets_of(session: Session, scope: str, limit: int = 50) -> list[Dataset]:
    """The data sets of a scope, by name."""
    query = select(*_DATASET).where(DatasetRow.scope == scope).order_by(DatasetRow.name)
    return [Dataset(*row) for row in await session.execute(query.limit(limit))]


async def versions_of(session: Session, dataset_id: str, limit: int = 50) -> list[DatasetVersion]:
    """The versions of a data set, the newest first, withdrawn ones too."""
    query = select(*_VERSION).where(DatasetVersionRow.dataset_id == dataset_id)
    query = query.order_by(DatasetVersionRow.number.desc()).limit(limit)
    return [DatasetVersion(*row) for row in await session.execute(query)]


async def version_by_id(session: Session, version_id: str) -> DatasetVersion | None:
    """A version, also a withdrawn one."""
    query = select(*_VERSION).where(DatasetVersionRow.id == version_id)
    row = (await session.execute(query)).one_or_none()
    return DatasetVersion(*row) if row else None


async def latest_version(session: Session, dataset_id: str) -> DatasetVersion | None:
    """The newest version that may be trained on."""
    query = select(*_VERSION).where(
        DatasetVersionRow.dataset_id == dataset_id, DatasetVersionRow.withdrawn_at.is_(None)
    )
    query = query.order_by(DatasetVersionRow.number.desc()).limit(1)
    row = (await session.execute(query)).one_or_none()
    return DatasetVersion(*row) if row else None


async def same_version(
    session: Session, dataset_id: str, content_hash: str
) -> DatasetVersion | None:
    """A version of this very content; none that was withdrawn."""
    query = select(*_VERSION).where(
        DatasetVersionRow.dataset_id == dataset_id,
        DatasetVersionRow.content_hash == content_hash,
        DatasetVersionRow.withdrawn_at.is_(None),
    )
    row = (await session.execute(query.limit(1))).one_or_none()
    return DatasetVersion(*row) if row else None


async def add_version(
    session: Session,
    dataset_id: str,
    blob: Blob,
    *,
    content_hash: str,
    manifest: Mapping[str, Any],
    contributions: Mapping[str, int],
    name: str,
    by: str | None,
    now: datetime,
    media_type: str = MEDIA_TYPE,
) -> DatasetVersion:
    """Adds a version, and keeps its blob. `contributions` counts examples by learner."""
    highest = select(func.max(DatasetVersionRow.number)).where(
        DatasetVersionRow.dataset_id == dataset_id
    )
    number = ((await session.execute(highest)).scalar_one() or 0) + 1
    version = DatasetVersion(
        new_id(), dataset_id, number, content_hash, blob.hash, dict(manifest), by, now, None
    )
    await keep_blob(
        session, blob, owner=version_owner(version.id), name=name, media_type=media_type, now=now
    )
    values = {column: getattr(version, column) for column in DatasetVersion.__slots__}
    await session.execute(insert(DatasetVersionRow), values)
    if contributions:
        rows = [
            {"version_id": version.id, "learner_id": learner_id, "examples": examples}
            for learner_id, examples in contributions.items()
        ]
        await session.execute(insert(DatasetContributionRow), rows)
    return version


async def contributors(session: Session, version_id: str) -> dict[str, int]:
    """How many examples of a version come from whom."""
    query = select(DatasetContributionRow.learner_id, DatasetContributionRow.examples)
    rows = await session.execute(query.where(DatasetContributionRow.version_id == version_id))
    return {row.learner_id: row.examples for row in rows}


async def versions_with_learner(session: Session, learner_id: str) -> list[DatasetVersion]:
    """The versions that hold examples from what a learner wrote, the newest first."""
    query = (
        select(*_VERSION)
        .join(DatasetContributionRow, DatasetContributionRow.version_id == DatasetVersionRow.id)
        .where(DatasetContributionRow.learner_id == learner_id)
        .order_by(DatasetVersionRow.id.desc())
    )
    return [DatasetVersion(*row) for row in await session.execute(query)]


async def withdraw(session: Session, learner_id: str, now: datetime) -> list[str]:
    """Marks every version with a learner's examples: nothing new is trained on it. All their ids.

    `let_go_of_examples` takes the words away; the rows say who they were from until then.
    """
    held = [version.id for version in await versions_with_learner(session, learner_id)]
    if held:
        await session.execute(
            update(DatasetVersionRow)
            .where(DatasetVersionRow.id.in_(held), DatasetVersionRow.withdrawn_at.is_(None))
            .values(withdrawn_at=now)
        )
    return held


async def let_go_of_examples(session: Session, needing: Collection[str]) -> list[str]:
    """Releases the examples of withdrawn versions that no run in these stages needs; their ids.

    The blob goes with the next clean-up, like every file that nobody needs.
    """
    needed = exists().where(
        TuningRunRow.version_id == DatasetVersionRow.id, TuningRunRow.stage.in_(sorted(needing))
    )
    query = select(DatasetVersionRow.id).where(
        DatasetVersionRow.withdrawn_at.is_not(None),
        DatasetVersionRow.blob_hash.is_not(None),
        ~needed,
    )
    ids = list((await session.execute(query)).scalars())
    for version_id in ids:
        await release_blobs(session, version_owner(version_id))
    await session.execute(
        update(DatasetVersionRow).where(DatasetVersionRow.id.in_(ids)).values(blob_hash=None)
    )
    return ids


async def merge_contributions(session: Session, keep_id: str, gone_id: str) -> None:
    """Two learners turn out to be one: where both are in a version, their examples are summed."""
    theirs = select(DatasetContributionRow.version_id, DatasetContributionRow.examples).where(
        DatasetContributionRow.learner_id == gone_id
    )
    for version_id, examples in (await session.execute(theirs)).all():
        row = upsert(DatasetContributionRow).values(
            version_id=version_id, learner_id=keep_id, examples=examples
        )
        summed = DatasetContributionRow.examples + row.excluded.examples
        await session.execute(
            row.on_conflict_do_update(
                index_elements=["version_id", "learner_id"], set_={"examples": summed}
            )
        )
    gone = DatasetContributionRow.learner_id == gone_id
    await session.execute(delete(DatasetContributionRow).where(gone))


def version_owner(version_id: str) -> str:
    """Under which name a version keeps its blobs."""
    return f"dataset_version:{version_id}"
