"""Fine-tuning loses no job and leaves no half adapter, whatever dies, fills up or is taken back.

Real worker and trainer processes with a tiny random model. A killed worker's lease is ended by hand
where a minute would have to be waited for. The small disk is a tmpfs where we may mount one.
"""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import update

from storage import artifacts, datasets, tuning_runs
from storage.blobs import BlobStore
from storage.database import Database
from storage.migrate import upgrade
from storage.models import DatasetVersionRow, JobRow
from storage.tuning_runs import TuningRun
from tests.tutor.engine.tiny_model import save_tiny_model
from training.datasets.example import ChatMessage, Example, ExampleKind, Split, to_line
from tutor.adapters.package import read_zip
from tutor.language import Language
from tutor.tuning.runs import start_run
from tutor.tuning.stage import ACTIVE, Stage

LIMIT_SECONDS = 400.0
FINISHED = (Stage.AWAITING_APPROVAL, Stage.REJECTED)
DISK_BYTES = 700 << 20
STAGES = (Stage.PREPARING, Stage.TRAINING, Stage.EVALUATING)


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

    def work(self) -> subprocess.Popen[bytes]:
        """Starts a worker as `daoshi worker` would."""
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
                [sys.executable, "-m", "training"], env=environment, stdout=output, stderr=output
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

    async def start(self, name: str, epochs: float = 6.0) -> TuningRun:
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
                not_before=None,
                now=now(),
            )

    async def run(self, run: TuningRun) -> TuningRun:
        async with self.database.read() as session:
            found = await tuning_runs.run_by_id(session, run.id)
        assert found is not None
        return found

    async def until(self, run: TuningRun, wanted: Callable[[TuningRun], bool]) -> TuningRun:
        async with asyncio.timeout(LIMIT_SECONDS):
            while not wanted(found := await self.run(run)):  # noqa: ASYNC110 - another process
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
            found = await artifacts.artifacts(session, "text_adapter", limit=200)
        named = [one for one in found if one.name == name]
        for one in named:
            read_zip(await BlobStore(self.folder / "blobs").get(one.blob_hash))
        return len(named)


def did(command: list[str]) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


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
async def scene(root: Path, model: Path) -> Any:
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


async def worker_killed_at_each_stage(here: Scene) -> str:
    run = await here.start("killed")
    for stage in STAGES:
        worker = here.work()
        await here.until(run, partial(stands_in, stage))
        here.kill(worker)
        await here.end_lease(run)
    here.work()
    found = await here.until(run, ended)
    assert found.stage in FINISHED, found
    assert await here.whole_adapters("killed") == 1
    return f"killed at {len(STAGES)} stages"


async def damaged_checkpoint_is_passed_by(here: Scene) -> str:
    run = await here.start("damaged", epochs=20.0)
    checkpoints = here.folder / "tuning" / run.id / "checkpoints"
    for rounds in (1, 2):  # a worker that is asked to stop leaves a checkpoint
        begun = int((await here.run(run)).progress.get("step") or 0)
        worker = here.work()
        await here.until(run, partial(has_passed, begun + 1))
        here.kill(worker, signal.SIGTERM)
        assert len(list(checkpoints.glob("step-*[0-9]"))) == rounds
    newest = max(checkpoints.glob("step-*[0-9]"))
    (newest / "tensors.safetensors").write_bytes(b"not what it was")
    here.work()
    found = await here.until(run, ended)
    assert found.stage in FINISHED, found
    log = (here.folder / "tuning" / run.id / "trainer.log").read_text(encoding="utf-8")
    assert "is damaged" in log, "the damaged checkpoint was not looked at"
    assert await here.whole_adapters("damaged") == 1
    return "a damaged checkpoint passed by"


async def two_workers_do_one_job_once(here: Scene) -> str:
    here.work()
    run = await here.start("shared")
    found = await here.until(run, ended)
    assert found.stage in FINISHED, found
    assert await here.whole_adapters("shared") == 1
    return "two workers, one adapter"


async def full_disk_is_waited_for(here: Scene) -> str:
    """A tmpfs of its own holds the runs; it is filled while the trainer works."""
    tuning = here.folder / "tuning"
    tuning.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(tuning)]
    if os.geteuid() != 0 or not did(mount):
        return "NO small disk could be mounted here"
    filler = tuning / "filler"
    try:
        run = await here.start("full", epochs=60.0)
        await here.until(run, lambda found: bool(found.progress.get("step")))
        with suppress(OSError), filler.open("wb") as file:
            while file.write(b"\0" * (1 << 20)):
                pass
        waiting = await here.until(run, lambda found: "waiting" in found.progress or ended(found))
        assert waiting.stage == Stage.QUEUED, waiting
        filler.unlink()
        await here.end_lease(run)
        found = await here.until(run, ended)
        assert found.stage in FINISHED, found
        assert await here.whole_adapters("full") == 1
    finally:
        did(["umount", "-l", str(tuning)])
    return "a full disk (tmpfs) waited for"


async def withdrawn_consent_ends_the_training(here: Scene) -> str:
    run = await here.start("withdrawn", epochs=60.0)
    await here.until(run, lambda found: bool(found.progress.get("step")))
    async with here.database.write() as session:
        version = DatasetVersionRow.id == here.version_id
        await session.execute(update(DatasetVersionRow).where(version).values(withdrawn_at=now()))
    found = await here.until(run, ended)
    assert found.stage == Stage.FAILED and "consent" in (found.error or {})["message"], found
    assert await here.whole_adapters("withdrawn") == 0
    return "withdrawn consent ends a training"


FAULTS: tuple[Callable[[Scene], Awaitable[str]], ...] = (
    worker_killed_at_each_stage,
    damaged_checkpoint_is_passed_by,
    two_workers_do_one_job_once,
    full_disk_is_waited_for,
    withdrawn_consent_ends_the_training,
)


async def main_async() -> int:
    done = []
    with tempfile.TemporaryDirectory(prefix="daoshi-faults-") as name:
        model = save_tiny_model(Path(name) / "model")
        root = Path(name) / "data"
        root.mkdir()
        async with scene(root, model) as here:
            for fault in FAULTS:
                done.append(await fault(here))
                print(done[-1], flush=True)
    print("; ".join(done))
    return 0


def main() -> int:
    return asyncio.run(main_async())


if __name__ == "__main__":
    sys.exit(main())
