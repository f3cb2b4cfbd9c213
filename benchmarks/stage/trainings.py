"""A data folder in which real workers train a tiny random model.

A killed worker's lease is ended by hand where a minute would have to be waited for.
"""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import update

from storage import artifacts, datasets, tuning_runs
from storage.adapter_pointers import KIND
from storage.blobs import BlobStore
from storage.database import Database
from storage.migrate import upgrade
from storage.models import JobRow
from storage.tuning_runs import TuningRun
from training.datasets.example import ChatMessage, Example, ExampleKind, Split, to_line
from tutor.adapters.package import read_zip
from tutor.language import Language
from tutor.tuning.runs import start_run
from tutor.tuning.stage import ACTIVE, Stage

LIMIT_SECONDS = 400.0
FINISHED = (Stage.AWAITING_APPROVAL, Stage.REJECTED)


def now() -> datetime:
    return datetime.now(UTC)


def examples(count: int) -> list[str]:
    """Lines of a version: sums and a tutor who asks back."""
    lines = []
    for i in range(count):
        asked = ChatMessage("user", f"What is {i} + {i + 1}?")
        reply = ChatMessage("assistant", f"Begin with {i}. How far is it to {i + 1}?")
        one = Example(ExampleKind.DIALOGUE, f"g{i}", "test", "CC0-1.0", messages=(asked, reply))
        lines.append(to_line(one, Split.HELD_OUT if i % 10 == 0 else Split.TRAIN))
    return lines


@dataclass
class Scene:
    """A data folder, its database, and the workers that were started in it."""

    folder: Path
    database: Database
    model: Path
    version_id: str = ""
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def work(self, module: str = "training") -> subprocess.Popen[bytes]:
        """Starts a worker as `daoshi worker` would; `module` is another one to run as such."""
        environment = {
            **os.environ,
            "OMP_NUM_THREADS": "1",
            "DAOSHI_DATABASE_URL": url_of(self.folder),
            "DAOSHI_DATA_DIR": str(self.folder),
            "DAOSHI_RETENTION_DAYS": "90",
            "DAOSHI_LOG_FORMAT": "text",
            "DAOSHI_MODEL": str(self.model),
            "DAOSHI_ENGINE_URL": "",
            "DAOSHI_ENGINE_API_KEY": "",
        }
        with (self.folder / "worker.log").open("ab") as output:
            worker = subprocess.Popen(
                [sys.executable, "-m", module], env=environment, stdout=output, stderr=output
            )
        self.workers.append(worker)
        return worker

    def kill(self, worker: subprocess.Popen[bytes], number: int = signal.SIGKILL) -> None:
        worker.send_signal(number)
        worker.wait()
        self.workers.remove(worker)

    async def add_data(self, count: int = 60) -> None:
        blob = await BlobStore(self.folder / "blobs").put("\n".join(examples(count)).encode())
        async with self.database.write() as session:
            made = await datasets.dataset_named(session, "global", "sums", by=None, now=now())
            version = await datasets.add_version(
                session,
                made.id,
                blob,
                content_hash=blob.hash,
                manifest={"licence": "CC0-1.0"},
                contributions={},
                name="sums",
                by=None,
                now=now(),
            )
        self.version_id = version.id

    async def start(
        self, name: str, epochs: float = 6.0, not_before: datetime | None = None
    ) -> TuningRun:
        async with self.database.write() as session:
            return await start_run(
                session,
                scope="global",
                name=name,
                version_id=self.version_id,
                recipe={"effort": "quick", "epochs": epochs, "batch_tokens": 256, "seed": 1},
                language=Language.ENGLISH,
                place=None,
                started_by=None,
                not_before=not_before,
                now=now(),
            )

    async def run(self, run: TuningRun) -> TuningRun:
        async with self.database.read() as session:
            found = await tuning_runs.run_by_id(session, run.id)
        assert found is not None
        return found

    async def until(self, run: TuningRun, wanted: Callable[[TuningRun], bool]) -> TuningRun:
        async with asyncio.timeout(LIMIT_SECONDS):
            while not wanted(found := await self.run(run)):
                assert found.stage in ACTIVE, found
                await asyncio.sleep(0.02)
        return found

    async def end_lease(self, run: TuningRun) -> None:
        """What a minute would do."""
        async with self.database.write() as session:
            here = JobRow.id == run.job_id
            await session.execute(update(JobRow).where(here).values(lease_until=now()))

    async def whole_adapters(self, name: str) -> int:
        """How many artifacts of that name there are; each is read and found whole."""
        async with self.database.read() as session:
            found = await artifacts.artifacts(session, KIND, limit=200)
        named = [one for one in found if one.name == name]
        for one in named:
            read_zip(await BlobStore(self.folder / "blobs").get(one.blob_hash))
        return len(named)


def url_of(folder: Path) -> str:
    return f"sqlite:///{folder / 'daoshi.db'}"


def stands_in(stage: Stage, run: TuningRun) -> bool:
    assert run.stage in ACTIVE, run
    return run.stage == stage


def has_passed(step: int, run: TuningRun) -> bool:
    return int(run.progress.get("step") or 0) > step


def ended(run: TuningRun) -> bool:
    return run.stage not in ACTIVE


@asynccontextmanager
async def scene(root: Path, model: Path) -> AsyncIterator[Scene]:
    await upgrade(url_of(root), root / "backups")
    database = await Database.open(url_of(root))
    made = Scene(root, database, model)
    try:
        await made.add_data()
        yield made
    finally:
        for worker in list(made.workers):
            made.kill(worker, signal.SIGTERM)
        await database.close()
