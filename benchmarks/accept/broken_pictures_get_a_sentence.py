"""Pictures that can't be used get a reason each, an upload a sentence, and a training goes on.

Uploads are read by the job that a command starts, in both languages. The small disk is a tmpfs
where we may mount one. At last a training with the real trainer is killed at each of its stages,
and goes on from there.
"""

import asyncio
import os
import resource
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from benchmarks.stage.bad_pictures import REFUSED, Refused, bad_files, good_odd_files, mixed
from benchmarks.stage.broken_trainings import did
from benchmarks.stage.trainings import FINISHED, Scene, ended, has_passed, now, scene, stands_in
from benchmarks.stage.verdict import Verdict, present
from storage import artifacts, datasets, jobs
from storage.blobs import BlobStore
from storage.jobs import Job, JobState
from storage.tuning_runs import TuningRun
from tests.doubles.picture_files import archive, things
from tests.tutor.engine.tiny_model import save_tiny_model
from training.dataset_jobs import HANDLERS
from training.settings import WorkerSettings
from training.worker import Worker
from tutor.adapters.generator_package import unpack_generator
from tutor.images.weights import load_generator
from tutor.language import Language
from tutor.tuning.datasets import picture_check_of, request_build
from tutor.tuning.generators.check_text import picture_check_text
from tutor.tuning.product import Product
from tutor.tuning.runs import start_run
from tutor.tuning.stage import Stage

GOOD, MOST_GROWN_KIB = 12, 300 << 10
DISK_BYTES = 1 << 20
PASSES = 14.0


async def examine(verdict: Verdict) -> None:
    with tempfile.TemporaryDirectory(prefix="daoshi-pictures-", ignore_cleanup_errors=True) as name:
        root = Path(name)
        model = await asyncio.to_thread(save_tiny_model, root / "model")
        (root / "data").mkdir()
        async with scene(root / "data", model) as here:
            await _single_files(verdict, here)
            for case in REFUSED:
                for language in Language:
                    await _judge(verdict, here, case, language)
            await _full_disk(verdict, here)
            await _killed_at_each_stage(verdict, here)


async def _single_files(verdict: Verdict, here: Scene) -> None:
    """Among good pictures each bad one has its reason, and only what is bad is missing."""
    path = await asyncio.to_thread(mixed, here.folder / "mixed.zip")
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    job = await build(here, path, Language.ENGLISH)
    grown = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss - before
    if job.result is None:
        verdict.check("an upload with bad files among good ones", job.error, holds=False)
        return
    async with here.database.read() as session:
        check = await picture_check_of(session, job.result["version_id"])
    reasons = {row.place: row.reason for row in check.rejected}
    for file, (_, words) in bad_files().items():
        place = next((one for one in reasons if one.endswith(_tail(file))), "")
        said = reasons[place].said(Language.ENGLISH) if place else "no word"
        translated = bool(place) and reasons[place].said(Language.CHINESE) != said
        verdict.check(file, said, words in said and translated)
    link = reasons.get("thing a/link.png")
    verdict.check("a link", link.message if link else "no word", link is not None)
    kept = GOOD + len(good_odd_files())
    verdict.check(
        "animated, CMYK, wrongly named, huge: kept", check.pictures, check.pictures == kept
    )
    verdict.check("told that one moves", check.animated, check.animated == 1)
    verdict.check("memory of the reading process", f"{grown >> 10} MiB", grown < 4 * MOST_GROWN_KIB)
    text = picture_check_text(Language.CHINESE, check)
    verdict.check("the check in Chinese", text[:60], "图片" in text)
    outside = list(here.folder.parent.rglob("outside.png"))
    verdict.check("nothing was written outside", len(outside), not outside)


def _tail(file: str) -> str:
    """A thing is told by its label, a path by its last part."""
    return file.replace("\\", "/").rpartition("/")[2] if not file.startswith("lonely") else "lonely"


