"""`daoshi train lora` and `gan`: from data to something trained with its report, in one command.

The same use cases as in chat; a worker of its own does the work where none runs.
"""

import asyncio
import json
import tempfile
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.own_worker import OwnWorker, own_worker
from bot.cli.records import with_database
from bot.cli.serve import worker_environment
from bot.cli.start import language, leave, log_file, run, start
from bot.cli.training_screen import TrainingScreen
from bot.settings import Settings
from bot.wiring import BLOB_FOLDER, now
from storage.blobs import BlobStore, keep_blob
from storage.database import Database
from storage.jobs import Job, JobState, enqueue, job_by_id
from tutor.i18n import mark, say

if TYPE_CHECKING:
    from storage.tuning_runs import TuningRun

POLL_SECONDS = 0.5
CANCEL_SECONDS = 40.0
METHODS = ("supervised", "pretrain", "kto", "dpo", "seq2seq")
EFFORTS = ("quick", "normal", "thorough")
VARIANTS = ("lora", "rslora", "lora_plus", "eva", "pissa", "olora")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line."""

    data: Path
    name: str
    licence: str
    recipe: dict[str, Any]
    not_before: datetime
    dry_run: bool
    source: str = "upload"  # how the data are read: texts; "pictures" for a generator


class TrainingEnded(Exception):
    """A build, an estimate or a training that ended without its result; says why."""


@click.group(help=mark("Train adapters and generators of pictures from data of your own."))
def train() -> None:
    """Holds the commands."""


@train.command(
    help=mark("Train a LoRA adapter on FILE, compare it with the model, show the report.")
)
@click.option(
    "--data",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=mark("JSON lines (messages, prompt and answer, chosen and rejected, text) or CSV."),
)
@click.option("--effort", type=click.Choice(EFFORTS), default="normal", show_default=True)
@click.option("--method", type=click.Choice(METHODS), default="supervised", show_default=True)
@click.option("--variant", type=click.Choice(VARIANTS), default="rslora", show_default=True)
@click.option("--name", default="", help=mark("What data set and adapter are called."))
@click.option("--licence", default="", help=mark("The data's licence; it goes into the card."))
@click.option("--epochs", type=float, help=mark("How often the data is gone through."))
@click.option("--rank", type=int, help=mark("The rank of the adapter."))
@click.option("--seed", type=int, default=42, show_default=True)
@click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]),
    help=mark("When to begin, in local time; at once if left out."),
)
@click.option(
    "--on",
    metavar="ADDRESS",
    callback=lambda context, parameter, value: _cluster(value),
    help=mark("A Ray cluster: ray://HOST:PORT, “auto”, or “ray” for one on this machine."),
)
@click.option(
    "--devices",
    type=click.IntRange(1, 512),
    help=mark("How many devices share the training; all GPUs if left out."),
)
@click.option("--dry-run", is_flag=True, help=mark("Only say what it would take."))
@click.option("--json", "as_json", is_flag=True, help=mark("One JSON object at the end."))
def lora(data: Path, name: str, licence: str, at: datetime | None, **more: Any) -> None:
    settings = start(log_to="cli")
    as_json, dry_run = more.pop("as_json"), more.pop("dry_run")
    recipe = {key: value for key, value in more.items() if value is not None}
    begins = at.astimezone() if at else now()
    wanted = Wanted(data, name or data.stem, licence, recipe, begins, dry_run)
    _run(settings, wanted, as_json=as_json)


@train.command(
    help=mark("Train a generator of pictures on a zip or folder, look at what it draws, report.")
)
@click.option(
    "--data",
    required=True,
    type=click.Path(exists=True, path_type=Path),
    help=mark("A zip or folder with a folder of pictures for each thing, or with captions.csv."),
)
@click.option(
    "--licence", required=True, help=mark("The pictures' licence; it goes into the card.")
)
@click.option("--effort", type=click.Choice(EFFORTS), default="normal", show_default=True)
@click.option(
    "--start", type=click.Choice(["scratch", "shipped"]), default="scratch", show_default=True
)
@click.option("--size", type=click.Choice(["32", "64"]), default="32", show_default=True)
@click.option("--name", default="", help=mark("What pictures and generator are called."))
@click.option("--passes", type=float, help=mark("How often the pictures are gone through."))
@click.option("--seed", type=int, default=42, show_default=True)
@click.option("--dry-run", is_flag=True, help=mark("Only say what it would take."))
@click.option("--json", "as_json", is_flag=True, help=mark("One JSON object at the end."))
def gan(data: Path, name: str, licence: str, *, dry_run: bool, as_json: bool, **more: Any) -> None:
    settings = start(log_to="cli")
    recipe = {"method": "gan", **{key: one for key, one in more.items() if one is not None}}
    with _as_zip(data) as file:
        named = name or data.stem
        wanted = Wanted(file, named, licence, recipe, now(), dry_run, source="pictures")
        _run(settings, wanted, as_json=as_json)


@contextmanager
def _as_zip(data: Path) -> Iterator[Path]:
    """The file itself, or a folder's plain files packed; links are left out."""
    if data.is_file():
        yield data
        return
    with tempfile.TemporaryDirectory(prefix="daoshi-pictures-") as folder:
        target = Path(folder) / f"{data.name}.zip"
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            for path in sorted(data.rglob("*")):
                if path.is_file() and not path.is_symlink():
                    archive.write(path, path.relative_to(data))
        yield target


