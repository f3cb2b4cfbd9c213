"""What a training would take on this machine: a few of its micro-batches are really computed.

Nothing is written and the model is left as it was given.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psutil
import torch

from training.datasets.example import Example
from training.lora import adapter, memory
from training.lora.encoding import EncodedSet
from training.lora.fused import fuse, unfuse
from training.lora.objective import Objective
from training.lora.packing import Schedule, into_micro_batches, select
from training.lora.plan import Plan
from training.lora.recipe import Method, Recipe
from training.lora.train import prepare
from training.lora.watching import PeakMemory

PROBE_SECONDS = 6.0
PROBE_BATCHES = 3
SPREAD = 1.1  # loading, checkpoints and what else a run does besides its steps
FORWARD_SHARE = 0.35  # of a token's time in training, where it is only read
STATES = 3 * 2 + 2  # weights and two moments, in two checkpoints and one being written; the adapter


@dataclass(frozen=True, slots=True)
class Estimate:
    """`peak_bytes` are of main memory on the CPU, of the device's on a GPU, the model included."""

    seconds: float
    peak_bytes: int
    disk_bytes: int
    steps: int
    tokens: int


def estimate(
    recipe: Recipe,
    model: Any,
    tokenizer: Any,
    train: Sequence[Example],
    held_out: Sequence[Example] = (),
    replay: Sequence[Example] = (),
) -> Estimate:
    """Raises TrainingFailed where the data leaves nothing to train on."""
    everything = (recipe, model, tokenizer, train, held_out)
    if recipe.method in (Method.KTO, Method.DPO):
        from training.preference import preference_task
        from training.trainer.estimating import estimate_task

        return estimate_task(preference_task(*everything), model)
    if recipe.method is Method.SEQ2SEQ or model.config.is_encoder_decoder:
        from training.seq2seq import seq2seq_task
        from training.trainer.estimating import estimate_task

        return estimate_task(seq2seq_task(*everything, replay), model)
    sets, plan = prepare(recipe, model, tokenizer, train, held_out, replay)
    documents = sets.train.documents
    schedule = Schedule(
        [len(one.ids) for one in documents], plan.seed, plan.epochs, plan.batch_tokens
    )
    tokens = sum(len(documents[index].ids) for step in schedule for index in step)
    adapted = adapter.attach(model, plan)
    initial = adapter.weights_of(adapted) if plan.variant in adapter.CONVERTED else None
    try:
        fuse(adapted)
        objective = Objective(adapted.get_base_model())
        try:
            seconds_per_token, peak_bytes = _probe(objective, sets.train, plan)
        finally:
            objective.close()
        learnt = sum(one.numel() for one in adapter.trainable(adapted).values())
    finally:
        unfuse(adapted)
        adapter.detach(adapted, plan, initial)
    read = sets.held_out.counts.tokens * (plan.evaluations + 1)
    read += sum(len(one.ids) for one in documents if one.held)  # what the base says there
    return Estimate(
        seconds=round((tokens + read * FORWARD_SHARE) * seconds_per_token * SPREAD, 1),
        peak_bytes=peak_bytes + learnt * 4 * 4,  # gradients, two moments, the best adapter
        disk_bytes=learnt * 4 * STATES,
        steps=schedule.steps,
        tokens=tokens,
    )


def _probe(objective: Objective, train: EncodedSet, plan: Plan) -> tuple[float, int]:
    """Seconds a token of the middle batches, and the memory of the largest."""
    lengths = [len(one.ids) for one in train.documents]
    micro_tokens = min(plan.micro_tokens, plan.batch_tokens)  # as a step is computed
    while True:
        groups = into_micro_batches(
            range(len(lengths)), lengths, micro_tokens, padded=not objective.packed
        )
        middle = groups[len(groups) // 2 :][: PROBE_BATCHES - 1]
        try:
            return _measured(objective, [select(train.documents, g) for g in (groups[0], *middle)])
        except (RuntimeError, MemoryError) as error:
            if not memory.is_out_of_memory(error) or micro_tokens < max(lengths):
                raise
            memory.release()
            micro_tokens //= 2  # as the training itself would


def _measured(objective: Objective, batches: Sequence[Any]) -> tuple[float, int]:
    tokens = seconds = 0.0
    with PeakMemory() as peak:
        for number, documents in enumerate(batches):
            started = time.monotonic()
            objective.loss(documents).backward()  # type: ignore[no-untyped-call]
            if torch.cuda.is_available():
                torch.cuda.synchronize()
            if number == 0 and len(batches) > 1 and time.monotonic() - started < PROBE_SECONDS / 2:
                continue  # the first one warms up
            seconds += time.monotonic() - started
            tokens += sum(len(one.ids) for one in documents)
            if seconds > PROBE_SECONDS:
                break
    return seconds / tokens, max(peak.bytes, psutil.Process().memory_info().rss * (not peak.cuda))
