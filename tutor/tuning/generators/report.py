"""The report card of a trained generator: how well it draws what it was shown.

Pure data with its JSON. Who measures is `training.gan.running`; words are beside this module.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from tutor.bank.reason import Reason
from tutor.tuning.product import Product

FORMAT = 1


class FigureName(StrEnum):
    RECOGNISED = "recognised"  # the nearest real picture, its own target left out, shows the thing
    DISTANCE = "distance"  # kernel distance to real pictures
    VARIETY = "variety"  # deviation among pictures of a thing, as a share of the real ones'
    COPIES = "copies"  # nearer to a picture that was shown than real pictures are to each other


@dataclass(frozen=True, slots=True)
class Figure:
    """`real` is the same of real pictures; `holds` is None where no limit is set."""

    name: FigureName
    drawn: float
    real: float | None = None
    limit: float | None = None
    holds: bool | None = None


@dataclass(frozen=True, slots=True)
class ThingDrawn:
    """How often a thing is recognised, as shares; one that is not `offered` is not drawn."""

    id: str
    en: str
    zh: str
    recognised: float
    real: float
    offered: bool


@dataclass(frozen=True, slots=True)
class GeneratorReport:
    """`reasons` say why it passed or not. `grid` names a stored picture, real beside drawn: its
    hash and size in bytes. `nearest` is the median distance to the nearest picture that was shown,
    as a share of that of held-out pictures."""

    figures: tuple[Figure, ...]
    things: tuple[ThingDrawn, ...]
    passed: bool
    reasons: tuple[Reason, ...]
    nearest: float
    drawn: int
    dataset_version_id: str
    made_at: datetime
    grid: Mapping[str, Any] | None = None
    product: str = Product.GENERATOR
    format: int = FORMAT

    def figure(self, name: FigureName) -> Figure:
        return next(one for one in self.figures if one.name is name)

    def to_json(self) -> dict[str, Any]:
        """Plain values for a row or a card."""
        record = asdict(self)
        record["made_at"] = self.made_at.isoformat()
        record["product"] = str(self.product)
        record["reasons"] = [one.to_json() for one in self.reasons]
        record["figures"], record["things"] = list(record["figures"]), list(record["things"])
        return record

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "GeneratorReport":
        """The report that `to_json` wrote."""
        assert record["format"] == FORMAT, record["format"]
        figures = [{**one, "name": FigureName(one["name"])} for one in record["figures"]]
        changed = {
            "figures": tuple(Figure(**one) for one in figures),
            "things": tuple(ThingDrawn(**one) for one in record["things"]),
            "reasons": tuple(map(Reason.from_json, record["reasons"])),
            "made_at": datetime.fromisoformat(record["made_at"]),
        }
        return cls(**{**record, **changed})
