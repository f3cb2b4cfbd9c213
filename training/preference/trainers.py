"""TRL's trainers on rows that are token ids already, so that prompts are those of serving."""

from typing import Any

from datasets import Dataset
from trl.trainer.dpo_config import DPOConfig
from trl.trainer.dpo_trainer import DPOTrainer
from trl.trainer.kto_config import KTOConfig
from trl.trainer.kto_trainer import KTOTrainer

from training.preference.rows import Row, shuffled, with_mismatched
from training.trainer.running import AdapterTrainer, on_one_device
from training.trainer.sizes import Rows

BETA = 0.1  # how dearly the distance from the reference is paid: the usual value of both papers
MOST_WEIGHT = 8.0  # of the rarer kind of rating; beyond that single replies would rule


class PairTrainer(AdapterTrainer, DPOTrainer):
    """DPO without TRL's own tokenizing, which knows nothing of the engine's prompt."""

    def _prepare_dataset(self, dataset: Any, *rest: Any) -> Any:
        return dataset


class RatedTrainer(AdapterTrainer, KTOTrainer):
    """KTO without TRL's own tokenizing."""

    def _prepare_dataset(self, dataset: Any, *rest: Any) -> Any:
        return dataset


def pair_trainer(
    model: Any,
    config: Any,
    tokenizer: Any,
    train: list[Row],
    held_out: list[Row],
    arguments: dict[str, Any],
) -> PairTrainer:
    """`config` is LoRA's, or None where the model brings the adapter with which it begins."""
    return PairTrainer(
        model=model,
        args=on_one_device(DPOConfig(**arguments, beta=BETA, max_length=None)),
        train_dataset=Dataset.from_list(train),
        eval_dataset=Dataset.from_list(held_out) if held_out else None,
        processing_class=tokenizer,
        peft_config=config,
    )


def rated_trainer(
    model: Any,
    config: Any,
    tokenizer: Any,
    train: list[Row],
    held_out: list[Row],
    arguments: dict[str, Any],
    rows: Rows,
) -> RatedTrainer:
    """The rarer kind of rating weighs more, so that both together count alike."""
    grouped = with_mismatched(shuffled(train, arguments["seed"]), rows.per_device)
    measured = with_mismatched(held_out, rows.per_device)
    liked = sum(row["label"] for row in grouped)
    disliked = len(grouped) - liked
    return RatedTrainer(
        model=model,
        args=on_one_device(
            KTOConfig(
                **arguments,
                beta=BETA,
                max_length=None,
                desirable_weight=_weight(liked, disliked),
                undesirable_weight=_weight(disliked, liked),
            )
        ),
        train_dataset=Dataset.from_list(grouped),
        eval_dataset=Dataset.from_list(measured) if measured else None,
        processing_class=tokenizer,
        peft_config=config,
    )


def _weight(own: int, others: int) -> float:
    return min(MOST_WEIGHT, max(1.0, others / max(own, 1)))
