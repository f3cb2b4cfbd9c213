"""From preferences to an adapter folder, with TRL's DPO and KTO.

The reference that the adapter must not stray from is the base without it, or, where a training
goes on from an adapter, that adapter as it was.
"""

import copy
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from training.datasets.example import Example
from training.failure import TrainingFailed
from training.lora import plan as planning
from training.lora.encoding import Counts
from training.lora.packing import drawn
from training.lora.progress import Progress
from training.lora.recipe import Method, Recipe
from training.lora.template import TutorTemplate
from training.lora.train import NOTHING_LEFT, Trained
from training.preference import rows as preferences
from training.preference.rows import Row
from training.trainer.adapting import (
    context_of,
    continued,
    end_ids,
    lora_config,
    plan_of,
    settings_of,
)
from training.trainer.running import Task, run
from training.trainer.sizes import Rows, rows_of
from tutor.i18n import mark

RATE_SHARE = 0.1  # of a supervised rate: preferences push without a target to arrive at
CAUSAL = "CAUSAL_LM"
NOT_CAUSAL = mark(
    "{model} reads a source and writes a target; preferences can be learnt by causal models only. "
    "Choose the method seq2seq, which learns the preferred replies."
)
NO_PAIRS = mark(
    "None of the {count} examples is a pair of a better and a worse reply to the same question, "
    "which DPO needs. Add pairs (chosen and rejected), or choose the method kto for 👍 and 👎."
)
NO_RATINGS = mark(
    "None of the {count} examples has a rating or a pair of replies, which KTO needs. Add rated "
    "replies, or choose the method supervised."
)
ALL_LIKED = mark(
    "All {count} rated replies were liked, so nothing says what to avoid. Add replies that were "
    "not liked, or choose the method supervised."
)
ALL_DISLIKED = mark(
    "All {count} rated replies were disliked, so nothing says what is wanted. Add replies that "
    "were liked, or better replies to the same questions."
)


def train_preference(
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
    start: Path | None = None,
) -> Trained:
    """Trains by `recipe.method`, from the adapter in the folder `start` where one is given.

    `replay` is not needed: the distance from the reference is part of the loss. Raises
    TrainingFailed. Initialisations that change the base's weights would change the reference with
    them, so LoRA then begins at zero.
    """
    task = preference_task(recipe, model, tokenizer, train, held_out, start)
    return run(task, model, folder, report, should_stop)


def preference_task(
    recipe: Recipe,
    model: Any,
    tokenizer: Any,
    train: Sequence[Example],
    held_out: Sequence[Example],
    start: Path | None = None,
) -> Task:
    """Everything that is decided before the first step. Raises TrainingFailed."""
    assert recipe.method in (Method.DPO, Method.KTO), recipe.method
    if model.config.is_encoder_decoder:
        raise TrainingFailed(NOT_CAUSAL, model=str(getattr(model, "name_or_path", "") or ""))
    tokenizer = copy.deepcopy(tokenizer)  # TRL gives it a padding token
    template = TutorTemplate(tokenizer, end_ids=end_ids(model))
    longest = planning.max_length(recipe, context_of(model))
    found, counts = _rows(recipe.method, train, template, longest)
    measured, _ = _read(recipe.method, held_out, template, longest)
    plan = plan_of(recipe, model, counts, max(map(_length, found)), RATE_SHARE)
    if start is not None:
        plan = replace(plan, **settings_of(model, start))
    most = planning.measured_tokens(plan, counts.tokens)
    measured = drawn(measured, _length, most, plan.seed)
    least = 2 if recipe.method is Method.KTO else 1
    if len(measured) < least:
        measured = []  # a single rated reply has no neighbour to be compared with

    def build(arguments: dict[str, Any], rows: Rows) -> Any:
        from training.preference.trainers import pair_trainer, rated_trainer

        given = {
            "model": model if start is None else continued(model, start),
            "config": lora_config(plan, CAUSAL) if start is None else None,
            "tokenizer": tokenizer,
            "train": found,
            "held_out": measured,
        }
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if recipe.method is Method.DPO:
                return pair_trainer(**given, arguments=arguments)
            return rated_trainer(**given, arguments=arguments, rows=rows)

    return Task(
        plan=plan,
        train=found,
        held_out=measured,
        counts=counts,
        rows=rows_of(plan, [_length(row) for row in found], least),
        least_rows=least,
        task_type=CAUSAL,
        base_model=str(getattr(model, "name_or_path", "") or ""),
        build=build,
    )


def _read(
    method: Method, examples: Sequence[Example], template: TutorTemplate, longest: int
) -> tuple[list[Row], Counts]:
    counts = Counts()
    read = preferences.pairs if method is Method.DPO else preferences.rated
    return read(examples, template, longest, counts), counts


def _rows(
    method: Method, examples: Sequence[Example], template: TutorTemplate, longest: int
) -> tuple[list[Row], Counts]:
    """The training rows; raises where they teach no preference."""
    rows, counts = _read(method, examples, template, longest)
    count = len(examples)
    if not rows and _has_any(method, examples):
        raise TrainingFailed(NOTHING_LEFT, count=count, tokens=longest)
    if not rows:
        raise TrainingFailed(NO_PAIRS if method is Method.DPO else NO_RATINGS, count=count)
    if method is Method.KTO:
        liked = sum(row["label"] for row in rows)
        if liked in (0, len(rows)):
            raise TrainingFailed(ALL_LIKED if liked else ALL_DISLIKED, count=len(rows))
    return rows, counts


def _has_any(method: Method, examples: Sequence[Example]) -> bool:
    """Whether there is a preference at all, so that only its length can be what is wrong."""
    if method is Method.DPO:
        return any(one.chosen and one.chosen != one.rejected for one in examples)
    return any(True for one in examples if one.desired is not None or one.chosen != one.rejected)


def _length(row: Row) -> int:
    """The tokens of a row's sequences together, for how many are computed at once."""
    replies = ("chosen_ids", "rejected_ids", "completion_ids")
    return sum(len(row["prompt_ids"]) + len(row[name]) for name in replies if name in row)
