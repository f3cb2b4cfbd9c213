"""A worker for the length of one command, where nobody else's takes the job."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from storage.database import Database
from storage.jobs import JobState, job_by_id

OTHERS_TAKE_SECONDS = 3.0
POLL_SECONDS = 0.3
STOP_SECONDS = 45.0


@dataclass
class OwnWorker:
    """Started at the first job that lies about; it writes to a log file of its own."""

    environment: Mapping[str, str]
    log_file: Path
    _process: asyncio.subprocess.Process | None = field(default=None)

    async def take_care_of(self, database: Database, job_id: str) -> None:
        """Returns when somebody has taken the job; that is we where nobody else did."""
        waited = 0.0
        while waited < OTHERS_TAKE_SECONDS and self._process is None:
            async with database.read() as session:
                job = await job_by_id(session, job_id)
            if job is None or job.state != JobState.QUEUED:
                return
            await asyncio.sleep(POLL_SECONDS)
            waited += POLL_SECONDS
        await self.start()

    async def start(self) -> None:
        if self.running:
            return
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        with self.log_file.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "training", "--parent", str(os.getpid())),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **self.environment},
                start_new_session=True,  # Ctrl-C is ours to pass on, in order
            )

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def stop(self) -> None:
        """Lets it end what it does, within a limit of time."""
        if self._process is None or self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), STOP_SECONDS)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


@asynccontextmanager
async def own_worker(environment: Mapping[str, str], log_file: Path) -> AsyncIterator[OwnWorker]:
    """One that has ended when this has."""
    worker = OwnWorker(environment, log_file)
    try:
        yield worker
    finally:
        await worker.stop()
