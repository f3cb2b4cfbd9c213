"""The manifest of a version: where its examples come from, what was left out, how long they are.

Plain JSON for the version's row. `tutor.tuning.check` reads it; it holds no words from chats.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from training.datasets.example import Example, ExampleKind, Split
from training.datasets.normalising import as_text
from training.datasets.reading.found import Rejected, Row
from training.datasets.rendering import Rendering
from training.datasets.splitting import clusters
from tutor.bank.reason import Reason
from tutor.language import Language

FORMAT = 1
KEPT_ROWS = 500  # of rejected and truncated ones; their number is always whole
SAMPLES = 5


@dataclass(slots=True)
class Tally:
    """What is counted while rows pass."""

    read: int = 0
    scrubbed: Counter[str] = field(default_factory=Counter)
    duplicates: Counter[str] = field(default_factory=Counter)
    rejected: list[Rejected] = field(default_factory=list)
    rejected_total: int = 0
    truncated: list[str] = field(default_factory=list)
    truncated_total: int = 0
    lengths: list[int] = field(default_factory=list)
    with_loss: int = 0

    def reject(self, one: Rejected) -> None:
        self.rejected_total += 1
        if len(self.rejected) < KEPT_ROWS:
            self.rejected.append(one)

    def truncate(self, place: str) -> None:
        self.truncated_total += 1
        if len(self.truncated) < KEPT_ROWS:
            self.truncated.append(place)


def manifest_of(
    tally: Tally,
    rows: Sequence[Row],
    sides: Sequence[Split],
    rendering: Rendering,
    content_hash: str,
) -> dict[str, Any]:
    """The whole manifest."""
    examples = [row.example for row in rows]
    people = {learner for row in rows for learner in row.contributors}
    return {
        "format": FORMAT,
        "sources": _sources(rows),
        "attribution": sorted({row.attribution for row in rows if row.attribution}),
        "consents": {
            "people": len(people),
            "examples": sum(bool(row.contributors) for row in rows),
        },
        "read": tally.read,
        "kinds": dict(Counter(example.kind.value for example in examples)),
        "duplicates": {"exact": tally.duplicates["exact"], "near": tally.duplicates["near"]},
        "scrubbed": dict(tally.scrubbed),
        "split": _split(examples, sides),
        "model": rendering.model,
        "tokenizer_hash": rendering.tokenizer_hash,
        "template_hash": rendering.template_hash,
        "tokens": _tokens(tally, rendering),
        "truncated": {"total": tally.truncated_total, "places": tally.truncated},
        "rejected": {
            "total": tally.rejected_total,
            "rows": [rejected_row(one) for one in tally.rejected],
        },
        "samples": _samples(rows, rendering),
        "content_hash": content_hash,
    }


def rejected_row(one: Rejected) -> dict[str, Any]:
    """A rejected row as JSON: its place, a marked sentence and its fields."""
    fields = {
        name: value.said(Language.ENGLISH) if isinstance(value, Reason) else as_text(str(value))
        for name, value in one.reason.fields.items()
    }
    return {"place": one.place, "message": one.reason.message, "fields": fields}


def _sources(rows: Sequence[Row]) -> list[Mapping[str, Any]]:
    counts = Counter((row.example.source, row.example.licence) for row in rows)
    return [
        {"source": source, "licence": licence, "examples": count}
        for (source, licence), count in sorted(counts.items())
    ]


def _split(examples: Sequence[Example], sides: Sequence[Split]) -> dict[str, Any]:
    groups: dict[Split, set[str]] = defaultdict(set)
    for cluster, side in zip(clusters(examples), sides, strict=True):
        groups[side].add(cluster)
    return {
        side.value: {"examples": sides.count(side), "groups": len(groups[side])} for side in Split
    }


def _tokens(tally: Tally, rendering: Rendering) -> dict[str, int]:
    lengths = sorted(tally.lengths)

    def percentile(share: float) -> int:
        return lengths[min(len(lengths) - 1, int(share * len(lengths)))]

    return {
        "total": sum(lengths),
        "with_loss": tally.with_loss,
        "p50": percentile(0.5),
        "p90": percentile(0.9),
        "p99": percentile(0.99),
        "longest": lengths[-1],
        "max_length": rendering.max_length,
    }


def _samples(rows: Sequence[Row], rendering: Rendering) -> list[dict[str, Any]]:
    """A few from all over, of each kind; none with people's own words: they agreed to training,
    not to being read."""
    shown = [row.example for row in rows if not row.contributors]
    chosen: list[Example] = []
    for kind in ExampleKind:
        of_kind = [example for example in shown if example.kind is kind]
        chosen += of_kind[:: max(1, len(of_kind) // SAMPLES)][:SAMPLES]
    return [
        {"source": example.source, "parts": [list(part) for part in rendering.parts(example)]}
        for example in chosen
    ]
