"""The job that reminds one learner of what is due."""

from collections.abc import Mapping
from typing import Any

from training.worker import Handler, Running
from tutor.learner import reminding


async def remind(running: Running) -> Mapping[str, Any]:
    """Writes a notice where the learner wants one and something is due."""
    learner_id = running.job.learner_id
    assert learner_id is not None, running.job.id
    async with running.database.write() as session:
        return {"reminded": await reminding.remind(session, learner_id, running.now())}


HANDLERS: Mapping[str, Handler] = {reminding.KIND: remind}
