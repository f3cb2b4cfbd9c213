"""A run while a worker has it: its row, its folder, and how it moves from stage to stage."""

import asyncio
from collections.abc import Collection, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from storage import datasets, jobs, tuning_runs
from storage.database import Session
from storage.datasets import DatasetVersion
from storage.tuning_runs import TuningRun
from training.datasets.building.consenting import Consenting
from training.runs.failure import NOT_ALLOWED, WITHDRAWN, WITHDRAWN_AGAIN, RunFailed
from training.runs.folder import RunFolder
from training.runs.tools import Tools
from training.worker import Postponed, Running
from tutor.tuning.stage import ACTIVE, ENDED, Stage

T = TypeVar("T")


class Overtaken(Exception):
    """Somebody else has moved the run on meanwhile: there is nothing left to do here."""


@dataclass
class Work:
    """`run` is the row as it was last read or written here."""

    running: Running
    tools: Tools
    run: TuningRun
    folder: RunFolder

    @property
    def stage(self) -> Stage:
        return Stage(self.run.stage)

    def now(self) -> datetime:
        return self.running.now()

    async def move(
        self, to: Stage, *, come_from: Collection[Stage] | None = None, **values: Any
    ) -> None:
        """Moves the run on and tells whoever started it; raises Overtaken."""
        async with self.running.database.write() as session:
            await self.move_in(session, to, come_from=come_from, **values)
        self.running.report(stage=to.value)

    async def move_in(
        self,
        session: Session,
        to: Stage,
        *,
        come_from: Collection[Stage] | None = None,
        **values: Any,
    ) -> None:
        """The same within a transaction of the caller's."""
        now, job = self.now(), self.running.job
        if not await jobs.advance_job(session, job.id, job.owner or ""):
            raise Overtaken(self.run.id)  # another worker has the job: it decides
        moved = await tuning_runs.set_stage(
            session,
            self.run.id,
            come_from=come_from or {self.stage},
            to=to,
            now=now,
            finished=to in ENDED,
            **values,
        )
        if not moved:
            raise Overtaken(self.run.id)
        await self.refresh(session)

    async def refresh(self, session: Session) -> None:
        """Reads the row again and lets its card show it."""
        found = await tuning_runs.run_by_id(session, self.run.id)
        assert found is not None, self.run.id
        self.run = found
        await self.tools.refresh_card(session, found, self.now())

    async def version(self, session: Session) -> DatasetVersion:
        """What it is trained on, or compared on; raises RunFailed after a withdrawal from it."""
        version = await datasets.version_by_id(session, self.run.version_id)
        assert version is not None, self.run.version_id
        if version.withdrawn_at is not None:
            raise RunFailed(WITHDRAWN_AGAIN if self.run.evaluates_id else WITHDRAWN)
        return version

    async def check_contributors(self, session: Session, version: DatasetVersion) -> None:
        """Raises RunFailed where anybody in it may not be trained on now, whatever was true when
        it was built."""
        consenting = Consenting(session, switched_on=self.running.settings.train_on_chats)
        if not await consenting.all_of(await datasets.contributors(session, version.id)):
            raise RunFailed(NOT_ALLOWED)

    async def unless_stopped(self, doing: Coroutine[Any, Any, T]) -> T:
        """What it returns; ends it and raises Postponed once the worker is asked to end."""
        task = asyncio.ensure_future(doing)
        stopping = asyncio.ensure_future(self.running.stopping.wait())
        try:
            await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise Postponed(self.now())
            return task.result()
        finally:
            for one in (task, stopping):
                one.cancel()
            await asyncio.gather(task, stopping, return_exceptions=True)

    async def fail_or_cancel(self, to: Stage, **values: Any) -> None:
        """Ends an active run early; what it left on disk is of no more use."""
        async with self.running.database.write() as session:
            await self.move_in(session, to, come_from=ACTIVE, **values)