def _run(settings: Settings, wanted: Wanted, *, as_json: bool) -> None:
    screen = TrainingScreen(language(), as_json=as_json)

    async def trained(database: Database) -> dict[str, Any]:
        environment = worker_environment(settings)
        async with own_worker(environment, log_file(settings, "worker")) as worker:
            return await _Training(settings, database, worker, screen, wanted).run()

    try:
        result = run(with_database(settings, trained), TrainingEnded)
    except TrainingEnded as error:
        leave(str(error))
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False, default=str))


def _cluster(address: str | None) -> str | None:
    """The address as it was written, where it can be one."""
    from tutor.tuning.cluster import AddressUnknown, check_address

    try:
        if address is not None:
            check_address(address)
    except AddressUnknown as error:
        raise click.BadParameter(error.reason.said(language())) from error
    return address


class _Training:
    """One way through: data set, estimate, training, report."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        worker: OwnWorker,
        screen: TrainingScreen,
        wanted: Wanted,
    ) -> None:
        self._settings = settings
        self._database = database
        self._worker = worker
        self._screen = screen
        self._wanted = wanted

    async def run(self) -> dict[str, Any]:
        """What `--json` prints. Raises TrainingEnded."""
        version_id = await self._built()
        if self._wanted.dry_run:
            return await self._estimated(version_id)
        return await self._trained(version_id)

    async def _built(self) -> str:
        """A version of the data set; the same file gives the same one."""
        from tutor.tuning.datasets import check_of, picture_check_of, request_build

        self._screen.say(say(language(), "Reading and checking the data…"))
        blobs = BlobStore(self._settings.data_dir / BLOB_FOLDER)
        blob = await blobs.put_file(self._wanted.data)
        async with self._database.write() as session:
            await keep_blob(
                session,
                blob,
                owner=f"dataset_upload:{blob.hash}",
                name=self._wanted.data.name,
                media_type="application/octet-stream",
                now=now(),
            )
            upload = {
                "blob": blob.hash,
                "file_name": self._wanted.data.name,
                "licence": self._wanted.licence,
            }
            job = await request_build(
                session,
                scope="global",
                name=self._wanted.name,
                source={self._wanted.source: upload},
                language=language(),
                by=None,
                place=None,
                tell=False,
                now=now(),
            )
        ended = await self._ended(job)
        assert ended.result is not None, ended.id
        version_id: str = ended.result["version_id"]
        async with self._database.read() as session:
            if self._wanted.source == "pictures":
                self._screen.pictures(await picture_check_of(session, version_id))
            else:
                self._screen.check(await check_of(session, version_id))
        return version_id

    async def _estimated(self, version_id: str) -> dict[str, Any]:
        async with self._database.write() as session:
            job = await enqueue(
                session,
                kind="tune_estimate",
                payload={"version_id": version_id, "recipe": self._wanted.recipe},
                now=now(),
            )
        self._screen.say(say(language(), "Estimating…"))
        ended = await self._ended(job)
        assert ended.result is not None, ended.id
        self._screen.estimate(ended.result, self._wanted.recipe)
        return {"version_id": version_id, "estimate": dict(ended.result)}

    async def _trained(self, version_id: str) -> dict[str, Any]:
        from tutor.tuning.runs import RunRefused, start_run

        try:
            async with self._database.write() as session:
                begun = await start_run(
                    session,
                    scope="global",
                    name=self._wanted.name,
                    version_id=version_id,
                    recipe=self._wanted.recipe,
                    language=language(),
                    place=None,
                    started_by=None,
                    not_before=self._wanted.not_before,
                    now=now(),
                )
        except RunRefused as error:
            raise TrainingEnded(error.reason.said(language())) from error
        assert begun.job_id is not None, begun.id
        if self._wanted.not_before <= now():
            await self._worker.take_care_of(self._database, begun.job_id)
        else:
            await self._worker.start()
        async with self._cancelled_on_interrupt(begun.id):
            ended = await self._followed(begun.id)
        return self._told(ended)

    async def _followed(self, run_id: str) -> "TuningRun":
        """Shows the run until the worker has nothing more to do for it."""
        from tutor.tuning.runs import run_by_id
        from tutor.tuning.stage import Stage

        with self._screen.bar() as bar:
            while True:
                async with self._database.read() as session:
                    current = await run_by_id(session, run_id)
                bar.show(current)
                if not Stage(current.stage).active:
                    return current
                await asyncio.sleep(POLL_SECONDS)

    @asynccontextmanager
    async def _cancelled_on_interrupt(self, run_id: str) -> AsyncIterator[None]:
        """Ctrl-C ends the training in order: nothing half-made is left."""
        from tutor.tuning.runs import RunRefused, cancel_run

        try:
            yield
        except asyncio.CancelledError:
            self._screen.say(say(language(), "Stopping the training…"))
            try:
                async with self._database.write() as session:
                    await cancel_run(session, run_id, now())
            except RunRefused as error:
                self._screen.say(error.reason.said(language()))
            else:
                await asyncio.wait_for(self._until_over(run_id), CANCEL_SECONDS)
                self._screen.say(say(language(), "The training is stopped."))
            raise

    async def _until_over(self, run_id: str) -> None:
        from tutor.tuning.runs import run_by_id
        from tutor.tuning.stage import Stage

        active = True
        while active:
            await asyncio.sleep(POLL_SECONDS)
            async with self._database.read() as session:
                active = Stage((await run_by_id(session, run_id)).stage).active

    def _told(self, ended: "TuningRun") -> dict[str, Any]:
        from tutor.tuning.card import failure_text
        from tutor.tuning.stage import Stage

        if ended.stage == Stage.FAILED:
            raise TrainingEnded(failure_text(language(), ended))
        if ended.stage == Stage.CANCELLED:
            raise TrainingEnded(say(language(), "The training is stopped."))
        self._screen.report(ended, self._grid(ended))
        return {
            "run_id": ended.id,
            "version_id": ended.version_id,
            "artifact_id": ended.artifact_id,
            "stage": ended.stage,
            "passed": bool((ended.report or {}).get("passed")),
            "report": ended.report,
        }

    def _grid(self, ended: "TuningRun") -> Path | None:
        """The sheet of a generator's report, where it has one."""
        grid = (ended.report or {}).get("grid")
        blobs = BlobStore(self._settings.data_dir / BLOB_FOLDER)
        return blobs.path(grid["hash"]) if grid else None

    async def _ended(self, job: Job) -> Job:
        """The job when it is done; raises TrainingEnded with why it is not."""
        await self._worker.take_care_of(self._database, job.id)
        while True:
            async with self._database.read() as session:
                current = await job_by_id(session, job.id)
            assert current is not None, job.id
            if current.finished_at is not None:
                break
            await asyncio.sleep(POLL_SECONDS)
        if current.state != JobState.DONE:
            raise TrainingEnded(" ".join((current.error or "").split()))
        return current
