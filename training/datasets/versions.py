"""Versions of data sets as blobs: saving what was built, and loading what is trained on."""

import asyncio
from datetime import datetime
from io import BytesIO

from storage import datasets
from storage.blobs import BlobMissing, BlobStore
from storage.database import Session
from storage.datasets import DatasetVersion
from training.datasets.assembling import Built
from training.datasets.example import Example, Split, from_line, to_line

FILE_NAME = "examples.jsonl"


async def load(blobs: BlobStore, version: DatasetVersion) -> tuple[list[Example], list[Example]]:
    """Examples to train on, and those held out. Raises BlobMissing, also after a withdrawal."""
    if version.blob_hash is None:
        raise BlobMissing(f"The examples of the version {version.id} were withdrawn.")
    content = await blobs.get(version.blob_hash)
    return await asyncio.to_thread(_parted, content)


async def save(
    session: Session,
    blobs: BlobStore,
    *,
    dataset_id: str,
    built: Built,
    by: str | None,
    now: datetime,
) -> DatasetVersion:
    """A new version, or the one that holds just this already."""
    same = await datasets.same_version(session, dataset_id, built.content_hash)
    if same is not None:
        return same
    blob = await blobs.put(await asyncio.to_thread(content_of, built))
    return await datasets.add_version(
        session,
        dataset_id,
        blob,
        content_hash=built.content_hash,
        manifest=built.manifest,
        contributions=built.contributions,
        name=FILE_NAME,
        by=by,
        now=now,
    )


def content_of(built: Built) -> bytes:
    """The file of a version: one example a line."""
    pairs = zip(built.examples, built.sides, strict=True)
    return "".join(f"{to_line(example, side)}\n" for example, side in pairs).encode()


def _parted(content: bytes) -> tuple[list[Example], list[Example]]:
    train: list[Example] = []
    held_out: list[Example] = []
    for line in BytesIO(content):  # one at a time: a version may have hundreds of megabytes
        example, side = from_line(line.decode())
        (train if side is Split.TRAIN else held_out).append(example)
    return train, held_out
