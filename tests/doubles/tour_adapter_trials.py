"""A tour of trials and pointers of adapters: calls each of their functions, fills their table."""

from datetime import UTC, datetime

from storage import adapter_origins, adapter_pointers, adapter_trials, assignments
from storage.database import Session

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


async def visit_adapter_trials(
    session: Session, learner_id: str, community_id: str, artifact_id: str
) -> None:
    """Somebody tries an adapter out, in several places at once."""
    here = f"community:{community_id}", f"channel:{community_id}:C1"
    for scope in ("global", *here, f"learner:{community_id}:{learner_id}"):
        await adapter_trials.add_trial(
            session,
            scope=scope,
            control_id=None,
            candidate_id=artifact_id,
            share=0.5,
            by=learner_id,
            now=NOW,
        )


async def read_adapter_trials(
    session: Session, learner_id: str, community_id: str, artifact_id: str
) -> None:
    running = await adapter_trials.running_trials(session)
    for trial in running:
        await adapter_trials.running_trial(session, trial.scope)
        await adapter_trials.latest_trial(session, trial.scope)
        await adapter_trials.thumbs(session, trial, NOW)
    await adapter_pointers.pointers(
        session,
        ("global", f"learner:{learner_id}"),
        learner_id=learner_id,
        community_id=community_id,
        channel="C1",
    )
    await adapter_pointers.adapters_in_use(session)
    await adapter_origins.origins(session, [artifact_id])
    await assignments.assignment_at(session, "global", "cuckoo_clock")


async def run_adapter_trials(session: Session) -> None:
    trial, *_ = await adapter_trials.running_trials(session)
    await adapter_trials.end_trial(session, trial.id, "stopped", {"candidate_up": 1}, NOW)
    await assignments.unassign(
        session, scope="nowhere", kind="cuckoo_clock", by=None, reason="tour", now=NOW
    )
