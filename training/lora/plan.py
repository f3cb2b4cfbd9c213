"""A recipe with every gap filled: from the model's size, the amount of data and the effort.

Pure: numbers in, numbers out. Each default says why.
"""

import math
from dataclasses import dataclass, replace

from training.lora.recipe import Effort, Method, Recipe, Variant

# Above this rank small data sets are learnt by heart; below it the tutor's form is not taken up.
RANKS = {Effort.QUICK: 8, Effort.NORMAL: 16, Effort.THOROUGH: 32}
# More passes over few tutor turns mostly repeat them; with LoRA three are rarely too many.
EPOCHS = {Effort.QUICK: 1.0, Effort.NORMAL: 2.0, Effort.THOROUGH: 3.0}
# One pass over forty short answers would be over before anything is learnt.
LEAST_TOKENS, MOST_EPOCHS = 12_000, 4.0
# Whoever asks for a quick one wants it in minutes: two cores and a small model learn 100 to 200
# tokens a second. Of a larger set a part is seen, drawn by the seed.
QUICK_CPU_TOKENS = 40_000
# A cosine needs some steps to warm up and to come down; more than that make batches only noisier.
STEPS = {Effort.QUICK: 60, Effort.NORMAL: 150, Effort.THOROUGH: 400}
LENGTHS = {Effort.QUICK: 1024, Effort.NORMAL: 2048, Effort.THOROUGH: 4096}
MIN_BATCH_TOKENS, MAX_BATCH_TOKENS = 256, 32768
# 2e-4 is the field's rate for LoRA on 7 B; smaller models bear, and need, more.
REFERENCE_RATE, REFERENCE_PARAMETERS = 2e-4, 7e9
MIN_RATE, MAX_RATE = 5e-5, 1e-3
SCALE = 2.0  # of B·A, whatever the rank, so that a rate fits every rank
LORA_PLUS_RATIO = 16.0  # how much faster B learns, by the paper
CPU_MICRO_TOKENS, CUDA_MICRO_TOKENS = 2048, 16384
EVALUATIONS = 4  # of the held-out loss in a run, the last one included
# Measured on so many held-out tokens, and this share of those learnt from: a training that sees a
# part of a large set would otherwise spend its time on measuring.
LEAST_MEASURED_TOKENS, MEASURED_SHARE = 8_000, 0.25


@dataclass(frozen=True, slots=True)
class Size:
    """What the defaults depend on. Tokens are those of one pass over the training set."""

    parameters: int
    context_tokens: int
    documents: int
    tokens: int
    longest: int


@dataclass(frozen=True, slots=True)
class Plan:
    """`batch_tokens` make one optimizer step, `micro_tokens` are computed at once."""

    method: Method
    variant: Variant
    rank: int
    alpha: float
    targets: tuple[str, ...] | None  # None: every linear layer but the output's
    learning_rate: float
    ratio: float  # of B's learning rate to A's
    epochs: float
    batch_tokens: int
    micro_tokens: int
    max_length: int
    warmup_share: float
    replay_share: float
    evaluations: int
    seed: int
    weight_decay: float = 0.0  # LoRA's rank limits it enough
    clip_norm: float = 1.0


def max_length(recipe: Recipe, context_tokens: int) -> int:
    """Known before the data is encoded: a limit of memory, not of the model."""
    return min(recipe.max_length or LENGTHS[recipe.effort], context_tokens)


def make_plan(recipe: Recipe, size: Size, *, cuda: bool) -> Plan:
    """What is trained, with every number decided."""
    rank = recipe.rank or RANKS[recipe.effort]
    epochs = recipe.epochs or _epochs(size.tokens, recipe.effort, cuda=cuda)
    plus = recipe.variant is Variant.LORA_PLUS
    return Plan(
        method=recipe.method,
        variant=recipe.variant,
        rank=rank,
        alpha=recipe.alpha or SCALE * (math.sqrt(rank) if uses_rslora(recipe.variant) else rank),
        targets=recipe.targets,
        learning_rate=recipe.learning_rate or _rate(size.parameters) * (0.5 if plus else 1.0),
        ratio=LORA_PLUS_RATIO if plus else 1.0,
        epochs=epochs,
        batch_tokens=recipe.batch_tokens or _batch_tokens(size.tokens * epochs, recipe.effort),
        micro_tokens=CUDA_MICRO_TOKENS if cuda else CPU_MICRO_TOKENS,
        max_length=max_length(recipe, size.context_tokens),
        warmup_share=recipe.warmup_share,
        replay_share=0.0 if recipe.replay_share is None else recipe.replay_share,
        evaluations=EVALUATIONS,
        seed=recipe.seed,
    )


def uses_rslora(variant: Variant) -> bool:
    """Divides by the root of the rank: larger ranks then learn as much as they can hold."""
    return variant is not Variant.LORA


def measured_tokens(plan: Plan, tokens: int) -> int:
    """On how many held-out tokens a loss is measured, where one pass over the rest has `tokens`."""
    return max(LEAST_MEASURED_TOKENS, round(MEASURED_SHARE * plan.epochs * tokens))


def with_replay(plan: Plan, share: float | None, available: int) -> Plan:
    """A tenth of general chat keeps a small model from forgetting how to talk."""
    default = 0.1 if available else 0.0
    return replace(plan, replay_share=default if share is None else share)


def _rate(parameters: int) -> float:
    rate: float = REFERENCE_RATE * (REFERENCE_PARAMETERS / max(parameters, 1)) ** 0.25
    return min(MAX_RATE, max(MIN_RATE, rate))


def _epochs(tokens: int, effort: Effort, *, cuda: bool) -> float:
    """More over a small set, up to a limit beyond which it is learnt by heart."""
    enough = min(MOST_EPOCHS, LEAST_TOKENS / max(tokens, 1))
    epochs = max(EPOCHS[effort], round(enough, 1))
    if effort is Effort.QUICK and not cuda:
        epochs = min(epochs, QUICK_CPU_TOKENS / max(tokens, 1))
    return epochs


def _batch_tokens(tokens: float, effort: Effort) -> int:
    """A power of two that makes about the wanted number of steps."""
    wanted = max(1.0, tokens / STEPS[effort])
    power: int = 1 << round(math.log2(wanted))
    return min(MAX_BATCH_TOKENS, max(MIN_BATCH_TOKENS, power))
