"""Whether an adapter may answer with the present engine: what its card says, held against it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from storage import adapter_pointers
from storage.artifacts import Artifact
from tutor.engine.contract import Capabilities
from tutor.i18n import mark
from tutor.tuning.product import Product
from tutor.tuning.report import binding_of

KIND = adapter_pointers.KIND
PARKED = mark(
    "parked: it was made for another model than the one that answers now. Train it again for this "
    "one, or set DAOSHI_MODEL back."
)
STALE = mark(
    "its report is of an engine that has changed since (model, template, precision or version): "
    "have it evaluated again."
)
FAILED = mark("it did not pass its evaluation.")
UNTESTED = mark("it has not been evaluated.")


@dataclass(frozen=True, slots=True)
class Fitness:
    """`fits`: made for this base model. `passed`: its gate said so. `valid`: of this very engine.

    An engine that can't tell its base (a remote one) is believed to have the right one.
    """

    fits: bool
    evaluated: bool
    passed: bool
    valid: bool

    @property
    def promotable(self) -> bool:
        return self.fits and self.passed and self.valid

    @property
    def problem(self) -> str:
        """What speaks against it, as a marked sentence; "" where nothing does."""
        if not self.fits:
            return PARKED
        if not self.evaluated:
            return UNTESTED
        if not self.passed:
            return FAILED
        return "" if self.valid else STALE


def fitness(artifact: Artifact, capabilities: Capabilities | None) -> Fitness:
    """How an adapter stands; without an engine to ask, nothing speaks against its base."""
    report = artifact.card.get("report") or {}
    return Fitness(
        fits=fits_base(artifact.base_hash, capabilities),
        evaluated=bool(report),
        passed=bool(report.get("passed")),
        valid=bool(report) and (_is_alone(artifact) or _is_bound(report, capabilities)),
    )


def fits_base(base_hash: str, capabilities: Capabilities | None) -> bool:
    """Whether an adapter for this base can be laid over the present model."""
    if capabilities is None or not capabilities.base_hash or not base_hash:
        return True
    return base_hash == capabilities.base_hash


def fits_template(artifact: Artifact, capabilities: Capabilities | None) -> bool:
    """Whether it learnt in the words around messages that the present model is given."""
    made_with = str(artifact.card.get("template_hash") or "")
    if capabilities is None or not capabilities.template_hash or not made_with:
        return True
    return made_with == capabilities.template_hash


def _is_alone(artifact: Artifact) -> bool:
    """A generator draws without the text engine."""
    return artifact.kind == Product.GENERATOR


def _is_bound(report: Mapping[str, Any], capabilities: Capabilities | None) -> bool:
    """Whether a report was made with this very engine."""
    if capabilities is None:
        return True
    return dict(report.get("binding") or {}) == asdict(binding_of(capabilities))
