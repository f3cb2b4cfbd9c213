"""A tour of fine-tuning runs: calls each of their functions, and fills their table."""

from datetime import UTC, datetime, timedelta

from storage import datasets, jobs, tuning_runs
from storage.blobs import Blob
from storage.database import Session

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def visit_tuning_runs(
    session: Session, blob: Blob, learner_id: str, community_id: str
) -> None:
    """Somebody starts a run."""
    scope = f"community:{community_id}"
    made = await datasets.dataset_named(session, scope, "hints", by=learner_id, now=NOW)
    version = await datasets.latest_version(session, made.id) or await datasets.add_version(
        session,
        made.id,
        blob,
        content_hash="c1",
        manifest={},
        contributions={learner_id: 1},
        name="hints",
        by=learner_id,
        now=NOW,
    )
    job = await jobs.enqueue(session, kind="tune", payload={}, scope=scope, now=NOW)
    await tuning_runs.add_run(
        session,
        scope=scope,
        name="hints",
        version_id=version.id,
        stage="queued",
        recipe={"effort": "quick"},
        language="en",
        started_by=learner_id,
        job_id=job.id,
        now=NOW,
    )


async def read_tuning_runs(session: Session, community_id: str, artifact_id: str) -> None:
    run = await tuning_runs.latest_run(session, f"community:{community_id}")
    assert run is not None
    await tuning_runs.run_by_id(session, run.id)
    await tuning_runs.runs_of(session, run.scope)
    await tuning_runs.runs_of(session, run.scope, before=run.id)
    await tuning_runs.latest_run(session, run.scope)
    await tuning_runs.latest_run(session, run.scope, run.name)
    await tuning_runs.runs_on_version(session, run.version_id)
    await tuning_runs.runs_in_stages(session, ["queued", "training"])
    await tuning_runs.run_of_artifact(session, artifact_id)
    await tuning_runs.evaluations_of(session, artifact_id)


async def run_tuning_runs(session: Session, community_id: str, artifact_id: str) -> None:
    run = await tuning_runs.latest_run(session, f"community:{community_id}")
    assert run is not None and run.job_id is not None
    run_id = run.id
    await jobs.postpone_job(session, run.job_id, NOW + HOUR)
    await tuning_runs.set_time(session, run_id, NOW + HOUR, NOW)
    await tuning_runs.set_progress(session, run_id, {"step": 1}, NOW)
    await tuning_runs.set_report(session, run_id, {"passed": True}, NOW)
    moved = await tuning_runs.set_stage(
        session,
        run_id,
        come_from=["queued"],
        to="promoted",
        now=NOW,
        finished=True,
        artifact_id=artifact_id,
    )
    assert moved
