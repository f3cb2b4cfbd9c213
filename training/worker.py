"""Takes jobs from the database, one after the other in each lane, and makes jobs of what comes due.

Knows no kind of job: it is given their handlers, and which kinds share a lane, so that what takes
hours keeps nothing else waiting. A job is held by a lease that a heartbeat prolongs; what a worker
leaves behind when it dies is taken up by the next one.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from storage import jobs, schedules
from storage.blobs import BlobStore
from storage.database import Database, Session, StorageUnavailable
from storage.jobs import Job, JobState, Pulse
from storage.schedules import Schedule
from training.settings import WorkerSettings

log = structlog.get_logger()

LEASE = timedelta(seconds=60)
BEAT_SECONDS = 5.0  # so long it takes at most to hear of a cancellation
POLL_SECONDS = 1.0
AWAY_SECONDS = 5.0
GRACE_SECONDS = 10.0


class JobFailed(Exception):
    """A job that can never succeed as it was asked for; the message is for who asked for it."""


class Postponed(Exception):
    """A job that can't go on now and is given back; tried again at `until`, and nothing counted."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"postponed until {until}")
        self.until = until


@dataclass
class Running:
    """What a handler works with.

    `report` stores progress with the next heartbeat; `advance` notes that the job will not fall
    back behind this point. `stopping` is set when the worker is asked to end: a handler that can
    leave its work in good order does so and raises Postponed. When a handler is cancelled, `pulse`
    says why: CONTINUE is the end of the worker.
    """

    job: Job
    database: Database
    blobs: BlobStore
    settings: WorkerSettings
    now: Callable[[], datetime]
    progress: Mapping[str, Any] | None = None
    advanced: bool = False
    pulse: Pulse = Pulse.CONTINUE
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def report(self, **progress: Any) -> None:
        self.progress = progress

    def advance(self) -> None:
        self.advanced = True


Handler = Callable[[Running], Awaitable[Mapping[str, Any]]]
"""Does a job and returns its result; cancelled when somebody cancels the job."""

NextDue = Callable[[Schedule, datetime], datetime | None]
"""When a schedule comes due again after now; None ends it."""

OnEnd = Callable[[Session, Job, datetime], Awaitable[object]]
"""Told of a job that ended without its handler's doing: failed for good, lost, or cancelled while
nobody worked on it. Runs in the transaction that ends the job."""


