"""A generator goes the way of an adapter: built, trained, judged and kept, whatever dies."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from storage import artifacts, datasets, jobs
from storage.assignments import resolve
from storage.blobs import BlobStore, blobs_of
from storage.database import Database
from storage.datasets import DatasetVersion
from storage.jobs import Job, JobState
from storage.tuning_runs import TuningRun
from tests.doubles.clock import Clock
from tests.doubles.gan_gate import GRID
from tests.doubles.gan_trainer import WEIGHTS
from tests.doubles.picture_files import archive, things
from training.dataset_jobs import HANDLERS
from training.gan.uploads.assembling import assemble
from training.gan.uploads.packing import pack
from training.runs import generator_craft
from training.runs.estimating import estimate
from training.runs.tools import GanModules, Tools
from training.settings import WorkerSettings
from training.worker import Worker
from tutor.adapters.generator_package import unpack_generator
from tutor.adapters.promoting import promote, roll_back
from tutor.adapters.refusals import NotPromotable
from tutor.language import Language
from tutor.tuning.datasets import listed, picture_check_of, request_build, sheet_of
from tutor.tuning.generators.check_text import picture_check_text
from tutor.tuning.generators.report import GeneratorReport
from tutor.tuning.generators.report_text import generator_report_text
from tutor.tuning.product import Product
from tutor.tuning.runs import WrongData, cancel_run, start_run
from tutor.tuning.stage import Stage

MODULES = GanModules(
    "tests.doubles.gan_trainer", "tests.doubles.gan_need", "tests.doubles.gan_gate"
)
Begin = Callable[..., Awaitable[TuningRun]]


@pytest.fixture
def tools(tools: Tools) -> Tools:
    return replace(tools, gan=MODULES)


@pytest.fixture
def build(
    database: Database, blobs: BlobStore, settings: WorkerSettings, clock: Clock, tmp_path: Path
) -> Callable[..., Awaitable[Job]]:
    """Does what an upload starts."""

    async def build(files: Mapping[str, bytes] | Path, licence: str = "CC0") -> Job:
        path = files if isinstance(files, Path) else archive(tmp_path / "upload.zip", files)
        blob = await blobs.put_file(path)
        upload = {"blob": blob.hash, "file_name": path.name, "licence": licence}
        async with database.write() as session:
            job = await request_build(
                session,
                scope="global",
                name="animals",
                source={"pictures": upload},
                language=Language.ENGLISH,
                by=None,
                place=None,
                tell=False,
                now=clock(),
            )
        worker = Worker(
            *(database, blobs, settings, HANDLERS, lambda schedule, now: None),
            owner="a",
            now=clock,
        )
        assert await worker.do_next_job()
        async with database.read() as session:
            done = await jobs.job_by_id(session, job.id)
        assert done is not None
        return done

    return build


@pytest.fixture
async def pictures(
    database: Database, blobs: BlobStore, clock: Clock, tmp_path: Path
) -> DatasetVersion:
    """A version as the build makes it, without the process that reads uploads."""
    source, folder = archive(tmp_path / "pictures.zip", things()), tmp_path / "read"
    manifest = assemble(source, folder, name="a.zip", licence="CC0", judge=lambda one: False)
    pack(folder / "set", folder / "set.zip")
    blob = await blobs.put_file(folder / "set.zip")
    async with database.write() as session:
        made = await datasets.dataset_named(session, "global", "animals", by=None, now=clock())
        return await datasets.add_version(
            session,
            made.id,
            blob,
            content_hash=blob.hash,
            manifest=manifest,
            contributions={},
            name="set.zip",
            by=None,
            now=clock(),
        )


@pytest.fixture
def begin(database: Database, pictures: DatasetVersion, clock: Clock) -> Begin:
    async def begin(name: str = "animals", **recipe: Any) -> TuningRun:
        async with database.write() as session:
            return await start_run(
                session,
                scope="global",
                name=name,
                version_id=pictures.id,
                recipe={"method": "gan", "effort": "quick", **recipe},
                language=Language.ENGLISH,
                place=None,
                started_by=None,
                not_before=None,
                now=clock(),
            )

    return begin


async def test_upload_becomes_a_version_with_its_check(
    database: Database, blobs: BlobStore, build: Any, tmp_path: Path
) -> None:
    done = await build(things(count=2, each=6))
    assert done.state == JobState.DONE, done.error
    async with database.read() as session:
        check = await picture_check_of(session, done.result["version_id"])
        sheet = await sheet_of(session, done.result["version_id"])
        assert await listed(session, "global") == []  # no data for adapters
    text = picture_check_text(Language.ENGLISH, check)
    assert "12 pictures of 2 things" in text and "thing a 6, thing b 6" in text
    assert "A classifier looked for nakedness" in text
    assert sheet is not None
    assert (await blobs.get(sheet.hash)).startswith(b"\x89PNG")
    again = await build(things(count=2, each=6))
    assert again.result["existing"] and again.result["version_id"] == done.result["version_id"]
    assert not [one for one in (tmp_path / "uploads").iterdir() if one.is_dir()]


async def test_upload_that_can_t_be_used_ends_in_a_sentence(build: Any, tmp_path: Path) -> None:
    path = tmp_path / "no.zip"
    path.write_bytes(b"no zip")
    done = await build(path)
    assert done.state == JobState.FAILED
    assert (done.error or "").startswith("This is no zip file that can be read.")
    assert not [one for one in (tmp_path / "uploads").iterdir() if one.is_dir()]


async def test_run_ends_as_a_generator_that_waits_for_approval(
    begin: Begin, make_worker: Any, look: Any, database: Database, blobs: BlobStore, tmp_path: Path
) -> None:
    run = await begin()
    assert await make_worker().do_next_job()
    ended = await look.run(run)
    assert ended.stage == Stage.AWAITING_APPROVAL, ended.error
    async with database.read() as session:
        artifact = await artifacts.artifact_by_id(session, ended.artifact_id)
        kept = await blobs_of(session, f"artifact:{ended.artifact_id}")
    assert artifact is not None
    assert (artifact.kind, artifact.card["licence"]) == (Product.GENERATOR, "CC0")
    assert artifact.card["offered"] == ["cat", "dog"]
    assert artifact.card["attribution"] == [{"name": "ours", "version": "", "licence": "CC0"}]
    unpack_generator(await blobs.get(artifact.blob_hash), tmp_path / "drawn by")
    assert (tmp_path / "drawn by" / "generator.safetensors").read_bytes() == WEIGHTS
    report = GeneratorReport.from_json(ended.report)
    assert report.grid is not None and report.grid["hash"] in {one.hash for one in kept}
    assert await blobs.get(report.grid["hash"]) == GRID
    assert "100% of its pictures are near copies" in generator_report_text(Language.ENGLISH, report)
    assert not (look.folder(run) / "data").exists()


async def test_killed_trainer_goes_on_from_its_checkpoint(
    begin: Begin, make_worker: Any, look: Any, clock: Clock
) -> None:
    run = await begin(fake={"steps": 6, "dies_at": 4})
    await make_worker().do_next_job()
    assert (await look.run(run)).stage == Stage.TRAINING
    clock.advance(minutes=5)
    await make_worker().do_next_job()
    ended = await look.run(run)
    assert ended.stage == Stage.AWAITING_APPROVAL
    assert look.starts(run) == [0, 3]


async def test_cancelled_run_leaves_nothing(
    begin: Begin, make_worker: Any, look: Any, database: Database, clock: Clock
) -> None:
    run = await begin()
    async with database.write() as session:
        await cancel_run(session, run.id, clock())
    await make_worker().do_next_job()
    assert (await look.run(run)).stage == Stage.CANCELLED
    assert not look.folder(run).exists()


async def test_unrecognised_generator_is_promoted_with_a_reason_alone(
    begin: Begin, make_worker: Any, look: Any, database: Database, clock: Clock
) -> None:
    run = await begin(found={"named": [0.9, 0.1]})
    await make_worker().do_next_job()
    ended = await look.run(run)
    assert ended.stage == Stage.REJECTED
    report = GeneratorReport.from_json(ended.report)
    assert [(one.id, one.offered) for one in report.things] == [("cat", True), ("dog", False)]
    about = {"artifact_id": ended.artifact_id, "scope": "global", "by": None, "now": clock()}
    async with database.write() as session:
        with pytest.raises(NotPromotable):
            await promote(session, **about, capabilities=None)
        done = await promote(session, **about, capabilities=None, override_reason="to show it")
    assert done.overridden


async def test_pointer_moves_and_goes_back_in_one_step(
    begin: Begin, make_worker: Any, look: Any, database: Database, clock: Clock
) -> None:
    names = ("first", "second")
    made = []
    for name in names:
        run = await begin(name)
        await make_worker().do_next_job()
        made.append((await look.run(run)).artifact_id)
    for artifact_id in made:
        clock.advance(minutes=1)
        async with database.write() as session:
            await promote(
                session,
                artifact_id=artifact_id,
                scope="global",
                by=None,
                now=clock(),
                capabilities=None,
            )
    clock.advance(minutes=1)
    async with database.write() as session:
        back = await roll_back(
            session, scope="global", by=None, now=clock(), capabilities=None, kind=Product.GENERATOR
        )
        present = await resolve(session, Product.GENERATOR, ("global",))
        assert await resolve(session, Product.ADAPTER, ("global",)) is None
    assert back.artifact is not None and back.artifact.name == "first"
    assert present is not None and present.artifact == back.artifact


async def test_estimate_counts_pictures_and_leaves_nothing(
    database: Database,
    blobs: BlobStore,
    settings: WorkerSettings,
    clock: Clock,
    tools: Tools,
    pictures: DatasetVersion,
) -> None:
    asked = {"version_id": pictures.id, "recipe": {"method": "gan", "effort": "quick"}}
    async with database.write() as session:
        job = await jobs.enqueue(session, kind="tune_estimate", payload=asked, now=clock())
    handlers = {"tune_estimate": partial(estimate, tools=tools)}
    worker = Worker(
        *(database, blobs, settings, handlers, lambda schedule, now: None), owner="a", now=clock
    )
    assert await worker.do_next_job()
    async with database.read() as session:
        done = await jobs.job_by_id(session, job.id)
    assert done is not None and done.state == JobState.DONE, done
    assert (done.result or {})["tokens"] == 128


async def test_adapter_is_not_trained_on_pictures(begin: Begin) -> None:
    with pytest.raises(WrongData):
        await begin(method="supervised")


async def test_generator_is_not_trained_on_texts(
    database: Database, version: DatasetVersion, clock: Clock
) -> None:
    async with database.write() as session:
        with pytest.raises(WrongData):
            await start_run(
                session,
                scope="global",
                name="texts",
                version_id=version.id,
                recipe={"method": "gan"},
                language=Language.ENGLISH,
                place=None,
                started_by=None,
                not_before=None,
                now=clock(),
            )


async def test_gate_that_dies_keeps_the_generator(
    begin: Begin, make_worker: Any, look: Any, tools: Tools
) -> None:
    run = await begin()
    await make_worker(gan=replace(MODULES, gate="tests.doubles.no_such_module")).do_next_job()
    ended = await look.run(run)
    assert ended.stage == Stage.FAILED and ended.artifact_id is not None
    assert ended.error["message"] == generator_craft.NOT_JUDGED


async def test_full_disk_while_reading_is_a_sentence(
    build: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_arguments: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("training.gan.uploads.building._stored", full)
    done = await build(things())
    assert done.state == JobState.FAILED
    assert "not enough space on the disk" in (done.error or "")


async def test_worker_that_ends_gives_the_run_back(
    begin: Begin, make_worker: Any, look: Any
) -> None:
    run = await begin(fake={"steps": 200, "seconds_a_step": 0.05})
    worker = make_worker()
    working = asyncio.create_task(worker.run())
    async with asyncio.timeout(60):
        while (await look.run(run)).progress.get("step", 0) < 2:
            await asyncio.sleep(0.02)
    worker.stop()
    await working
    assert (await look.run(run)).stage == Stage.TRAINING
    assert (look.folder(run) / "checkpoints").exists()
