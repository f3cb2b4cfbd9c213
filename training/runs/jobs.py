"""The kinds of jobs of fine-tuning runs: the run, an estimate beforehand, and tidying up after."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from storage import tuning_runs
from storage.database import Session
from storage.jobs import Job, JobState
from training.runs.estimating import estimate
from training.runs.failure import STOPPED_OFTEN
from training.runs.life import tune
from training.runs.tidying import tidy
from training.runs.tools import RefreshCard, refresh_card
from training.worker import Handler, OnEnd, Running
from tutor.tuning.runs import KIND
from tutor.tuning.stage import ACTIVE, Stage


async def _tune(running: Running) -> Mapping[str, Any]:
    return await tune(running)


async def end_run(
    session: Session, job: Job, now: datetime, refresh_card: RefreshCard = refresh_card
) -> None:
    """The run of a job that ended without it: cancelled with it, or failed."""
    run_id = job.payload["run_id"]
    cancelled = job.state == JobState.CANCELLED
    error = {"message": STOPPED_OFTEN, "fields": {"file": f"tuning/{run_id}/trainer.log"}}
    ended = await tuning_runs.set_stage(
        session,
        run_id,
        come_from=ACTIVE,
        to=Stage.CANCELLED if cancelled else Stage.FAILED,
        now=now,
        finished=True,
        **({} if cancelled else {"error": error}),
    )
    run = await tuning_runs.run_by_id(session, run_id) if ended else None
    if run is not None:
        await refresh_card(session, run, now)


HANDLERS: Mapping[str, Handler] = {KIND: _tune, "tune_estimate": estimate, "tune_tidy": tidy}
LANE = frozenset({KIND})
ON_END: Mapping[str, OnEnd] = {KIND: end_run}
