"""The course that ships: mathematics, science, reading Python, Chinese and English words.

Written for this project; the files beside this module hold it in both languages. `course.json`
has the lessons and skills, each other file a list of families of problems.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tutor.bank.item import Course, Item, Lesson, Skill
from tutor.bank.starter.family import items_of

KEY = "starter"
SOURCE = "Daoshi"
LICENCE = "Apache-2.0"
FOLDER = Path(__file__).parent
COURSE = "course.json"


def starter_course() -> Course:
    """The whole course; every family of problems is there once in each language."""
    read = _read(COURSE)
    lessons = tuple(
        Lesson(one["key"], one["names"], tuple(one["skills"])) for one in read["lessons"]
    )
    lesson_of = {skill: lesson.key for lesson in lessons for skill in lesson.skills}
    return Course(
        key=KEY,
        names=read["names"],
        language="en",
        lessons=lessons,
        skills=tuple(_skill(one) for one in read["skills"]),
        items=tuple(_items(lesson_of)),
        source=SOURCE,
        licence=LICENCE,
        visibility="everyone",
    )


def starter_digest() -> str:
    """Changes with every change of the course's files and of how they are read."""
    digest = hashlib.sha256()
    for path in sorted((*FOLDER.glob("*.json"), *FOLDER.glob("*.py"))):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:32]


def _read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def _skill(read: Mapping[str, Any]) -> Skill:
    return Skill(
        read["key"], read["names"], tuple(read.get("requires", ())), read.get("generator", "")
    )


def _items(lesson_of: Mapping[str, str]) -> Iterator[Item]:
    for path in sorted(FOLDER.glob("*.json")):
        if path.name != COURSE:
            for family in _read(path.name):
                yield from items_of(family, lesson_of, source=SOURCE, licence=LICENCE)
