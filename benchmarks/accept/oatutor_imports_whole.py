"""OATutor's archive is imported whole: nothing is lost, and importing it again changes nothing.

The archive is the first argument, or named by DAOSHI_OATUTOR_ARCHIVE; without one a small archive
in the same layout is taken, which is part of this project. What stands in its files is
counted here from the JSON alone, without the importer, and compared with the rows of a fresh
database after `daoshi course import` has run in a process of its own.
"""

import asyncio
import json
import os
import re
import resource
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from benchmarks.stage.oatutor_files import archive_for
from benchmarks.stage.verdict import Verdict, present

ENDS_SECONDS = 900


@dataclass
class Found:
    """What there is, in the files or in the database."""

    problems: int = 0
    steps: int = 0
    hints: Counter[str] = field(default_factory=Counter)
    helping: int = 0  # hints about a scaffold, which stand below it in the files
    skills: set[str] = field(default_factory=set)
    step_skills: dict[str, tuple[str, ...]] = field(default_factory=dict)


async def examine(verdict: Verdict) -> None:
    with tempfile.TemporaryDirectory(prefix="daoshi-accept-") as folder:
        archive = archive_for(verdict, Path(folder))
        files = await asyncio.to_thread(count_files, archive)
        seconds = await asyncio.to_thread(_import, archive, Path(folder))
        peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        rows = count_rows(_database(folder))
        _compare(verdict, files, rows)
        verdict.check("first import", f"{seconds:.1f} s, peak {peak_mb:.0f} MB", True)
        before = _dump(_database(folder))
        again = await asyncio.to_thread(_import, archive, Path(folder))
        same = _dump(_database(folder)) == before
        measured = f"{'every row is the same' if same else 'rows differ'}, {again:.1f} s"
        verdict.check("importing again changes nothing", measured, same)


def count_files(archive: Path) -> Found:
    """Counts what stands in the JSON of a .tar.gz."""
    found = Found()
    skills: dict[str, list[str]] = {}
    planned: set[str] = set()
    with tarfile.open(archive) as packed:
        for member in packed:
            content = packed.extractfile(member) if member.name.endswith(".json") else None
            if content is None:
                continue
            document, parts = json.load(content), PurePosixPath(member.name).parts
            if parts[-1] == "skillModel.json":
                skills = document
            elif parts[-1] == "coursePlans.json":
                lessons = [lesson for plan in document for lesson in plan["lessons"]]
                planned = {skill for lesson in lessons for skill in lesson["learningObjectives"]}
            elif "tutoring" in parts:
                _count_hints(document, found)
            elif "steps" in parts:
                found.steps += 1
                found.step_skills[document["id"]] = ()
            else:
                found.problems += 1
    found.step_skills = {  # a skill needs a name; the report says where none stood
        key: tuple(skill for skill in skills.get(key, ()) if skill) for key in found.step_skills
    }
    used = {one for all_ in found.step_skills.values() for one in all_}
    found.skills = {skill for skill in planned | used if skill}
    return found


def _count_hints(pathway: list[dict[str, Any]], found: Found) -> None:
    for hint in pathway:
        found.hints[hint["type"]] += 1
        for inner in hint.get("subHints", []):
            found.hints[inner["type"]] += 1
            found.helping += 1


def count_rows(database: Path) -> Found:
    """Counts what stands in the tables; a hint that asks something is a scaffold."""
    found = Found()
    with closing(sqlite3.connect(database)) as connection:
        [[found.problems]] = connection.execute("SELECT count(*) FROM items")
        keys = dict(connection.execute("SELECT id, key FROM skills"))
        found.skills = set(keys.values())
        for key, hints, skills in connection.execute("SELECT key, hints, skills FROM steps"):
            found.steps += 1
            found.step_skills[key] = tuple(keys[one] for one in json.loads(skills))
            for hint in json.loads(hints):
                found.hints["scaffold" if "answer_type" in hint else "hint"] += 1
                found.helping += "depth" in hint
    return found


def _compare(verdict: Verdict, files: Found, rows: Found) -> None:
    counts = {
        "problems": (files.problems, rows.problems),
        "steps": (files.steps, rows.steps),
        "hints": (files.hints["hint"], rows.hints["hint"]),
        "scaffolds": (files.hints["scaffold"], rows.hints["scaffold"]),
        "hints about a scaffold, among these": (files.helping, rows.helping),
        "skills": (len(files.skills), len(rows.skills)),
    }
    for name, (there, here) in counts.items():
        verdict.check(name, f"{there} in the files, {here} in the database", there == here > 0)
    verdict.check("the skills are the same", len(rows.skills), files.skills == rows.skills)
    wrong = [key for key, skills in files.step_skills.items() if rows.step_skills[key] != skills]
    measured = f"{len(files.step_skills) - len(wrong)} of {len(files.step_skills)} steps"
    verdict.check("each step practises the skills that the skill model names", measured, not wrong)


def _import(archive: Path, folder: Path) -> float:
    """Runs the command as its user would; seconds."""
    started = time.monotonic()
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [Path(sys.executable).with_name("daoshi"), "course", "import", archive],
        env={**kept, "DAOSHI_DATA_DIR": str(folder), "LANG": "en_US.UTF-8", "COLUMNS": "120"},
        capture_output=True,
        text=True,
        timeout=ENDS_SECONDS,
        check=False,
    )
    report = [line for line in done.stdout.splitlines() if re.match(r"\S.*\d|  \d+ ×", line)]
    print("\n".join(line for line in report if "│" not in line), file=sys.stderr)
    assert done.returncode == 0, done.stderr
    return time.monotonic() - started


def _database(folder: str | Path) -> Path:
    [file] = Path(folder).glob("*.db")
    return file


def _dump(database: Path) -> list[str]:
    """Every row of the tables that an import may write."""
    tables = (
        "courses", "lessons", "skills", "skill_prerequisites", "lesson_skills", "items", "steps",
        "item_skills", "item_revisions",
    )  # fmt: skip
    with closing(sqlite3.connect(database)) as connection:
        return [
            repr(row)
            for table in tables
            for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2")
        ]


def main() -> int:
    return present("OATutor is imported whole", examine)


if __name__ == "__main__":
    sys.exit(main())
