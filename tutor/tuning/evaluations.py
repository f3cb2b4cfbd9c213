"""Asking for an adapter to be compared again: after the engine has changed, or after an import.

The worker compares (`training.runs`); what it finds replaces what the adapter's card says.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from storage import datasets, jobs, tuning_runs
from storage.artifacts import Artifact, artifact_by_id
from storage.database import Session
from storage.datasets import DatasetVersion
from storage.identifiers import new_id
from storage.tuning_runs import TuningRun
from tutor.adapters.fitness import KIND as ADAPTER
from tutor.adapters.fitness import PARKED, STALE, UNTESTED, fits_base
from tutor.adapters.promoting import why_not
from tutor.adapters.refusals import AdapterUnknown, NotPromotable
from tutor.engine.contract import Capabilities
from tutor.i18n import mark
from tutor.language import Language
from tutor.tuning.product import Product, product_from
from tutor.tuning.runs import (
    KIND,
    WAITS,
    RunRefused,
    VersionUnknown,
    VersionWithdrawn,
    WrongData,
)
from tutor.tuning.stage import ACTIVE, Stage

REOPENED = (STALE, UNTESTED)
"""The refusals that a comparison can lift."""


class NothingToCompareOn(RunRefused):
    """No data of its own are here, and none were named."""

    def __init__(self, name: str) -> None:
        super().__init__(
            mark(
                "There is nothing to compare “{name}” on: the data that it was trained on are not "
                "stored here. Name a data set, whose held-out part is taken then."
            ),
            name=name,
        )


class NothingHeldOut(RunRefused):
    """The version has no held-out part."""

    def __init__(self) -> None:
        super().__init__(
            mark(
                "Nothing of this data set is held out, so nothing can be compared on it. Name "
                "another one."
            )
        )


class AlreadyCompared(RunRefused):
    """The same adapter is being compared at this moment."""

    def __init__(self, name: str) -> None:
        super().__init__(mark("“{name}” is being compared already."), name=name)


async def start_evaluation(
    session: Session,
    *,
    artifact_id: str,
    scope: str,
    version_id: str | None,
    effort: str,
    capabilities: Capabilities | None,
    language: Language,
    place: Mapping[str, Any] | None,
    started_by: str | None,
    now: datetime,
) -> TuningRun:
    """Queues a run that compares an adapter on the held-out part of `version_id`, or of the data
    that it was trained on. Raises RunRefused and AdapterRefused."""
    artifact = await _comparable(session, artifact_id, capabilities)
    version = await _version(session, artifact, version_id)
    run_id = new_id()
    job = await jobs.enqueue(
        session,
        kind=KIND,
        payload={"run_id": run_id},
        now=now,
        scope=scope,
        created_by=started_by,
        dedupe_key=f"{KIND}:evaluate:{artifact_id}",
    )
    if job.payload["run_id"] != run_id:
        raise AlreadyCompared(artifact.name)
    others = await tuning_runs.runs_in_stages(session, ACTIVE)
    return await tuning_runs.add_run(
        session,
        run_id=run_id,
        scope=scope,
        name=artifact.name,
        version_id=version.id,
        job_id=job.id,
        stage=Stage.QUEUED,
        recipe={"effort": effort},
        language=language,
        place=place,
        started_by=started_by,
        progress={"waiting": {"message": WAITS, "fields": {}}} if others else {},
        evaluates_id=artifact_id,
        now=now,
    )


async def _comparable(
    session: Session, artifact_id: str, capabilities: Capabilities | None
) -> Artifact:
    artifact = await artifact_by_id(session, artifact_id)
    if artifact is None or artifact.kind != ADAPTER:
        raise AdapterUnknown
    if why := await why_not(session, artifact):
        raise NotPromotable(why.message, **why.fields)
    if not fits_base(artifact.base_hash, capabilities):
        raise NotPromotable(PARKED)
    return artifact


async def _version(session: Session, artifact: Artifact, wanted: str | None) -> DatasetVersion:
    """The version that was named, else the adapter's own."""
    made = await tuning_runs.run_of_artifact(session, artifact.id)
    version_id = wanted or (made.version_id if made else None)
    version = await datasets.version_by_id(session, version_id) if version_id else None
    if version is None:
        raise VersionUnknown if wanted else NothingToCompareOn(artifact.name)
    if product_from(version.manifest) is not Product.ADAPTER:
        raise WrongData
    if version.withdrawn_at is not None:
        raise VersionWithdrawn
    if version.blob_hash is None:
        raise NothingToCompareOn(artifact.name)
    if not version.manifest.get("split", {}).get("held_out", {}).get("examples", 1):
        raise NothingHeldOut
    return version
