"""Training data that nothing can be learnt from ends in a sentence that says what to change.

Each case is built by the job that an upload starts, with the embedded model's own tokenizer, in
both languages; the 2 GB file is refused by its size alone.
"""

import asyncio
import json
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.stage.verdict import Verdict, present
from storage import jobs
from storage.blobs import BlobStore
from storage.database import Database
from storage.jobs import Job, JobState
from storage.migrate import upgrade
from storage.models.base import utc_now
from training.dataset_jobs import HANDLERS
from training.settings import WorkerSettings
from training.worker import Worker
from tutor.engine import embedded
from tutor.language import Language
from tutor.tuning.datasets import request_build

HUGE_BYTES = 2 << 30
BLIND_TEMPLATE = (
    "{% for m in messages %}{% if m['role'] == 'user' %}{{ m['content'] }}{% endif %}{% endfor %}"
)
ROW = {"prompt": "What is 6 times 7?", "answer": "Think of 6 times 6, and add one more 6."}


@dataclass(frozen=True, slots=True)
class Case:
    """A file, and words that its sentence must have so that somebody knows what to do."""

    name: str
    write: Callable[[Path], object]
    advice: str
    blind: bool = False


def _lines(*records: object) -> bytes:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records).encode()


def _wrong_roles(number: int) -> dict[str, object]:
    said = {"role": "narrator", "content": f"Row {number}"}
    return {"messages": [said, {"role": "assistant", "content": "Yes."}]}


def _long(number: int) -> dict[str, str]:
    return {"prompt": "Count them.", "answer": f"{number} apples and pears. " * 4000}


def _huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(HUGE_BYTES)


GBK = json.dumps({"prompt": "三加四等于多少？", "answer": "先数三，再数四。"}, ensure_ascii=False)
CASES = (
    Case("an empty file", lambda path: path.write_bytes(b""), "Upload"),
    Case("one row", lambda path: path.write_bytes(_lines(ROW)), "Add others"),
    Case("a file of 2 GB", _huge, "split it"),
    Case("GBK instead of UTF-8", lambda path: path.write_bytes(GBK.encode("gbk")), "UTF-8"),
    Case(
        "roles that nobody knows",
        lambda path: path.write_bytes(_lines(*map(_wrong_roles, range(20)))),
        "Use system, user and assistant",
    ),
    Case(
        "all rows too long",
        lambda path: path.write_bytes(_lines(*map(_long, range(5)))),
        "Shorten",
    ),
    Case(
        "nothing but duplicates", lambda path: path.write_bytes(_lines(*[ROW] * 50)), "Add others"
    ),
    Case(
        "a template that masks everything",
        lambda path: path.write_bytes(_lines(ROW, {"prompt": "2 + 2?", "answer": "Count on."})),
        "Correct its chat_template",
        blind=True,
    ),
)


async def examine(verdict: Verdict) -> None:
    with tempfile.TemporaryDirectory(prefix="daoshi-bad-data-") as folder:
        bench = await _Bench.open(Path(folder))
        try:
            for number, case in enumerate(CASES):
                for language in Language:
                    await _judge(verdict, bench, case, f"{number:064x}", language)
            verdict.check(
                "and data that is right is built", *await bench.good(f"{len(CASES):064x}")
            )
        finally:
            await bench.database.close()


async def _judge(
    verdict: Verdict, bench: "_Bench", case: Case, blob: str, language: Language
) -> None:
    began, before = time.monotonic(), _peak_bytes()
    job = await bench.build(case, blob, language)
    said = job.error or ""
    grown = _peak_bytes() - before
    sentence = job.state == JobState.FAILED and said and "Traceback" not in said
    chinese = any("\u4e00" <= one <= "\u9fff" for one in said)
    understood = case.advice in said if language is Language.ENGLISH else chinese
    lean = "2 GB" not in case.name or grown < 100 << 20
    name = f"{case.name}, {language.value} ({time.monotonic() - began:.1f} s)"
    verdict.check(name, said[:300], bool(sentence and understood and lean))


class _Bench:
    """A data folder with a worker that builds data sets."""

    def __init__(self, folder: Path, database: Database, blind: Path) -> None:
        self.folder = folder
        self.database = database
        self.blobs = BlobStore(folder / "blobs")
        self._settings = WorkerSettings(f"sqlite:///{folder / 'daoshi.db'}", folder)
        self._blind = blind

    @classmethod
    async def open(cls, folder: Path) -> "_Bench":
        url = f"sqlite:///{folder / 'daoshi.db'}"
        await upgrade(url, folder / "backups")
        model = await asyncio.to_thread(embedded.prepare, folder)
        blind = folder / "blind-model"
        await asyncio.to_thread(shutil.copytree, model, blind)
        (blind / "chat_template.jinja").write_text(BLIND_TEMPLATE)
        return cls(folder, await Database.open(url), blind)

    async def good(self, blob: str) -> tuple[str, bool]:
        rows = [
            {"prompt": f"What is {n} times {n + 1}?", "answer": f"Take {n} rows of {n + 1} dots."}
            for n in range(2, 40)
        ]
        case = Case("", lambda path: path.write_bytes(_lines(*rows)), "")
        job = await self.build(case, blob, Language.ENGLISH)
        split = (job.result or {}).get("check", {}).get("split")
        return str(split or job.error), job.state == JobState.DONE

    async def build(self, case: Case, blob: str, language: Language) -> Job:
        """Does what an upload starts; the file lies where the blob store keeps it."""
        path = self.blobs.path(blob)
        path.parent.mkdir(parents=True, exist_ok=True)
        await asyncio.to_thread(case.write, path)
        upload = {"blob": blob, "file_name": "examples.jsonl", "licence": ""}
        async with self.database.write() as session:
            job = await request_build(
                session,
                scope="global",
                name="bad data",
                source={"upload": upload},
                language=language,
                by=None,
                place=None,
                tell=False,
                now=utc_now(),
            )
        blind = replace(self._settings, model=str(self._blind))
        worker = Worker(
            self.database,
            self.blobs,
            blind if case.blind else self._settings,
            HANDLERS,
            lambda schedule, now: None,
            owner="bench",
            now=utc_now,
        )
        await worker.do_next_job()
        async with self.database.read() as session:
            done = await jobs.job_by_id(session, job.id)
        assert done is not None, job.id
        return done


def _peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> int:
    return present("Bad training data gets a sentence", examine)


if __name__ == "__main__":
    sys.exit(main())