class Worker:
    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        settings: WorkerSettings,
        handlers: Mapping[str, Handler],
        next_due: NextDue,
        *,
        owner: str,
        now: Callable[[], datetime],
        lanes: Sequence[Collection[str]] = (),
        on_end: Mapping[str, OnEnd] | None = None,
        lease: timedelta = LEASE,
        poll_seconds: float = POLL_SECONDS,
        grace_seconds: float = GRACE_SECONDS,
    ) -> None:
        """`lanes` are kinds that wait for each other only; those in no lane share one more."""
        self._database = database
        self._blobs = blobs
        self._settings = settings
        self._handlers = handlers
        self._next_due = next_due
        self._owner = owner
        self._now = now
        rest = set(handlers).difference(*lanes)
        self._lanes = [set(lane) for lane in (*lanes, rest) if lane]
        self._on_end = on_end or {}
        self._lease = lease
        self._poll_seconds = poll_seconds
        self._grace_seconds = grace_seconds
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Takes nothing more; a running job gets a moment to end, else it is given back."""
        self._stopping.set()

    async def run(self) -> None:
        """Works until `stop`. Schedules go on while a long job runs, and so do the other lanes."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._repeat(self.make_due_jobs))
            for lane in self._lanes:
                group.create_task(self._repeat(partial(self.do_next_job, lane)))

    async def make_due_jobs(self) -> bool:
        """Enqueues what is due, each once however many workers look; ends jobs that were lost."""
        now = self._now()
        async with self._database.write() as session:
            for lost in await jobs.end_lost_jobs(session, now):
                log.error("job_lost", job_id=lost.id, kind=lost.kind)
                await self._tell_end(session, lost, now)
            for schedule in await schedules.due_schedules(session, now):
                if await schedules.advance_schedule(
                    session, schedule, self._next_due(schedule, now), now
                ):
                    await self._enqueue(session, schedule, now)
        return False

    async def do_next_job(self, lane: Collection[str] | None = None) -> bool:
        """Takes the most urgent job (of a lane) and does it; False when there is none."""
        now = self._now()
        async with self._database.write() as session:
            job = await jobs.take_job(
                session,
                owner=self._owner,
                kinds=sorted(lane if lane is not None else self._handlers),
                lease_until=now + self._lease,
                now=now,
            )
        if job is None:
            return False
        await self._do(job)
        return True

    async def _enqueue(self, session: Any, schedule: Schedule, now: datetime) -> None:
        job = await jobs.enqueue(
            session,
            kind=schedule.kind,
            scope=schedule.scope,
            payload=schedule.payload,
            now=now,
            learner_id=schedule.learner_id,
            dedupe_key=f"schedule:{schedule.name}",
        )
        log.info("job_due", job_id=job.id, kind=job.kind, schedule=schedule.name)

    async def _do(self, job: Job) -> None:
        """Runs the handler beside its heartbeat, and writes down how it ended."""
        logger = log.bind(job_id=job.id, kind=job.kind, attempt=job.attempts)
        logger.info("job_started")
        running = Running(
            job,
            self._database,
            self._blobs,
            self._settings,
            self._now,
            stopping=self._stopping,
        )
        work = asyncio.ensure_future(self._handlers[job.kind](running))
        pulse = await self._keep(work, running)
        if pulse is Pulse.LOST:
            logger.warning("job_lease_lost")
        elif pulse is Pulse.CANCEL:
            await self._write(lambda session: jobs.cancel_job(session, *self._ends(job)))
            logger.info("job_cancelled")
        elif work.cancelled():
            await self._write(lambda session: jobs.give_back_job(session, *self._ends(job)))
            logger.info("job_given_back")
        else:
            await self._write_outcome(job, work, logger)

    async def _write_outcome(self, job: Job, work: asyncio.Future[Any], logger: Any) -> None:
        error = work.exception()
        now = self._now()
        if isinstance(error, Postponed):
            until = error.until
            await self._write(
                lambda session: jobs.give_back_job(
                    session, job.id, self._owner, now, not_before=until
                )
            )
            logger.info("job_postponed", until=until)
            return
        if error is None:
            result = dict(work.result())
            await self._write(
                lambda session: jobs.finish_job(session, job.id, self._owner, result, now)
            )
            logger.info("job_done")
            return
        known = isinstance(error, JobFailed)
        reason = str(error) if known else type(error).__name__
        logger.error("job_failed", exc_info=error)
        await self._write(lambda session: self._fail(session, job, reason, now, retry=not known))

    async def _fail(
        self, session: Session, job: Job, reason: str, now: datetime, *, retry: bool
    ) -> None:
        if not await jobs.fail_job(session, job.id, self._owner, reason, now, retry=retry):
            return
        failed = await jobs.job_by_id(session, job.id)
        if failed is not None and failed.state == JobState.FAILED:
            await self._tell_end(session, failed, now)

    async def _tell_end(self, session: Session, job: Job, now: datetime) -> None:
        if job.kind in self._on_end:
            await self._on_end[job.kind](session, job, now)

    async def _keep(self, work: asyncio.Future[Any], running: Running) -> Pulse:
        """Prolongs the lease until the work has ended, or must."""
        stopping = asyncio.ensure_future(self._stopping.wait())
        try:
            while True:
                waiting = {work} if stopping.done() else {work, stopping}
                beat = min(BEAT_SECONDS, self._lease.total_seconds() / 4)
                pause = self._grace_seconds if stopping.done() else beat
                await asyncio.wait(waiting, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
                if work.done():
                    return Pulse.CONTINUE
                if stopping.done() and len(waiting) == 1:
                    return await self._end(work, running, Pulse.CONTINUE)
                pulse = await self._heartbeat(running)
                if pulse is not Pulse.CONTINUE:
                    return await self._end(work, running, pulse)
        finally:
            stopping.cancel()

    async def _heartbeat(self, running: Running) -> Pulse:
        now = self._now()
        progress, running.progress = running.progress, None
        advanced, running.advanced = running.advanced, False
        try:
            async with self._database.write() as session:
                return await jobs.heartbeat(
                    session,
                    running.job.id,
                    self._owner,
                    lease_until=now + self._lease,
                    now=now,
                    progress=progress,
                    advanced=advanced,
                )
        except StorageUnavailable as error:
            log.warning("heartbeat_failed", job_id=running.job.id, error=str(error))
            return Pulse.CONTINUE  # the lease is longer than a short absence

    async def _end(self, work: asyncio.Future[Any], running: Running, pulse: Pulse) -> Pulse:
        running.pulse = pulse
        work.cancel()
        await asyncio.wait({work})
        return pulse

    def _ends(self, job: Job) -> tuple[str, str, datetime]:
        return job.id, self._owner, self._now()

    async def _write(self, change: Callable[[Any], Awaitable[object]]) -> None:
        """Tries for as long as the lease lasts; after that somebody else may have the job."""
        give_up = self._now() + self._lease
        while True:
            try:
                async with self._database.write() as session:
                    await change(session)
                return
            except StorageUnavailable:
                if self._now() >= give_up:
                    raise
                await asyncio.sleep(self._poll_seconds)

    async def _repeat(self, step: Callable[[], Awaitable[bool]]) -> None:
        """Runs `step` again at once while it finds something, else after a pause."""
        while not self._stopping.is_set():
            pause = self._poll_seconds
            try:
                if await step():
                    continue
            except StorageUnavailable as error:
                log.warning("database_away", error=str(error))
                pause = AWAY_SECONDS
            try:
                await asyncio.wait_for(self._stopping.wait(), pause)
            except TimeoutError:
                continue
