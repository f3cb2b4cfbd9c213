"""transformers' `Seq2SeqTrainer` on rows of ids."""

from typing import Any

from datasets import Dataset
from peft import get_peft_model
from transformers import (
    DataCollatorForSeq2Seq,
    Seq2SeqTrainer,
    Seq2SeqTrainingArguments,
    set_seed,
)

from training.seq2seq.rows import Row
from training.trainer.running import AdapterTrainer, on_one_device


class TargetTrainer(AdapterTrainer, Seq2SeqTrainer):
    """Counts the targets' tokens besides the sources'."""

    def training_step(self, model: Any, inputs: dict[str, Any], *rest: Any) -> Any:
        loss = super().training_step(model, inputs, *rest)
        self.state.num_input_tokens_seen += int((inputs["labels"] != -100).sum())
        return loss


def target_trainer(
    model: Any,
    config: Any,
    tokenizer: Any,
    train: list[Row],
    held_out: list[Row],
    arguments: dict[str, Any],
) -> TargetTrainer:
    """`config` is LoRA's; the adapter begins where the seed says."""
    set_seed(arguments["seed"])
    trainer = TargetTrainer(
        model=get_peft_model(model, config),
        args=on_one_device(
            Seq2SeqTrainingArguments(
                **arguments, label_names=["labels"], remove_unused_columns=False
            )
        ),
        train_dataset=Dataset.from_list(train),
        eval_dataset=Dataset.from_list(held_out) if held_out else None,
        data_collator=DataCollatorForSeq2Seq(tokenizer, model=model),
    )
    # T5 takes any argument but ignores the number of items, so that pieces must be averaged here.
    trainer.model_accepts_loss_kwargs = False
    return trainer