async def _judge(verdict: Verdict, here: Scene, case: Refused, language: Language) -> None:
    began, path = time.monotonic(), here.folder / "upload.zip"
    await asyncio.to_thread(case.write, path)
    job = await build(here, path, language)
    said = job.error or ""
    chinese = any("\u4e00" <= one <= "\u9fff" for one in said)
    understood = case.advice in said if language is Language.ENGLISH else chinese
    sentence = job.state == JobState.FAILED and "Traceback" not in said and understood
    verdict.check(
        f"{case.name}, {language.value} ({time.monotonic() - began:.1f} s)", said[:300], sentence
    )


async def _full_disk(verdict: Verdict, here: Scene) -> None:
    """A tmpfs of its own holds what is read; the data folder itself keeps its space."""
    uploads = here.folder / "uploads"
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(uploads)]
    if os.geteuid() != 0 or not did(mount):
        verdict.note("no small disk could be mounted here")
        return
    path = archive(here.folder / "full.zip", things(count=4, each=40))
    try:
        job = await build(here, path, Language.ENGLISH)
        said = job.error or ""
        verdict.check("a full disk", said, "not enough space on the disk" in said)
    finally:
        did(["umount", "-l", str(uploads)])
    job = await build(here, path, Language.ENGLISH)
    verdict.check("and with space the same upload", job.state, job.state == JobState.DONE)


async def _killed_at_each_stage(verdict: Verdict, here: Scene) -> None:
    path = archive(here.folder / "things.zip", things(count=4, each=12))
    job = await build(here, path, Language.ENGLISH)
    assert job.result is not None, job.error
    run = await _start(here, job.result["version_id"])
    for stage in (Stage.PREPARING, Stage.TRAINING, Stage.EVALUATING):
        worker = here.work()
        wanted = partial(has_passed, 0) if stage is Stage.TRAINING else partial(stands_in, stage)
        await here.until(run, wanted)
        here.kill(worker)
        await here.end_lease(run)
    here.work()
    found = await here.until(run, ended)
    verdict.check("killed at three stages, it ends", found.stage, found.stage in FINISHED)
    named = await _whole_generators(here, found)
    verdict.check("with one generator, which loads", named, named == 1)


async def _start(here: Scene, version_id: str) -> TuningRun:
    async with here.database.write() as session:
        assert await datasets.version_by_id(session, version_id) is not None
        return await start_run(
            session,
            scope="global",
            name="killed",
            version_id=version_id,
            recipe={"method": "gan", "effort": "quick", "passes": PASSES, "seed": 1},
            language=Language.ENGLISH,
            place=None,
            started_by=None,
            not_before=now(),
            now=now(),
        )


async def _whole_generators(here: Scene, run: TuningRun) -> int:
    async with here.database.read() as session:
        made = await artifacts.artifacts(session, Product.GENERATOR)
    blobs = BlobStore(here.folder / "blobs")
    for one in made:
        folder = here.folder / f"whole-{one.id}"
        unpack_generator(await blobs.get(one.blob_hash), folder)
        load_generator(folder)
    return len([one for one in made if one.name == run.name])


async def build(here: Scene, path: Path, language: Language) -> Job:
    """Does what an upload starts."""
    blobs = BlobStore(here.folder / "blobs")
    blob = await blobs.put_file(path)
    upload = {"blob": blob.hash, "file_name": path.name, "licence": "CC0"}
    async with here.database.write() as session:
        job = await request_build(
            session,
            scope="global",
            name="pictures",
            source={"pictures": upload},
            language=language,
            by=None,
            place=None,
            tell=False,
            now=now(),
        )
    settings = WorkerSettings(f"sqlite:///{here.folder / 'daoshi.db'}", here.folder)
    worker = Worker(
        *(here.database, blobs, settings, HANDLERS, lambda schedule, now: None),
        owner="bench",
        now=now,
    )
    await worker.do_next_job()
    async with here.database.read() as session:
        done = await jobs.job_by_id(session, job.id)
    assert done is not None, job.id
    return done


def main() -> int:
    return present("Broken pictures get a sentence", examine)


if __name__ == "__main__":
    sys.exit(main())
