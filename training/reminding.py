"""The jobs that write to one learner: of what is due, and how their week went."""

from collections.abc import Mapping
from typing import Any

from training.worker import Handler, Running
from tutor.learner import digest, reminding


async def remind(running: Running) -> Mapping[str, Any]:
    """Writes a notice where the learner wants one and something is due."""
    learner_id = running.job.learner_id
    assert learner_id is not None, running.job.id
    async with running.database.write() as session:
        return {"reminded": await reminding.remind(session, learner_id, running.now())}


async def send_digest(running: Running) -> Mapping[str, Any]:
    """Writes how the week went where the learner wants to know."""
    learner_id = running.job.learner_id
    assert learner_id is not None, running.job.id
    async with running.database.write() as session:
        return {"sent": await digest.send_digest(session, learner_id, running.now())}


HANDLERS: Mapping[str, Handler] = {reminding.KIND: remind, digest.KIND: send_digest}
