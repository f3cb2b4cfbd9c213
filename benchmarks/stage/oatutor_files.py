"""OATutor's archives: one of our own in its layout, and the answers that stand in the files."""

import io
import json
import os
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from benchmarks.stage.verdict import Verdict

VARIABLE = "DAOSHI_OATUTOR_ARCHIVE"
SMALL = Path(__file__).parents[1] / "data" / "oatutor_small.json"
"""Written for this project: path → content, in OATutor's layout."""


@dataclass(frozen=True, slots=True)
class FileStep:
    """A step as its file says it: the question, and the first of the right answers."""

    question: str
    answer: str


def archive_for(verdict: Verdict, folder: Path) -> Path:
    """The archive that is the first argument or named by DAOSHI_OATUTOR_ARCHIVE, else ours."""
    given = next((one for one in sys.argv[1:] if not one.startswith("-")), "")
    named = given or os.environ.get(VARIABLE, "")
    if named:
        return Path(named).resolve()
    verdict.remark = f"on a small archive of our own; name OATutor's in {VARIABLE}"
    verdict.note(verdict.remark)
    return pack_small(folder)


def pack_small(folder: Path) -> Path:
    """The small archive as a .tar.gz."""
    target = folder / "oatutor-small.tar.gz"
    with tarfile.open(target, "w:gz") as packed:
        for name, document in json.loads(SMALL.read_text(encoding="utf-8")).items():
            data = json.dumps(document).encode()
            member = tarfile.TarInfo(name)
            member.size = len(data)
            packed.addfile(member, io.BytesIO(data))
    return target


def steps_in(archive: Path) -> dict[str, FileStep]:
    """Every step by its id, read without the importer."""
    found = {}
    with tarfile.open(archive) as packed:
        for member in packed:
            parts = PurePosixPath(member.name).parts
            if "steps" not in parts or "tutoring" in parts or not member.name.endswith(".json"):
                continue
            content = packed.extractfile(member)
            assert content is not None, member.name
            step = json.load(content)
            found[step["id"]] = FileStep(step["stepTitle"], plain_answer(step["stepAnswer"][0]))
    return found


def plain_answer(answer: str) -> str:
    """An answer of the files as somebody would type it."""
    return answer.replace("$$", "").strip()
