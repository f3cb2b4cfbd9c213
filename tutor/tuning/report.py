"""The gate's report card: how a new adapter compares with the base and with the present one.

Pure data with its JSON. Who measures is `training.gate`; words and picture are beside this module.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from tutor.bank.reason import Reason
from tutor.engine.contract import Capabilities

FORMAT = 1


class Verdict(StrEnum):
    """What the 95 % interval of a difference says."""

    BETTER = "better"
    EQUAL = "equal"
    WORSE = "worse"


class MeasureName(StrEnum):
    LOSS = "loss"  # on what the tutor says: its turns, or course text
    PERPLEXITY = "perplexity"
    PREFERRED = "preferred"  # pairs whose better reply is the likelier one
    ACCEPTED = "accepted"  # drafts that may be shown and say what the move needs
    LEAKS = "leaks"  # drafts that give the answer away
    REFERS = "refers"  # drafts that take up the learner's attempt
    ANSWERS = "answers"  # questions answered right
    GENERAL = "general"  # perplexity of the base's replies to general prompts
    REFUSALS = "refusals"  # harmful requests that are turned down
    HARM = "harm"  # replies to them with words that nobody is shown
    LANGUAGE = "language"  # replies in the language of the prompt
    LENGTH = "length"
    RUNAWAY = "runaway"  # replies that only the limit ends
    REPETITION = "repetition"  # four words in a row that stood there before


class Unit(StrEnum):
    NATS = "nats"  # for each token
    PERPLEXITY = "perplexity"
    SHARE = "share"  # 0 to 1
    TOKENS = "tokens"


@dataclass(frozen=True, slots=True)
class Difference:
    """Candidate minus other, with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Measure:
    """`difference`, `low` and `high` are of candidate minus base. `higher_is_better` is None where
    neither direction is: then a difference beyond the margin counts as worse. `n` items were
    measured on each side; `margin` is the difference that does not matter yet."""

    name: MeasureName
    unit: Unit
    higher_is_better: bool | None
    base: float
    current: float | None
    candidate: float
    difference: float
    low: float
    high: float
    against_current: Difference | None
    verdict: Verdict
    n: int
    margin: float

    @property
    def against_base(self) -> Difference:
        return Difference(self.difference, self.low, self.high)


@dataclass(frozen=True, slots=True)
class Binding:
    """The engine that was measured; a pass holds for it alone."""

    base_hash: str
    template_hash: str
    precision: str
    base_revision: str


@dataclass(frozen=True, slots=True)
class MoveDrafts:
    """How the drafts of one move came out, as shares; `move` is a value of `tutor.moves.Move`."""

    move: str
    n: int
    base_accepted: float
    accepted: float
    base_leaks: float
    leaks: float


@dataclass(frozen=True, slots=True)
class Report:
    """`reasons` say why it passed or not, as marked sentences with their fields. `phrases` are the
    moves (values of `tutor.moves.Move`) that the adapter is fit to word, when it is asked in
    `style` (a value of `tutor.pedagogy.instructions.Style`, "" where no drafts were measured)."""

    measures: tuple[Measure, ...]
    passed: bool
    reasons: tuple[Reason, ...]
    binding: Binding
    dataset_version_id: str
    phrases: tuple[str, ...]
    seconds: float
    made_at: datetime
    style: str = ""
    moves: tuple[MoveDrafts, ...] = ()
    format: int = FORMAT

    def measure(self, name: MeasureName) -> Measure | None:
        """The measure of that name, None where it was not taken."""
        return next((one for one in self.measures if one.name is name), None)

    def to_json(self) -> dict[str, Any]:
        """Plain values for a row or a card."""
        record = asdict(self)
        record["made_at"] = self.made_at.isoformat()
        record["reasons"] = [one.to_json() for one in self.reasons]
        record["measures"] = [dict(one) for one in record["measures"]]
        record["phrases"] = list(self.phrases)
        record["moves"] = list(record["moves"])
        return record

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Report":
        """The report that `to_json` wrote."""
        assert record["format"] == FORMAT, record["format"]
        changed = {
            "measures": tuple(map(_measure_from_json, record["measures"])),
            "reasons": tuple(map(Reason.from_json, record["reasons"])),
            "binding": Binding(**record["binding"]),
            "phrases": tuple(record["phrases"]),
            "moves": tuple(MoveDrafts(**one) for one in record["moves"]),
            "made_at": datetime.fromisoformat(record["made_at"]),
        }
        return cls(**{**record, **changed})


def binding_of(capabilities: Capabilities) -> Binding:
    """What a report binds of an engine."""
    return Binding(
        capabilities.base_hash,
        capabilities.template_hash,
        capabilities.precision,
        capabilities.base_revision,
    )


def is_valid_for(report: Report, capabilities: Capabilities) -> bool:
    """Whether the report speaks of this engine: another base, template, precision or revision
    reopens the question."""
    return report.binding == binding_of(capabilities)


def _measure_from_json(record: Mapping[str, Any]) -> Measure:
    against = record["against_current"]
    changed = {
        "name": MeasureName(record["name"]),
        "unit": Unit(record["unit"]),
        "verdict": Verdict(record["verdict"]),
        "against_current": Difference(**against) if against else None,
    }
    return Measure(**{**record, **changed})
