"""Starting, ending and finding fine-tuning runs; the worker does the rest.

Knows nothing of how a run is done (`training.runs`) or shown (`tutor.tuning.card`). Every refusal
carries a marked sentence for whoever asked.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from storage import datasets, jobs, tuning_runs
from storage.database import Session
from storage.identifiers import new_id
from storage.jobs import JobState
from storage.tuning_runs import TuningRun
from tutor.bank.reason import Reason
from tutor.i18n import mark
from tutor.language import Language
from tutor.tuning import card
from tutor.tuning.product import product_from, product_of
from tutor.tuning.stage import ACTIVE, Stage

KIND = "tune"
WAITS = mark("Another training is under way on this machine; this one begins when it has ended.")


class RunRefused(Exception):
    """A run can't be started or changed; `reason` says why and what to do."""

    def __init__(self, message: str, /, **fields: Any) -> None:
        self.reason = Reason(message, fields)
        super().__init__(self.reason.said(Language.ENGLISH))


class VersionUnknown(RunRefused):
    """There is no such version of a data set."""

    def __init__(self) -> None:
        super().__init__(mark("I know no such version of a data set."))


class VersionWithdrawn(RunRefused):
    """Somebody whose words are in the version took their consent back."""

    def __init__(self) -> None:
        super().__init__(
            mark(
                "Somebody whose words are in this version has withdrawn their consent, so nothing "
                "may be trained on it. Build a new version of the data set and start with that."
            )
        )


class WrongData(RunRefused):
    """Texts for a generator, or pictures for an adapter."""

    def __init__(self) -> None:
        super().__init__(
            mark(
                "A generator of pictures learns from pictures, an adapter from texts. Name a data "
                "set of the right kind."
            )
        )


class RunExists(RunRefused):
    """A run of that name is under way in the scope."""

    def __init__(self, name: str) -> None:
        super().__init__(
            mark(
                "A training called “{name}” is under way here already. Stop it first, or start "
                "this one under another name."
            ),
            name=name,
        )


class RunUnknown(RunRefused):
    """There is no such run."""

    def __init__(self) -> None:
        super().__init__(mark("I know no such training."))


class RunOver(RunRefused):
    """The run has ended, or has gone on to a stage where this is no longer possible."""

    def __init__(self, name: str) -> None:
        super().__init__(
            mark("The training “{name}” is no longer at a point where this can be done."), name=name
        )


async def start_run(
    session: Session,
    *,
    scope: str,
    name: str,
    version_id: str,
    recipe: Mapping[str, Any],
    language: Language,
    place: Mapping[str, Any] | None,
    started_by: str | None,
    not_before: datetime | None,
    now: datetime,
) -> TuningRun:
    """Queues a run and its job; raises RunRefused.

    `not_before` is a time that a person chose (`now` for “at once”): where training and answering
    don't fit into memory together, answering pauses from then on. None: when both fit.
    """
    version = await datasets.version_by_id(session, version_id)
    if version is None:
        raise VersionUnknown
    if version.withdrawn_at is not None:
        raise VersionWithdrawn
    if product_from(version.manifest) is not product_of(recipe):
        raise WrongData
    run_id = new_id()
    job = await jobs.enqueue(
        session,
        kind=KIND,
        payload={"run_id": run_id},
        now=now,
        scope=scope,
        not_before=not_before,
        created_by=started_by,
        dedupe_key=f"{KIND}:{scope}:{name}",
    )
    if job.payload["run_id"] != run_id:
        raise RunExists(name)
    others = await tuning_runs.runs_in_stages(session, ACTIVE)
    return await tuning_runs.add_run(
        session,
        run_id=run_id,
        scope=scope,
        name=name,
        version_id=version_id,
        job_id=job.id,
        stage=Stage.QUEUED,
        recipe=recipe,
        language=language,
        place=place,
        started_by=started_by,
        not_before=not_before,
        progress={"waiting": {"message": WAITS, "fields": {}}} if others else {},
        now=now,
    )


async def choose_time(
    session: Session, run_id: str, not_before: datetime, now: datetime
) -> TuningRun:
    """Lets a waiting run begin at a time (`now` for “at once”), when answering may pause for it."""
    run = await run_by_id(session, run_id)
    if run.stage not in (Stage.QUEUED, Stage.PREPARING) or run.job_id is None:
        raise RunOver(run.name)
    await jobs.postpone_job(session, run.job_id, not_before)
    await tuning_runs.set_time(session, run_id, not_before, now)
    return await run_by_id(session, run_id)


async def cancel_run(session: Session, run_id: str, now: datetime) -> TuningRun:
    """Ends a waiting run at once, and asks the worker to end one that is under way.

    The run that is returned may still be active: it is cancelled within moments, and its card says
    so. Raises RunRefused.
    """
    run = await run_by_id(session, run_id)
    if run.stage not in ACTIVE or run.job_id is None:
        raise RunOver(run.name)
    state = await jobs.request_cancel(session, run.job_id, now)
    if state is not JobState.RUNNING:
        await tuning_runs.set_stage(
            session, run_id, come_from=ACTIVE, to=Stage.CANCELLED, now=now, finished=True
        )
    return await run_by_id(session, run_id)


async def reject_run(session: Session, run_id: str, now: datetime) -> TuningRun:
    """Somebody looked at the report and does not want the adapter; it stays stored."""
    run = await run_by_id(session, run_id)
    waiting = (Stage.AWAITING_APPROVAL,)
    if not await tuning_runs.set_stage(
        session, run_id, come_from=waiting, to=Stage.REJECTED, now=now, finished=True
    ):
        raise RunOver(run.name)
    return await run_by_id(session, run_id)


async def mark_promoted(session: Session, artifact_id: str, now: datetime) -> None:
    """An adapter is in use: so say the cards of the run that made it, and of those that compared it
    again."""
    made = await tuning_runs.run_of_artifact(session, artifact_id)
    decided = (Stage.AWAITING_APPROVAL, Stage.REJECTED)
    for run in [*([made] if made else []), *await tuning_runs.evaluations_of(session, artifact_id)]:
        if await tuning_runs.set_stage(
            session, run.id, come_from=decided, to=Stage.PROMOTED, now=now, finished=True
        ):
            await card.refresh(session, await run_by_id(session, run.id), now=now)


async def runs_of(session: Session, scope: str) -> list[TuningRun]:
    """The runs of a scope, the newest first."""
    return await tuning_runs.runs_of(session, scope)


async def run_by_id(session: Session, run_id: str) -> TuningRun:
    """A run as it stands; raises RunUnknown."""
    run = await tuning_runs.run_by_id(session, run_id)
    if run is None:
        raise RunUnknown
    return run
