"""Looks after running trials of adapters: a candidate that is rated clearly worse is taken back.

`adapter_trials` is a standing job. Whoever started a trial is told when it was ended by itself.
"""

from collections.abc import Mapping
from typing import Any

import structlog

from storage import adapter_trials, learners
from storage.database import Session
from training.worker import Handler, Running
from tutor.adapters.trials import ROLLED_BACK, Standing, end, standing, taken_back
from tutor.language import Language
from tutor.notices import tell_learner

KIND = "adapter_trials"
log = structlog.get_logger()


async def look_at_trials(running: Running) -> Mapping[str, Any]:
    """Ends the trials whose candidate is worse; each in a transaction of its own."""
    database, now = running.database, running.now()
    async with database.read() as session:
        trials = await adapter_trials.running_trials(session)
    ended = []
    for trial in trials:
        async with database.write() as session:
            stands = await standing(session, trial, now)
            if stands.must_end and await end(session, stands, ROLLED_BACK, by=None, now=now):
                await _tell(session, stands, running)
                ended.append(trial.id)
                log.warning("adapter_taken_back", trial_id=trial.id, scope=trial.scope)
    return {"trials": len(trials), "taken_back": ended}


async def _tell(session: Session, stands: Standing, running: Running) -> None:
    started_by = stands.trial.started_by
    learner = await learners.learner_by_id(session, started_by) if started_by else None
    if learner is None:
        return
    language = Language(learner.language) if learner.language else Language.ENGLISH
    await tell_learner(
        session,
        await learners.identities(session, learner.id),
        taken_back(stands, language),
        now=running.now(),
        key=f"{KIND}:{stands.trial.id}",
    )


HANDLERS: Mapping[str, Handler] = {KIND: look_at_trials}
