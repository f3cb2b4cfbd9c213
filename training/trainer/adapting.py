"""LoRA for a Trainer: its plan, its configuration, or an adapter with which it begins."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from training.failure import TrainingFailed
from training.lora.encoding import Counts
from training.lora.plan import Plan, Size, make_plan, uses_rslora
from training.lora.recipe import Recipe, Variant
from tutor.engine.contract import RequestRefused
from tutor.engine.process.adapter_files import AdapterFiles, check_fits, read_adapter
from tutor.i18n import mark

CANNOT_GO_ON = mark(
    "The training can't go on from the adapter in {folder}: {reason} Choose another one, or begin "
    "without."
)
KEPT = (Variant.LORA, Variant.RSLORA, Variant.LORA_PLUS)
CONTEXT_TOKENS = 2048
UNEVEN = "its layers have different ranks."


def plan_of(
    recipe: Recipe, model: Any, counts: Counts, longest: int, rate_share: float = 1.0
) -> Plan:
    """The plan of a training that begins at zero, with a share of the supervised default rate.

    The initialisations that change the base's weights are left to the loop that undoes it.
    """
    size = Size(
        parameters=sum(one.numel() for one in model.parameters()),
        context_tokens=context_of(model),
        documents=counts.documents,
        tokens=counts.tokens,
        longest=longest,
    )
    plan = make_plan(recipe, size, cuda=next(model.parameters()).is_cuda)
    return replace(
        plan,
        learning_rate=recipe.learning_rate or plan.learning_rate * rate_share,
        variant=plan.variant if plan.variant in KEPT else Variant.RSLORA,
    )


def context_of(model: Any) -> int:
    """How many tokens the model reads; positions that are relative have no limit of their own."""
    config = model.config.get_text_config(decoder=True)
    return int(getattr(config, "max_position_embeddings", None) or CONTEXT_TOKENS)


def end_ids(model: Any) -> list[int]:
    """The tokens with which the model's own configuration ends a text."""
    stated = getattr(getattr(model, "generation_config", None), "eos_token_id", None)
    if stated is None:
        return []
    return list(stated) if isinstance(stated, list | tuple) else [stated]


def lora_config(plan: Plan, task_type: str) -> Any:
    """Every linear layer but the output's by default, beginning at zero."""
    from peft import LoraConfig

    return LoraConfig(
        r=plan.rank,
        lora_alpha=plan.alpha,  # type: ignore[arg-type]  # peft takes any number
        target_modules=list(plan.targets) if plan.targets else "all-linear",
        use_rslora=uses_rslora(plan.variant),
        lora_dropout=0.0,
        task_type=task_type,
    )


def settings_of(model: Any, folder: Path) -> dict[str, Any]:
    """What an adapter to go on from decides of a plan. Raises TrainingFailed."""
    settings = _read(model, folder).settings
    return {
        "rank": settings["r"],
        "alpha": settings["lora_alpha"],
        "targets": tuple(settings["target_modules"]),
        "variant": Variant.RSLORA if settings["use_rslora"] else Variant.LORA,
        "ratio": 1.0,
    }


def continued(model: Any, folder: Path) -> Any:
    """The peft model with the adapter in `folder`, trainable. Raises TrainingFailed."""
    from peft import LoraConfig, get_peft_model, set_peft_model_state_dict

    files = _read(model, folder)
    adapted = get_peft_model(model, LoraConfig(**files.settings))
    set_peft_model_state_dict(adapted, dict(files.weights))
    return adapted


def _read(model: Any, folder: Path) -> AdapterFiles:
    try:
        files = read_adapter(str(folder.resolve()))
        check_fits(files.weights, model.get_submodule)
    except RequestRefused as error:
        raise TrainingFailed(CANNOT_GO_ON, folder=str(folder), reason=str(error)) from error
    if files.settings["rank_pattern"] or files.settings["alpha_pattern"]:
        raise TrainingFailed(CANNOT_GO_ON, folder=str(folder), reason=UNEVEN)
    return files
