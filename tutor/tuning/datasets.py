"""What chat and terminal need of data sets: asking for a build, listing them, showing a check.

Builds nothing (`training.datasets` does) and loads no model: a check is read from the manifest that
the build wrote.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage import datasets, jobs
from storage.blobs import BlobReference, blobs_of
from storage.database import Session
from storage.datasets import DatasetVersion
from storage.jobs import Job
from tutor.i18n import mark
from tutor.language import Language
from tutor.tuning.check import Check, check_from
from tutor.tuning.check_text import check_text
from tutor.tuning.generators.check import PictureCheck, picture_check_from
from tutor.tuning.product import Product, product_from
from tutor.tuning.runs import RunRefused
from tutor.tuning.withdrawal import Withdrawn, made_of

__all__ = [
    "BUILD",
    "WORD",
    "Check",
    "DatasetRefused",
    "Listed",
    "Withdrawn",
    "check_of",
    "check_text",
    "listed",
    "made_of",
    "picture_check_of",
    "request_build",
    "request_word",
    "sheet_of",
]

BUILD, WORD = "dataset_build", "dataset_word"
SHEET = "sheet.png"
SHORTEST_NAME, LONGEST_NAME = 1, 60
SOURCES = ("upload", "bank", "answers", "chats", "pictures")


class DatasetRefused(RunRefused):
    """A data set can't be built as it was asked for; says why and what to do."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A data set in a list; counts and licences are those of its newest version."""

    name: str
    versions: int
    number: int
    version_id: str
    train: int
    held_out: int
    licences: tuple[str, ...]
    created_at: datetime
    withdrawn: bool


async def request_build(
    session: Session,
    *,
    scope: str,
    name: str,
    source: Mapping[str, Any],
    language: Language,
    by: str | None,
    place: Mapping[str, Any] | None,
    tell: bool,
    now: datetime,
) -> Job:
    """Asks the worker for a version; its result names it. Raises DatasetRefused.

    `source` has one or several of the keys in `SOURCES`; with `tell` the end is said in `place`, or
    to whoever asked. The same request twice is one job while it has not ended.
    """
    name = " ".join(name.split())
    if not SHORTEST_NAME <= len(name) <= LONGEST_NAME:
        message = mark("Give the data set a name of at most {longest} characters.")
        raise DatasetRefused(message, longest=LONGEST_NAME)
    assert source and set(source) <= set(SOURCES), source
    payload = {
        "scope": scope,
        "name": name,
        "source": {key: dict(value) for key, value in source.items()},
        "language": language.value,
        "by": by,
        "place": dict(place) if place is not None else None,
        "tell": tell,
    }
    return await jobs.enqueue(
        session, kind=BUILD, payload=payload, scope=scope, created_by=by, now=now
    )


async def request_word(session: Session, build: Job, now: datetime) -> None:
    """Has the worker say where a build was asked for how it ended; once, however often asked."""
    await jobs.enqueue(
        session,
        kind=WORD,
        payload={"job_id": build.id},
        scope=build.scope,
        created_by=build.created_by,
        dedupe_key=f"{WORD}:{build.id}",
        now=now,
    )


async def listed(session: Session, scope: str) -> list[Listed]:
    """The data sets of a scope for adapters, with what their newest version holds, by name."""
    found = []
    for dataset in await datasets.datasets_of(session, scope):
        versions = await datasets.versions_of(session, dataset.id)
        if versions and product_from(versions[0].manifest) is Product.ADAPTER:
            newest = versions[0]
            found.append(_listed(dataset.name, len(versions), newest))
    return found


async def check_of(session: Session, version_id: str) -> Check:
    """What a version holds. Raises DatasetRefused where there is no such version."""
    return check_from(*await _named_version(session, version_id, Product.ADAPTER))


async def picture_check_of(session: Session, version_id: str) -> PictureCheck:
    """The same for pictures."""
    return picture_check_from(*await _named_version(session, version_id, Product.GENERATOR))


async def sheet_of(session: Session, version_id: str) -> BlobReference | None:
    """The stored sheet of samples of a version of pictures."""
    kept = await blobs_of(session, datasets.version_owner(version_id))
    return next((one for one in kept if one.name == SHEET), None)


async def _named_version(
    session: Session, version_id: str, product: Product
) -> tuple[DatasetVersion, str]:
    version = await datasets.version_by_id(session, version_id)
    dataset = await datasets.dataset_by_id(session, version.dataset_id) if version else None
    if version is None or dataset is None or product_from(version.manifest) is not product:
        raise DatasetRefused(mark("I know no such version of a data set."))
    return version, dataset.name


def _listed(name: str, versions: int, newest: datasets.DatasetVersion) -> Listed:
    manifest = newest.manifest
    licences = dict.fromkeys(one["licence"] for one in manifest["sources"] if one["licence"])
    return Listed(
        name=name,
        versions=versions,
        number=newest.number,
        version_id=newest.id,
        train=manifest["split"]["train"]["examples"],
        held_out=manifest["split"]["held_out"]["examples"],
        licences=tuple(licences),
        created_at=newest.created_at,
        withdrawn=newest.withdrawn_at is not None,
    )
