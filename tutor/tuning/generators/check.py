"""A check of a set of pictures: what a version holds and what was left out, from its manifest."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from storage.datasets import DatasetVersion
from tutor.bank.reason import Reason
from tutor.language import Language
from tutor.tuning.check import RejectedRow


@dataclass(frozen=True, slots=True)
class Thing:
    """One class of pictures."""

    id: str
    en: str
    zh: str
    pictures: int
    held_out: int

    def named(self, language: Language) -> str:
        return self.zh if language is Language.CHINESE else self.en


@dataclass(frozen=True, slots=True)
class PictureCheck:
    """Sides are the longer ones of the pictures as they came, in pixels; `across` are places of
    pictures that are nearly the same and show two things; rows are the first of `rejected_total`.
    """

    version_id: str
    name: str
    number: int
    file: str
    licence: str
    read: int
    ignored: int
    pictures: int
    held_out: int
    size: int
    things: tuple[Thing, ...]
    styles: tuple[str, ...]
    least_side: int
    median_side: int
    most_side: int
    animated: int
    enlarged: int
    same: int
    near: int
    across: tuple[tuple[str, str], ...]
    unsuitable: int
    rejected: tuple[RejectedRow, ...]
    rejected_total: int
    withdrawn: bool


def picture_check_from(version: DatasetVersion, name: str) -> PictureCheck:
    """The check of a version of pictures."""
    manifest = version.manifest
    sides, duplicates = manifest["sides"], manifest["duplicates"]
    return PictureCheck(
        version_id=version.id,
        name=name,
        number=version.number,
        file=manifest["file"],
        licence=manifest["licence"],
        read=manifest["read"],
        ignored=manifest["ignored"],
        pictures=manifest["pictures"],
        held_out=manifest["held_out"],
        size=manifest["size"],
        things=tuple(Thing(**one) for one in manifest["things"]),
        styles=tuple(manifest["styles"]),
        least_side=sides["least"],
        median_side=sides["median"],
        most_side=sides["most"],
        animated=manifest["animated"],
        enlarged=manifest["enlarged"],
        same=duplicates["same"],
        near=duplicates["near"],
        across=tuple((one, other) for one, other in duplicates["across"]),
        unsuitable=manifest["unsuitable"]["left_out"],
        rejected=tuple(_row(row) for row in manifest["rejected"]["rows"]),
        rejected_total=manifest["rejected"]["total"],
        withdrawn=version.withdrawn_at is not None,
    )


def _row(row: Mapping[str, Any]) -> RejectedRow:
    return RejectedRow(row["place"], Reason.from_json(row))
