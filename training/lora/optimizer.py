"""AdamW over the adapter with a cosine schedule, and its state as named tensors."""

import math
from collections.abc import Mapping
from typing import Any

import torch

from training.lora.plan import Plan

STATE_PREFIX = "optimizer."
FINAL_SHARE = 0.1  # of the peak rate at the end: the last steps still teach


def make_optimizer(adapted: Any, plan: Plan) -> torch.optim.Optimizer:
    """AdamW; with LoRA+ the second factors learn faster."""
    common: Any = {"lr": plan.learning_rate, "weight_decay": plan.weight_decay}
    if plan.ratio != 1.0:
        from peft.optimizers import create_loraplus_optimizer

        optimizer: torch.optim.Optimizer = create_loraplus_optimizer(
            adapted, torch.optim.AdamW, loraplus_lr_ratio=plan.ratio, **common
        )
    else:
        learnt = [one for one in adapted.parameters() if one.requires_grad]
        optimizer = torch.optim.AdamW(learnt, **common)
    for group in optimizer.param_groups:
        group["peak"] = group["lr"]
    return optimizer


def set_rate(optimizer: torch.optim.Optimizer, step: int, steps: int, warmup_share: float) -> None:
    """Linear to the peak, then half a cosine down; `step` counts from zero.

    Transformers' schedule, but for its first step of a warm-up, which would have no rate.
    """
    warmup = round(steps * warmup_share)
    if step < warmup:
        share = (step + 1) / (warmup + 1)
    else:
        progress = (step - warmup) / max(1, steps - warmup)
        share = FINAL_SHARE + (1 - FINAL_SHARE) * 0.5 * (1 + math.cos(math.pi * progress))
    for group in optimizer.param_groups:
        group["lr"] = group["peak"] * share


def state_tensors(optimizer: torch.optim.Optimizer) -> dict[str, torch.Tensor]:
    """What the optimizer remembers, by number of parameter and kind."""
    return {
        f"{STATE_PREFIX}{number}.{kind}": value.detach().cpu().clone()
        for number, kinds in optimizer.state_dict()["state"].items()
        for kind, value in kinds.items()
    }


def load_state(optimizer: torch.optim.Optimizer, tensors: Mapping[str, torch.Tensor]) -> None:
    """Puts what `state_tensors` gave back."""
    state: dict[int, dict[str, torch.Tensor]] = {}
    for name, value in tensors.items():
        if name.startswith(STATE_PREFIX):
            number, kind = name.removeprefix(STATE_PREFIX).split(".")
            state.setdefault(int(number), {})[kind] = value
    whole = optimizer.state_dict()
    optimizer.load_state_dict({"state": state, "param_groups": whole["param_groups"]})
