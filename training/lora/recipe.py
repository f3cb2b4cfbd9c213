"""What a training run is asked for. None means: chosen from model, data and effort.

Pure data, so that it can be stored, shown and repeated.
"""

from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any


class Method(StrEnum):
    SUPERVISED = "supervised"
    PRETRAIN = "pretrain"  # continued pre-training on raw text
    KTO = "kto"
    DPO = "dpo"
    SEQ2SEQ = "seq2seq"


class Effort(StrEnum):
    QUICK = "quick"
    NORMAL = "normal"
    THOROUGH = "thorough"


class Variant(StrEnum):
    """How LoRA starts and is scaled. PiSSA and OLoRA are converted to plain LoRA on saving."""

    LORA = "lora"
    RSLORA = "rslora"
    LORA_PLUS = "lora_plus"
    EVA = "eva"
    PISSA = "pissa"
    OLORA = "olora"


@dataclass(frozen=True, slots=True)
class Recipe:
    """Lengths are tokens, `batch_tokens` is how many make one optimizer step."""

    method: Method = Method.SUPERVISED
    effort: Effort = Effort.NORMAL
    variant: Variant = Variant.RSLORA
    rank: int | None = None
    alpha: float | None = None
    targets: tuple[str, ...] | None = None
    learning_rate: float | None = None
    epochs: float | None = None
    batch_tokens: int | None = None
    max_length: int | None = None
    warmup_share: float = 0.05
    replay_share: float | None = None
    seed: int = 42
    four_bit: bool | None = None  # None: where the base does not fit the GPU otherwise


def to_json(recipe: Recipe) -> dict[str, Any]:
    """Plain values for a row or a card."""
    return asdict(recipe)


def from_json(record: dict[str, Any]) -> Recipe:
    """The recipe that `to_json` wrote."""
    values = {field.name: record[field.name] for field in fields(Recipe) if field.name in record}
    for name, kind in (("method", Method), ("effort", Effort), ("variant", Variant)):
        if name in values:
            values[name] = kind(values[name])
    if values.get("targets") is not None:
        values["targets"] = tuple(values["targets"])
    return Recipe(**values)
