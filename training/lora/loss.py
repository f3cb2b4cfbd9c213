"""The loss on some tokens: the vocabulary's logits only where there is one, in pieces.

The output layer is frozen, so the gradient of its input is known with the loss, and no logits are
kept for the way back.
"""

from dataclasses import dataclass
from typing import Any

import torch

CHUNK_FLOATS = 2**24  # logits at a time: 64 MiB


@dataclass(frozen=True, slots=True)
class Head:
    """The output layer, and what some families do to its logits."""

    weight: torch.Tensor
    bias: torch.Tensor | None = None
    scale: float = 1.0
    softcap: float | None = None


def head_of(model: Any) -> Head:
    """The head of a causal model, by transformers' names for what its configuration says."""
    layer, config = model.get_output_embeddings(), model.config.get_text_config(decoder=True)
    scale = getattr(config, "logit_scale", None) or 1.0
    divisor = getattr(config, "logits_scaling", None) or 1.0
    softcap = getattr(config, "final_logit_softcapping", None)
    return Head(layer.weight, getattr(layer, "bias", None), scale / divisor, softcap)


def summed_loss(hidden: torch.Tensor, targets: torch.Tensor, head: Head) -> torch.Tensor:
    """The sum over rows of `hidden` (rows, size) of what is minimised, in nats.

    `targets` are either token ids (rows), for the negative log-likelihood, or another model's
    hidden states (rows, size) below the same head, for the Kullback-Leibler divergence of its
    distribution from this one.
    """
    loss: torch.Tensor = _SummedLoss.apply(hidden, targets, head, hidden.requires_grad)  # type: ignore[no-untyped-call]
    return loss


class _SummedLoss(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, hidden: torch.Tensor, targets: torch.Tensor, head: Head, needs_gradient: bool
    ) -> torch.Tensor:
        total = torch.zeros((), dtype=torch.float32, device=hidden.device)
        gradient = torch.empty_like(hidden) if needs_gradient else None
        rows = max(1, CHUNK_FLOATS // head.weight.shape[0])
        for start in range(0, len(hidden), rows):
            piece = slice(start, start + rows)
            loss, slope = _piece(hidden[piece], targets[piece], head, needs_gradient)
            total += loss
            if gradient is not None and slope is not None:
                torch.mm(slope, head.weight, out=gradient[piece])
        ctx.save_for_backward(*([] if gradient is None else [gradient]))
        return total

    @staticmethod
    def backward(ctx: Any, *slopes: torch.Tensor) -> tuple[torch.Tensor, None, None, None]:
        (gradient,) = ctx.saved_tensors
        return gradient.mul(slopes[0].to(gradient.dtype)), None, None, None


def _piece(
    hidden: torch.Tensor, targets: torch.Tensor, head: Head, needs_gradient: bool
) -> tuple[torch.Tensor, torch.Tensor | None]:
    """The loss of some rows and its gradient by the head's own output."""
    logits, bent = _logits(hidden, head)
    if targets.is_floating_point():
        wanted = _logits(targets, head)[0].log_softmax(-1)
        loss, slope = _divergence(logits, wanted, needs_gradient)
    else:
        loss, slope = _likelihood(logits, targets[:, None], needs_gradient)
    if slope is None:
        return loss, None
    if bent is not None:
        slope.mul_(1 - bent.square_())
    if head.scale != 1.0:
        slope.mul_(head.scale)
    return loss, slope.to(hidden.dtype)


def _logits(hidden: torch.Tensor, head: Head) -> tuple[torch.Tensor, torch.Tensor | None]:
    """The head's output, and the bent part of it that its gradient needs."""
    logits = torch.nn.functional.linear(hidden, head.weight, head.bias).float()
    if head.scale != 1.0:
        logits.mul_(head.scale)
    if head.softcap is None:
        return logits, None
    bent = torch.tanh_(logits.div_(head.softcap))
    return bent * head.softcap, bent


def _likelihood(
    logits: torch.Tensor, index: torch.Tensor, needs_gradient: bool
) -> tuple[torch.Tensor, torch.Tensor | None]:
    normaliser = logits.logsumexp(-1, keepdim=True)
    loss = (normaliser - logits.gather(1, index)).sum()
    if not needs_gradient:
        return loss, None
    slope = logits.sub_(normaliser).exp_()
    return loss, slope.scatter_add_(1, index, slope.new_full(index.shape, -1.0))


def _divergence(
    logits: torch.Tensor, wanted: torch.Tensor, needs_gradient: bool
) -> tuple[torch.Tensor, torch.Tensor | None]:
    """Of the distribution whose logarithm is `wanted`; its gradient is the difference of both."""
    found = logits.log_softmax(-1)
    share = wanted.exp()
    loss = (share * wanted.sub_(found)).sum()
    return loss, found.exp_().sub_(share) if needs_gradient else None
