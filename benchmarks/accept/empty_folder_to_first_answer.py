"""From an empty folder and an empty home to the first answer with one command, and to green tests.

The tracked files of the present commit are unpacked into a fresh folder; nothing else is given but
the search path and pip's own configuration. `--skip-tests` leaves `make test` out, `--keep` leaves
the folder.
"""

import argparse
import asyncio
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.stage.serving import end_engine
from benchmarks.stage.verdict import Verdict, present

ROOT = Path(__file__).parents[2]
KEPT = ("PATH", "TMPDIR", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "OMP_NUM_THREADS")
KEPT_PREFIXES = ("PIP_", "http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY")
FIRST = ("Hello! What is a fraction?", "And what is one half of ten?")
SECOND = ("What did I ask you before?",)
CHAT_SECONDS, TEST_SECONDS = 1500.0, 2400.0
ANSWERED = """
    SELECT COUNT(*) FROM turns
    WHERE role = 'assistant' AND text <> '' AND completion_tokens > 0
"""


@dataclass(frozen=True, slots=True)
class Ran:
    code: int | None
    seconds: float
    output: str


async def examine(verdict: Verdict) -> None:
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="daoshi-empty-"))
    home, project = folder / "home", folder / "daoshi"
    home.mkdir()
    try:
        _unpack(project)
        await _judge_chat(verdict, project, home)
        if not options.skip_tests:
            ran = await _make(("test",), "", project, home, TEST_SECONDS)
            measured = f"exit {ran.code} after {ran.seconds:.0f} s: {_summary(ran.output)}"
            verdict.check("`make test` is green", measured, ran.code == 0)
    finally:
        for database in home.rglob("daoshi.db"):
            end_engine(database.parent)
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)


async def _judge_chat(verdict: Verdict, project: Path, home: Path) -> None:
    first = await _make(("chat",), _lines(FIRST), project, home, CHAT_SECONDS)
    measured = f"exit {first.code} after {first.seconds:.0f} s, installing included"
    if first.code:
        measured += f": {first.output[-300:]}"
    verdict.check("`make chat` with two piped lines", measured, first.code == 0)
    answered = _answered(home)
    verdict.check("answered by the embedded model", f"{answered} of {len(FIRST)}", answered == 2)
    second = await _make(("chat", "ARGS=--json"), _lines(SECOND), project, home, CHAT_SECONDS)
    said = _objects(second.output)
    text = str(said[0].get("text", "")) if said else ""
    measured = f"exit {second.code} after {second.seconds:.0f} s: {' '.join(text.split())[:90]}"
    knows = second.code == 0 and FIRST[1] in text
    verdict.check("a second run knows the learner of the first", measured, knows)


def _summary(output: str) -> str:
    """What the tests said at the end, and which of them failed."""
    lines = output.strip().splitlines()
    failed = [line for line in lines if line.startswith(("FAILED", "ERROR")) or " error: " in line]
    counts = [line for line in lines if " passed" in line or " failed" in line]
    return "; ".join([*counts[-1:], *failed[:5]]) or "".join(lines[-1:])


def _unpack(project: Path) -> None:
    project.mkdir()
    archive = subprocess.run(
        ["git", "archive", "--format=tar", "HEAD"], cwd=ROOT, check=True, stdout=subprocess.PIPE
    )
    subprocess.run(["tar", "-x"], cwd=project, check=True, input=archive.stdout)


async def _make(
    arguments: tuple[str, ...], text: str, project: Path, home: Path, seconds: float
) -> Ran:
    """Runs make with an empty home; its standard output and error."""
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *("make", *arguments),
        cwd=project,
        env=_environment(home),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(text.encode()), seconds)
    except TimeoutError:
        process.kill()
        return Ran(None, seconds, "it took too long")
    return Ran(process.returncode, time.monotonic() - began, said.decode(errors="replace"))


def _environment(home: Path) -> Mapping[str, str]:
    given = {
        name: value
        for name, value in os.environ.items()
        if name in KEPT or name.startswith(KEPT_PREFIXES)
    }
    return {**given, "HOME": str(home), "LC_ALL": "C.UTF-8"}


def _answered(home: Path) -> int:
    """How many replies of a model the new data folder holds."""
    found = list(home.rglob("daoshi.db"))
    if not found:
        return 0
    with sqlite3.connect(f"file:{found[0]}?mode=ro", uri=True) as database:
        (count,) = database.execute(ANSWERED).fetchone()
    return int(count)


def _objects(output: str) -> list[dict[str, object]]:
    """The JSON objects among the lines that make and pip print too."""
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


def _lines(texts: tuple[str, ...]) -> str:
    return "".join(f"{text}\n" for text in texts)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, add_help=False)
    parser.add_argument("--skip-tests", action="store_true")
    parser.add_argument("--keep", action="store_true")
    return parser.parse_known_args()[0]


def main() -> int:
    return present("From an empty folder to the first answer", examine)


if __name__ == "__main__":
    sys.exit(main())
