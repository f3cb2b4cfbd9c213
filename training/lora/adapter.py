"""LoRA laid around a causal model, by peft; and the adapter as the folder that the engine serves.

PiSSA and OLoRA change the base's weights before they begin, so what they learn is written as the
difference to that beginning: a plain LoRA of twice the rank for the original base.
"""

import json
import os
import shutil
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from training.lora.plan import Plan, uses_rslora
from training.lora.recipe import Variant
from tutor.engine.adapter_format import CONFIG, WEIGHTS

CONVERTED = (Variant.PISSA, Variant.OLORA)
INITIALISATIONS: Mapping[Variant, str | bool] = {
    Variant.PISSA: "pissa_niter_4",
    Variant.OLORA: "olora",
    Variant.EVA: "eva",
}
Weights = dict[str, torch.Tensor]


def attach(model: Any, plan: Plan, task_type: str = "CAUSAL_LM") -> Any:
    """The peft model around `model`, seeded; every linear layer but the output's by default."""
    from peft import EvaConfig, LoraConfig, get_peft_model

    torch.manual_seed(plan.seed)
    start: Any = INITIALISATIONS.get(plan.variant, True)
    alpha: Any = plan.alpha  # declared as whole, but any number will do
    config = LoraConfig(
        r=plan.rank,
        lora_alpha=alpha,
        target_modules=list(plan.targets) if plan.targets else "all-linear",
        use_rslora=uses_rslora(plan.variant),
        init_lora_weights=start,
        # One rank for all layers, as the rest of the plan has it.
        eva_config=EvaConfig(rho=1.0, adjust_scaling_factors=False) if start == "eva" else None,
        lora_dropout=0.0,
        task_type=task_type,
    )
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*low_cpu_mem_usage.*|.*fan_in_fan_out.*")
        adapted = get_peft_model(model, config, autocast_adapter_dtype=False)
    if next(model.parameters()).dtype in (torch.float16, torch.bfloat16):
        for parameter in trainable(adapted).values():
            parameter.data = parameter.data.float()
    return adapted


def detach(adapted: Any, plan: Plan, initial: Weights | None) -> None:
    """Takes the adapter off and leaves the model as it was given, but for rounding."""
    if initial is not None:
        scale = plan.alpha / (plan.rank**0.5 if uses_rslora(plan.variant) else plan.rank)
        for name, down in initial.items():
            if name.endswith("lora_A.weight"):
                up = initial[name.replace("lora_A", "lora_B")]
                weight = adapted.get_submodule(name.removesuffix(".lora_A.weight")).weight
                weight.data += scale * (up @ down).to(weight)
    adapted.unload()


def explain_variance(adapted: Any, batches: Sequence[Mapping[str, torch.Tensor]]) -> None:
    """EVA: lets the first factors begin as the main directions of what the layers are given."""
    from peft import initialize_lora_eva_weights

    initialize_lora_eva_weights(adapted, batches, show_progress_bar=False)


def trainable(adapted: Any) -> dict[str, torch.nn.Parameter]:
    """What is learnt, by its name."""
    return {name: one for name, one in adapted.named_parameters() if one.requires_grad}


def weights_of(adapted: Any) -> Weights:
    """A copy of what is learnt, under the names that peft's files use."""
    return {
        name.replace(".default.", "."): one.detach().float().cpu().clone().contiguous()
        for name, one in trainable(adapted).items()
    }


def set_weights(adapted: Any, weights: Weights) -> None:
    """Puts what `weights_of` gave back into the model."""
    for name, one in trainable(adapted).items():
        one.data.copy_(weights[name.replace(".default.", ".")])


def save_adapter(
    folder: Path,
    plan: Plan,
    weights: Weights,
    initial: Weights | None,
    base_model: str,
    task_type: str = "CAUSAL_LM",
) -> None:
    """Writes a plain peft folder in one step: it is whole, or it is not there."""
    rank, alpha = plan.rank, plan.alpha
    if initial is not None:
        weights = _difference(weights, initial)
        rank = 2 * plan.rank
        # The scale of the doubled rank must stay that of the trained one.
        alpha = plan.alpha * (2**0.5 if uses_rslora(plan.variant) else 2)
    building = folder.with_name(folder.name + ".tmp")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    save_file(weights, building / WEIGHTS, metadata={"format": "pt"})
    config = _config(plan, weights, rank, alpha, base_model) | {"task_type": task_type}
    (building / CONFIG).write_text(json.dumps(config, indent=2), encoding="utf-8")
    for path in building.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    shutil.rmtree(folder, ignore_errors=True)
    building.rename(folder)


def _difference(weights: Weights, initial: Weights) -> Weights:
    """B·A − B₀·A₀ as one product: [B, −B₀] · [A; A₀]."""
    return {
        name: torch.cat([value, initial[name]])
        if "lora_A" in name
        else torch.cat([value, -initial[name]], 1)
        for name, value in weights.items()
    }


def _config(
    plan: Plan, weights: Weights, rank: int, alpha: float, base_model: str
) -> dict[str, Any]:
    names = {name.rpartition(".lora_")[0].rpartition(".")[2] for name in weights}
    return {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        # An adapter is handed on: a folder's name says enough, where it lay is nobody's business.
        "base_model_name_or_path": Path(base_model).name
        if Path(base_model).is_dir()
        else base_model,
        "r": rank,
        "lora_alpha": alpha,
        "use_rslora": uses_rslora(plan.variant),
        "target_modules": sorted(plan.targets or names),
        "lora_dropout": 0.0,
        "bias": "none",
        "init_lora_weights": True,
        "inference_mode": True,
    }
