"""From examples to an adapter folder: encode → plan → attach → loop → save.

Resumes by itself where the folder holds a checkpoint of the same training.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from training.datasets.example import Example
from training.failure import TrainingFailed
from training.lora import adapter
from training.lora import plan as planning
from training.lora.device import Device, here
from training.lora.encoding import Counts, EncodedSet, encode_all
from training.lora.fused import fuse, unfuse
from training.lora.loop import Ended, Loop
from training.lora.objective import Objective, padded_batch
from training.lora.packing import drawn, epoch_order, into_micro_batches, select
from training.lora.plan import Plan, Size
from training.lora.progress import Progress
from training.lora.recipe import Method, Recipe, Variant
from training.lora.template import Encoded, TutorTemplate
from training.replay import REFUSALS
from tutor.i18n import mark

EVA_DOCUMENTS, EVA_TOKENS = 64, 1024
MOST_REPEATS = 4  # of one everyday reply in an epoch
NOTHING_LEFT = mark(
    "None of the {count} examples can be trained on: each needs a reply of the tutor that fits "
    "into {tokens} tokens. Check the data, or raise the maximum length."
)

ONE_DEVICE_ONLY = mark(
    "Learning from preferences and training a sequence-to-sequence model run on one device. Start "
    "this training without other devices and without a cluster."
)


@dataclass(frozen=True, slots=True)
class Trained:
    """`adapter_folder` is None where it was stopped; the folder's checkpoint then goes on.

    `held_out_loss` is that of the adapter that was kept, the best of those that were measured.
    """

    adapter_folder: Path | None
    final_loss: float
    held_out_loss: float | None
    base_held_out_loss: float | None
    steps: int
    tokens: int
    seconds: float
    plan: Plan
    counts: Counts

    @property
    def finished(self) -> bool:
        return self.adapter_folder is not None


def train(
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
    device: Device | None = None,
    checkpoint_seconds: float | None = None,
) -> Trained:
    """Trains a LoRA adapter by the recipe's method and writes it to `folder`/adapter.

    Raises TrainingFailed with a sentence where data, model or machine do not allow it. The model
    is left as it was given.
    """
    everything = (recipe, model, tokenizer, train, held_out, folder)
    chosen = device or here(next(model.parameters()).device)
    if chosen.world > 1 and not shares_steps(recipe, model):
        raise TrainingFailed(ONE_DEVICE_ONLY)
    if recipe.method in (Method.KTO, Method.DPO):
        from training.preference import train_preference

        return train_preference(*everything, replay=replay, report=report, should_stop=should_stop)
    if recipe.method is Method.SEQ2SEQ or model.config.is_encoder_decoder:
        from training.seq2seq import train_seq2seq

        return train_seq2seq(*everything, replay=replay, report=report, should_stop=should_stop)
    sets, plan = prepare(recipe, model, tokenizer, train, held_out, replay)
    adapted = adapter.attach(model, plan)
    initial = adapter.weights_of(adapted) if plan.variant in adapter.CONVERTED else None
    try:
        if plan.variant is Variant.EVA:
            adapter.explain_variance(adapted, eva_batches(sets.train, plan, chosen.place))
        fuse(adapted)
        objective = Objective(adapted.get_base_model())
        documents = objective.with_base(sets.train.documents, plan.micro_tokens)
        together = replace(sets.train, documents=documents)
        loop = Loop(
            *(plan, adapted, objective, together, sets.held_out, folder, chosen),
            checkpoint_seconds=checkpoint_seconds,
        )
        try:
            ended = loop.run(report, should_stop)
        finally:
            objective.close()
        if ended.finished:
            base = str(getattr(model, "name_or_path", "") or "")
            saved = (folder / "adapter", plan, ended.weights, initial, base)
            chosen.first(lambda: adapter.save_adapter(*saved))
    finally:
        unfuse(adapted)
        adapter.detach(adapted, plan, initial)
    return _trained(folder, ended, loop.plan, sets)


def shares_steps(recipe: Recipe, model: Any) -> bool:
    """Whether several processes can train it together."""
    return recipe.method in (Method.SUPERVISED, Method.PRETRAIN) and not bool(
        model.config.is_encoder_decoder
    )


@dataclass(frozen=True, slots=True)
class Sets:
    train: EncodedSet
    held_out: EncodedSet


def prepare(
    recipe: Recipe,
    model: Any,
    tokenizer: Any,
    train: Sequence[Example],
    held_out: Sequence[Example],
    replay: Sequence[Example],
) -> tuple[Sets, Plan]:
    """Encodes the examples, decides every number, and mixes the replay in."""
    template = TutorTemplate(tokenizer, end_ids=_end_ids(model))
    config = model.config.get_text_config(decoder=True)
    context = getattr(config, "max_position_embeddings", None) or 2048
    longest = planning.max_length(recipe, context)
    encoded = encode_all(train, template, longest)
    if not encoded.documents:
        raise TrainingFailed(NOTHING_LEFT, count=len(train), tokens=longest)
    size = Size(
        parameters=sum(one.numel() for one in model.parameters()),
        context_tokens=context,
        documents=encoded.counts.documents,
        tokens=encoded.counts.tokens,
        longest=encoded.longest,
    )
    plan = planning.make_plan(recipe, size, cuda=next(model.parameters()).is_cuda)
    plan = planning.with_replay(plan, recipe.replay_share, len(replay))
    measured = _measured(encode_all(held_out, template, longest), plan, encoded.counts.tokens)
    return Sets(_mixed(encoded, _general(replay, template, longest), plan), measured), plan


def _general(replay: Sequence[Example], template: TutorTemplate, longest: int) -> list[Encoded]:
    """Everyday replies are held as they are; how harm is turned down is taught."""
    everyday = [one for one in replay if one.source != REFUSALS]
    refusals = [one for one in replay if one.source == REFUSALS]
    held = encode_all(everyday, template, longest).documents
    taught = encode_all(refusals, template, longest).documents
    return [*(replace(one, held=True) for one in held), *taught]


def _measured(held_out: EncodedSet, plan: Plan, tokens: int) -> EncodedSet:
    """So much of the held-out data that measuring stays a small part of the training."""
    most = planning.measured_tokens(plan, tokens)
    kept = drawn(held_out.documents, lambda one: len(one.ids), most, plan.seed)
    counts = replace(
        held_out.counts,
        documents=len(kept),
        tokens=sum(len(one.ids) for one in kept),
        loss_tokens=sum(one.loss_tokens for one in kept),
    )
    return EncodedSet(kept, counts)


def _mixed(encoded: EncodedSet, replay: Sequence[Encoded], plan: Plan) -> EncodedSet:
    """With so much of the replay that it makes its share of all tokens, over and over if needed."""
    share = min(plan.replay_share, 0.9)
    wanted = encoded.counts.tokens * share / (1 - share)
    order = list(replay)
    random.Random(plan.seed).shuffle(order)  # noqa: S311 - an order, no secret
    added: list[Encoded] = []
    tokens = 0
    for document in order * MOST_REPEATS:
        if tokens >= wanted:
            break
        added.append(document)
        tokens += len(document.ids)
    return replace(encoded, documents=[*encoded.documents, *added])


def eva_batches(
    encoded: EncodedSet, plan: Plan, place: torch.device
) -> list[dict[str, torch.Tensor]]:
    """Some padded batches to look at the layers' inputs with."""
    order = epoch_order(len(encoded.documents), plan.seed, 0)[:EVA_DOCUMENTS]
    groups = into_micro_batches(
        order, [len(one.ids) for one in encoded.documents], EVA_TOKENS, padded=True
    )
    return [padded_batch(select(encoded.documents, group), place).inputs for group in groups]


def _end_ids(model: Any) -> list[int]:
    stated = getattr(getattr(model, "generation_config", None), "eos_token_id", None)
    if stated is None:
        return []
    return list(stated) if isinstance(stated, list | tuple) else [stated]


def _trained(folder: Path, ended: Ended, plan: Plan, sets: Sets) -> Trained:
    return Trained(
        adapter_folder=folder / "adapter" if ended.finished else None,
        final_loss=ended.loss,
        held_out_loss=ended.held_out_loss,
        base_held_out_loss=ended.base_held_out_loss,
        steps=ended.steps,
        tokens=ended.tokens,
        seconds=ended.seconds,
        plan=plan,
        counts=sets.train.counts,
    )
