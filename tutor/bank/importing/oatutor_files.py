"""Reads the files of OATutor's layout: content-pool/ID/…, skillModel.json and coursePlans.json.

content-pool/ID/ID.json
content-pool/ID/steps/STEP/STEP.json
content-pool/ID/steps/STEP/tutoring/STEPDefaultPathway.json
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from tutor.bank.importing.archive import read_archive
from tutor.bank.importing.report import ImportRefused, Notes
from tutor.i18n import mark

POOL = "content-pool"
SKILLS, PLANS = "skillModel.json", "coursePlans.json"
PATHWAY = "DefaultPathway"

Json = Mapping[str, Any]


@dataclass(slots=True)
class Problem:
    """The documents of one problem; `folder` is where it stands."""

    folder: str
    document: Json | None = None
    steps: dict[str, Json] = field(default_factory=dict)
    hints: dict[str, list[Json]] = field(default_factory=dict)


@dataclass(slots=True)
class Documents:
    """All documents of an archive."""

    problems: dict[str, Problem] = field(default_factory=dict)
    skills: Mapping[str, list[str]] = field(default_factory=dict)
    plans: list[Json] = field(default_factory=list)


def read_documents(path: Path, notes: Notes) -> Documents:
    """The documents of a folder or archive. Raises ImportRefused where this is no such layout."""
    found = Documents()
    pictures = 0
    for name, content in read_archive(path, _is_wanted):
        if name.suffix != ".json":
            pictures += 1
            continue
        document = _parse(content, name, notes)
        if document is not None:
            _file(found, name, document, notes)
    if not found.problems:
        message = mark("There are no OATutor problems in {name}: no folder content-pool with JSON.")
        raise ImportRefused(message, name=path.name)
    if pictures:
        message = mark("{count} pictures are left out; problems that need one are not shown.")
        notes.remark(POOL, message, count=pictures)
    return found


def _is_wanted(name: PurePosixPath) -> bool:
    return name.name in (SKILLS, PLANS) or POOL in name.parts


def _parse(content: bytes, name: PurePosixPath, notes: Notes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        notes.skip(str(name), mark("This file is no valid JSON."))
        return None


def _file(found: Documents, name: PurePosixPath, document: Any, notes: Notes) -> None:
    """Puts a document where its path says that it belongs."""
    place = str(name)
    if name.name == SKILLS and POOL not in name.parts:
        found.skills = {key: _texts(value) for key, value in _objects(document).items()}
        for key, value in _objects(document).items():
            if "" in _list(value):
                message = mark("The skill model names a skill with no name here; it is left out.")
                notes.remark(f"{name}: {key}", message)
        return
    if name.name == PLANS and POOL not in name.parts:
        found.plans = [plan for plan in _list(document) if isinstance(plan, Mapping)]
        return
    match name.parts[name.parts.index(POOL) + 1 :]:
        case (key, _) if isinstance(document, Mapping):
            _problem(found, key, place).document = document
        case (key, "steps", step, _) if isinstance(document, Mapping):
            _problem(found, key, place).steps[step] = document
        case (key, "steps", step, "tutoring", file) if isinstance(document, list):
            if PATHWAY not in file:
                notes.skip(place, mark("Only the default pathway of hints is taken."))
                return
            hints = [hint for hint in document if isinstance(hint, Mapping)]
            _problem(found, key, place).hints[step] = hints
        case _:
            notes.skip(place, mark("This file is none of OATutor's layout."))


def _problem(found: Documents, key: str, place: str) -> Problem:
    return found.problems.setdefault(key, Problem(place))


def _objects(document: Any) -> Json:
    return document if isinstance(document, Mapping) else {}


def _list(document: Any) -> list[Any]:
    return document if isinstance(document, list) else []


def _texts(value: Any) -> list[str]:
    return [text for text in _list(value) if isinstance(text, str) and text]


def walk_hints(hints: list[Json]) -> Iterator[tuple[int, Json]]:
    """Every hint with its depth: after a scaffold come the hints that help with it."""
    for hint in hints:
        yield 0, hint
        for inner in _list(hint.get("subHints")):
            if isinstance(inner, Mapping):
                yield 1, inner
