"""The use case of importing: detect, read, save, report. A dry run reports the same, unwritten."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage.database import Database
from tutor.bank.importing import anki, csv_table, gift, gsm8k, moodle, oatutor
from tutor.bank.importing.detect import Format, detect
from tutor.bank.importing.report import Counts, ImportRefused, Options, Reading, Remark
from tutor.bank.item import Course
from tutor.bank.prerequisites import check_prerequisites
from tutor.bank.saving import Saved, check_keys, save_course
from tutor.i18n import mark

Read = Callable[[Path, Options], Reading]

READERS: Mapping[Format, Read] = {
    Format.OATUTOR: oatutor.read,
    Format.GSM8K: gsm8k.read,
    Format.CSV: csv_table.read,
    Format.MOODLE: moodle.read,
    Format.GIFT: gift.read,
    Format.ANKI: anki.read,
}


@dataclass(frozen=True, slots=True)
class SavedCourse:
    """One course of the import, and what saving it came to (None in a dry run)."""

    key: str
    names: Mapping[str, str]
    counts: Counts
    saved: Saved | None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """All that a person should know of an import. Reasons are said in their language."""

    format: Format
    counts: Counts
    courses: tuple[SavedCourse, ...]
    not_taken: tuple[Remark, ...]
    remarks: tuple[Remark, ...]
    dry_run: bool


async def import_file(
    database: Database,
    path: Path,
    options: Options,
    now: datetime,
    dry_run: bool = False,
    *,
    owner_id: str | None = None,
    community_id: str | None = None,
    progress: Callable[[str, int, int], None] = lambda _course, _done, _all: None,
) -> ImportReport:
    """Imports a file or folder. Raises BankError with a sentence; nothing is written then.

    `progress` is told the name of each course before it is saved, how many are, and of how many.
    """
    format_, reading = await asyncio.to_thread(read_file, path, options)
    saved: list[Saved | None] = [None] * len(reading.courses)
    if not dry_run:
        async with database.long_write() as session:
            for number, course in enumerate(reading.courses):
                progress(next(iter(course.names.values())), number, len(reading.courses))
                saved[number] = await save_course(
                    session, course, owner_id=owner_id, community_id=community_id, now=now
                )
    return ImportReport(
        format_,
        Counts.of(reading.courses),
        tuple(map(_saved_course, reading.courses, saved)),
        reading.not_taken,
        reading.remarks,
        dry_run,
    )


def read_file(path: Path, options: Options) -> tuple[Format, Reading]:
    """Reads and checks a file in whichever format it is. Raises BankError."""
    if not path.exists():
        raise ImportRefused(mark("There is no file {name}."), name=path)
    format_ = detect(path, options.file_name)
    reading = READERS[format_](path, options)
    if not any(course.items for course in reading.courses):
        raise _nothing_taken(options.file_name or path.name, reading.not_taken)
    for course in reading.courses:
        check_prerequisites(course.skills)
        check_keys(course)
    return format_, reading


def _nothing_taken(name: str, not_taken: Sequence[Remark]) -> ImportRefused:
    if not not_taken:
        return ImportRefused(mark("There are no questions in {name}."), name=name)
    first = not_taken[0]
    message = mark("Nothing in {name} could be taken. {place}: {reason}")
    return ImportRefused(message, name=name, place=first.place, reason=first.reason)


def _saved_course(course: Course, saved: Saved | None) -> SavedCourse:
    return SavedCourse(course.key, course.names, Counts.of([course]), saved)
