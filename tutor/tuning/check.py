"""A check of a data set: what a version holds and what was left out, read from its manifest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.datasets import DatasetVersion
from tutor.bank.reason import Reason


@dataclass(frozen=True, slots=True)
class Sample:
    """An example as the trainer sees it: parts of the text, and whether each carries loss."""

    source: str
    parts: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row by its place in its file, and a word on it."""

    place: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Check:
    """What a version holds and what was left out of it, before anything is trained on it.

    Lengths are tokens of the model that it was checked for; rows are the first of `..._total`.
    """

    version_id: str
    name: str
    number: int
    created_at: datetime
    withdrawn: bool
    read: int
    train: int
    held_out: int
    train_groups: int
    held_out_groups: int
    kinds: Mapping[str, int]
    sources: tuple[Mapping[str, Any], ...]
    people: int
    exact_duplicates: int
    near_duplicates: int
    scrubbed: Mapping[str, int]
    model: str
    tokens: int
    tokens_with_loss: int
    median_length: int
    longest: int
    max_length: int
    truncated: tuple[str, ...]
    truncated_total: int
    rejected: tuple[RejectedRow, ...]
    rejected_total: int
    samples: tuple[Sample, ...]


def check_from(version: DatasetVersion, name: str) -> Check:
    """The check of a version, from its manifest."""
    manifest = version.manifest
    split, tokens = manifest["split"], manifest["tokens"]
    return Check(
        version_id=version.id,
        name=name,
        number=version.number,
        created_at=version.created_at,
        withdrawn=version.withdrawn_at is not None,
        read=manifest["read"],
        train=split["train"]["examples"],
        held_out=split["held_out"]["examples"],
        train_groups=split["train"]["groups"],
        held_out_groups=split["held_out"]["groups"],
        kinds=manifest["kinds"],
        sources=tuple(manifest["sources"]),
        people=manifest["consents"]["people"],
        exact_duplicates=manifest["duplicates"]["exact"],
        near_duplicates=manifest["duplicates"]["near"],
        scrubbed=manifest["scrubbed"],
        model=manifest["model"],
        tokens=tokens["total"],
        tokens_with_loss=tokens["with_loss"],
        median_length=tokens["p50"],
        longest=tokens["longest"],
        max_length=tokens["max_length"],
        truncated=tuple(manifest["truncated"]["places"]),
        truncated_total=manifest["truncated"]["total"],
        rejected=tuple(_row(row) for row in manifest["rejected"]["rows"]),
        rejected_total=manifest["rejected"]["total"],
        samples=tuple(_sample(one) for one in manifest["samples"]),
    )


def _row(row: Mapping[str, Any]) -> RejectedRow:
    return RejectedRow(row["place"], Reason(row["message"], row["fields"]))


def _sample(record: Mapping[str, Any]) -> Sample:
    return Sample(record["source"], tuple((text, bool(loss)) for text, loss in record["parts"]))
