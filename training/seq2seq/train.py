"""From examples to an adapter folder for a T5 model, with transformers' `Seq2SeqTrainer`."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from training.datasets.example import Example
from training.failure import TrainingFailed
from training.lora import plan as planning
from training.lora.encoding import Counts
from training.lora.packing import drawn
from training.lora.progress import Progress
from training.lora.recipe import Method, Recipe
from training.lora.train import NOTHING_LEFT, Trained
from training.seq2seq.rows import Row, rows_from
from training.trainer.adapting import context_of, end_ids, lora_config, plan_of
from training.trainer.replaying import mixed
from training.trainer.running import Task, run
from training.trainer.sizes import Rows, rows_of
from tutor.engine.process.source_text import SourceVocabulary
from tutor.i18n import mark

TASK_TYPE = "SEQ_2_SEQ_LM"
NOT_A_PAIR = mark(
    "{model} is a causal model, and the method seq2seq needs one that reads a source and writes a "
    "target, such as T5. Choose the method supervised, or another DAOSHI_MODEL."
)


def train_seq2seq(
    recipe: Recipe,
    model: Any,
    tokenizer: Any,
    train: Sequence[Example],
    held_out: Sequence[Example],
    folder: Path,
    *,
    replay: Sequence[Example] = (),
    report: Callable[[Progress], None] = lambda progress: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Trained:
    """Trains a LoRA adapter and writes it to `folder`/adapter. Raises TrainingFailed.

    Whatever the method is called: supervised and continued pre-training mean the same here.
    """
    task = seq2seq_task(recipe, model, tokenizer, train, held_out, replay)
    return run(task, model, folder, report, should_stop)


def seq2seq_task(
    recipe: Recipe,
    model: Any,
    tokenizer: Any,
    train: Sequence[Example],
    held_out: Sequence[Example],
    replay: Sequence[Example] = (),
) -> Task:
    """Everything that is decided before the first step. Raises TrainingFailed."""
    assert recipe.method not in (Method.KTO, Method.DPO), recipe.method
    name = str(getattr(model, "name_or_path", "") or "")
    if not model.config.is_encoder_decoder:
        raise TrainingFailed(NOT_A_PAIR, model=name)
    vocabulary = SourceVocabulary(tokenizer, end_ids(model), {})
    longest = planning.max_length(recipe, context_of(model))
    counts = Counts()
    found = rows_from(train, vocabulary, longest, counts)
    if not found:
        raise TrainingFailed(NOTHING_LEFT, count=len(train), tokens=longest)
    plan = plan_of(recipe, model, counts, max(map(_length, found)))
    plan = planning.with_replay(plan, recipe.replay_share, len(replay))
    general = rows_from(replay, vocabulary, longest, Counts())
    found = mixed(found, general, _length, plan.replay_share, plan.seed)
    measured = drawn(
        rows_from(held_out, vocabulary, longest, Counts()),
        _length,
        planning.measured_tokens(plan, counts.tokens),
        plan.seed,
    )

    def build(arguments: dict[str, Any], rows: Rows) -> Any:
        from training.seq2seq.trainer import target_trainer

        return target_trainer(
            model, lora_config(plan, TASK_TYPE), tokenizer, found, measured, arguments
        )

    return Task(
        plan=plan,
        train=found,
        held_out=measured,
        counts=counts,
        rows=rows_of(plan, [_length(row) for row in found]),
        least_rows=1,
        task_type=TASK_TYPE,
        base_model=name,
        build=build,
    )


def _length(row: Row) -> int:
    return len(row["input_ids"]) + len(row["labels"])
