"""A frozen linear layer with its LoRA branch as one function, which keeps only what it needs.

peft computes the same in six operations that each write a tensor as large as the layer's output.
"""

from typing import Any

import torch


class _FrozenWithLora(torch.autograd.Function):
    """y = x·Wᵀ + b + s·(x·Aᵀ)·Bᵀ with gradients by x, A and B."""

    @staticmethod
    def forward(
        ctx: Any,
        x: torch.Tensor,
        weight: torch.Tensor,
        bias: torch.Tensor | None,
        down: torch.Tensor,
        up: torch.Tensor,
        scale: float,
    ) -> torch.Tensor:
        rows = x.reshape(-1, x.shape[-1])
        narrow = rows @ down.t()
        out = torch.nn.functional.linear(rows, weight, bias)
        out.addmm_(narrow, up.t(), alpha=scale)
        ctx.save_for_backward(rows, weight, down, up, narrow)
        ctx.scale, ctx.shape = scale, x.shape
        return out.view(*x.shape[:-1], out.shape[-1])

    @staticmethod
    def backward(ctx: Any, *slopes: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        rows, weight, down, up, narrow = ctx.saved_tensors
        slope = slopes[0].reshape(-1, slopes[0].shape[-1])
        narrow_slope = slope @ up
        narrow_slope.mul_(ctx.scale)
        down_slope = narrow_slope.t() @ rows
        up_slope = (slope.t() @ narrow).mul_(ctx.scale)
        x_slope = None
        if ctx.needs_input_grad[0]:
            x_slope = (slope @ weight).addmm_(narrow_slope, down).view(ctx.shape)
        return x_slope, None, None, down_slope, up_slope, None


def fuse(model: torch.nn.Module, adapter: str = "default") -> int:
    """Lets peft's plain linear layers compute in one step; returns how many do.

    Layers of other kinds (quantised, transposed, mixed precision) keep peft's own way.
    """
    from peft.tuners.lora import Linear

    fused = 0
    for module in model.modules():
        if type(module) is Linear and _is_plain(module, adapter):
            module.forward = _forward_of(module, adapter)  # type: ignore[method-assign]
            fused += 1
    return fused


def unfuse(model: torch.nn.Module) -> None:
    """Gives peft's layers their own way back."""
    for module in model.modules():
        if "forward" in vars(module) and hasattr(module, "lora_A"):
            del module.forward


def _is_plain(module: Any, adapter: str) -> bool:
    base = module.base_layer
    return (
        type(base) is torch.nn.Linear
        and adapter in module.lora_A
        and base.weight.dtype == module.lora_A[adapter].weight.dtype
        and isinstance(module.lora_dropout[adapter], torch.nn.Identity)
        and not module.lora_variant
    )


def _forward_of(module: Any, adapter: str) -> Any:
    base, down, up = module.base_layer, module.lora_A[adapter], module.lora_B[adapter]

    def forward(x: torch.Tensor, *args: Any, **kwargs: Any) -> torch.Tensor:
        if module.disable_adapters:
            return base(x)  # type: ignore[no-any-return]
        scale = module.scaling[adapter]
        return _FrozenWithLora.apply(x, base.weight, base.bias, down.weight, up.weight, scale)  # type: ignore[no-any-return, no-untyped-call]

    return forward
