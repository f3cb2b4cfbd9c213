"""Waiting for a job of the worker as long as somebody likes to wait in chat."""

import asyncio

from bot.services import Services
from storage.jobs import Job, job_by_id

WAITING_SECONDS = 40.0
POLL_SECONDS = 0.5


async def ended(services: Services, job_id: str, most_seconds: float | None = None) -> Job | None:
    """The job once it has ended, or as it stands after so long; None where it is gone."""
    most = WAITING_SECONDS if most_seconds is None else min(most_seconds, WAITING_SECONDS)
    waited = 0.0
    job = await _job(services, job_id)
    while job is not None and job.finished_at is None and waited < most:
        await asyncio.sleep(POLL_SECONDS)
        waited += POLL_SECONDS
        job = await _job(services, job_id)
    return job


def reason_of(job: Job) -> str:
    """Why a job failed, in one line."""
    return " ".join((job.error or "").split())


async def _job(services: Services, job_id: str) -> Job | None:
    async with services.database.read() as session:
        return await job_by_id(session, job_id)
