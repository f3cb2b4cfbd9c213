"""`python -m benchmarks.material`: is the right page found, and nothing where nothing fits?

Reads two small documents and a long one as an upload is read, asks questions whose page is known
and questions about something else, and says how long both took. `--json` prints the figures alone.
"""

import argparse
import asyncio
import json
import resource
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.figures import machine, percentile
from storage.communities import community_for
from storage.database import Database
from storage.materials import MaterialScope, NewPassage, add_material, put_passages
from storage.migrate import upgrade
from tutor.knowledge.chunking import passages_of
from tutor.knowledge.document import Page
from tutor.knowledge.embedding import Embedder, packed
from tutor.knowledge.material import read_material_bounded
from tutor.knowledge.retrieval import Library
from tutor.knowledge.words import is_chinese

DATA = Path(__file__).parent / "data" / "material.json"
FOUND_AMONG = 4
LONG_PAGES = 300
MEBI = 1024**2


@dataclass
class Tally:
    """What was found of what was asked, by language; `missed` are the questions that were not."""

    asked: dict[str, int] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


async def measure(data: dict[str, Any], *, by_meaning: bool = True) -> Tally:
    """Asks everything about the two documents, which stand together in one channel."""
    embedder = Embedder() if by_meaning else None
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/daoshi.db"
        await upgrade(url, Path(folder))
        database = await Database.open(url)
        library = Library(database, embedder)
        try:
            if embedder is not None:
                assert await embedder.ready(), "the embedding model is missing"
            scope = await _filled(database, data["documents"], embedder)
            await library.find(scope, "warm up the index")
            return await _asked(library, scope, data)
        finally:
            await library.close()
            await database.close()


async def _filled(
    database: Database, documents: dict[str, list[str]], embedder: Embedder | None
) -> MaterialScope:
    now = datetime.now(UTC)
    async with database.write() as session:
        community = await community_for(session, platform="slack", external_id="T1", now=now)
        for name, texts in documents.items():
            added = await add_material(
                session,
                course_id=None,
                community_id=community.id,
                channel="C1",
                name=name,
                media_type="text/plain",
                blob_hash="0" * 64,
                uploaded_by=None,
                now=now,
            )
            pages = [Page(number, f"# {text}") for number, text in enumerate(texts, 1)]
            rows = [
                NewPassage(one.page, one.heading, one.text, await _embedded(embedder, one.text))
                for one in passages_of(pages)
            ]
            await put_passages(session, added.id, len(pages), rows)
    return MaterialScope((), community.id, "C1")


async def _embedded(embedder: Embedder | None, text: str) -> bytes:
    vectors = None if embedder is None or is_chinese(text) else await embedder.embed([text])
    return b"" if vectors is None else packed(vectors)[0]


async def _asked(library: Library, scope: MaterialScope, data: dict[str, Any]) -> Tally:
    tally = Tally()
    for language, questions in data["questions"].items():
        tally.asked[language], tally.found[language] = len(questions), 0
        for question, page in questions:
            started = time.perf_counter()
            sources = await library.find(scope, question, FOUND_AMONG)
            tally.seconds.append(time.perf_counter() - started)
            if any(one.name == language and one.page == page for one in sources):
                tally.found[language] += 1
            else:
                tally.missed.append(question)
    for question in data["unrelated"]:
        if await library.find(scope, question, FOUND_AMONG):
            tally.invented.append(question)
    return tally


async def read_long(texts: list[str]) -> dict[str, float]:
    """How long a book takes to read and cut, and the memory of the process that read it."""
    from tests.doubles.documents import pdf

    data = pdf([" ".join(texts[n % len(texts)].split()) for n in range(LONG_PAGES)])
    started = time.perf_counter()
    document = await read_material_bounded("book.pdf", "application/pdf", data)
    read = time.perf_counter() - started
    passages = passages_of(document.pages)
    assert document.page_count == LONG_PAGES, document.problem
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / MEBI
    return {
        "long_pages": LONG_PAGES,
        "long_passages": len(passages),
        "long_read_seconds": round(read, 2),
        "long_cut_seconds": round(time.perf_counter() - started - read, 2),
        "reader_peak_mib": round(peak),
    }


def figures(tally: Tally, unrelated: int) -> dict[str, float]:
    """The figures by the names that others rely on."""
    recalls = {
        f"recall_at_{FOUND_AMONG}_{language}": round(tally.found[language] / asked, 3)
        for language, asked in tally.asked.items()
    }
    return {
        **recalls,
        "unrelated": unrelated,
        "unrelated_with_source": len(tally.invented),
        "find_median_ms": round(1000 * percentile(tally.seconds, 50), 1),
        "find_p95_ms": round(1000 * percentile(tally.seconds, 95), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--words-alone", action="store_true", help="without the embedding model")
    arguments = parser.parse_args()
    data = json.loads(DATA.read_text("utf-8"))
    before = machine()
    long = asyncio.run(read_long(data["documents"]["en"]))
    tally = asyncio.run(measure(data, by_meaning=not arguments.words_alone))
    measured = {**before, **figures(tally, len(data["unrelated"])), **long}
    if arguments.json:
        sys.stdout.write(json.dumps(measured) + "\n")
        return
    lines = [f"{name:28} {value}" for name, value in measured.items()]
    lines += [f"not found: {question}" for question in tally.missed]
    lines += [f"found for nothing: {question}" for question in tally.invented]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
