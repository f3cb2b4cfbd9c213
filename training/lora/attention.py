"""Attention for documents that lie behind one another without padding: none looks into another.

Registered with transformers under a name of its own, so that it serves every model that uses the
library's attention interface. Gets the documents' lengths with each call of the model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, groupby
from typing import Any

import torch
from torch.nn.functional import scaled_dot_product_attention

NAME = "daoshi_packed"


@dataclass(frozen=True)
class Lengths:
    """Tokens of each document, in their order."""

    tokens: tuple[int, ...]

    @cached_property
    def runs(self) -> list[tuple[int, int, int]]:
        """Neighbours of equal length: where they begin, how many they are, and how long each."""
        starts = [0, *accumulate(self.tokens)]
        runs, position = [], 0
        for length, group in groupby(self.tokens):
            count = len(list(group))
            runs.append((starts[position], count, length))
            position += count
        return runs


def packed_attention(
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    scaling: float | None = None,
    dropout: float = 0.0,
    sliding_window: int | None = None,
    softcap: float | None = None,
    document_lengths: Lengths | None = None,
    **others: Any,
) -> tuple[torch.Tensor, None]:
    """Causal attention within each document. Shapes: 1, heads, tokens, size of a head."""
    lengths = document_lengths or Lengths((query.shape[2],))
    parts = []
    for start, count, length in lengths.runs:
        q, k, v = (_rows(one, start, count, length) for one in (query, key, value))
        if softcap is None:
            mask = _window(length, sliding_window, q.device)
            out = scaled_dot_product_attention(
                q,
                k,
                v,
                attn_mask=mask,
                is_causal=mask is None,
                scale=scaling,
                dropout_p=dropout,
                enable_gqa=q.shape[1] != k.shape[1],
            )
        else:
            out = _capped(q, k, v, scaling, softcap, sliding_window)
        parts.append(out.transpose(1, 2).reshape(1, count * length, q.shape[1], v.shape[-1]))
    return (parts[0] if len(parts) == 1 else torch.cat(parts, 1)), None


def _rows(tensor: torch.Tensor, start: int, count: int, length: int) -> torch.Tensor:
    """Documents of one length as rows of a batch."""
    piece = tensor[0, :, start : start + count * length]
    return piece.reshape(piece.shape[0], count, length, -1).transpose(0, 1)


def _window(length: int, window: int | None, device: torch.device) -> torch.Tensor | None:
    """A mask only where a document is longer than the window of a layer that has one."""
    if window is None or length <= window:
        return None
    return torch.ones(length, length, dtype=torch.bool, device=device).tril().triu(1 - window)


def _capped(
    q: torch.Tensor,
    k: torch.Tensor,
    v: torch.Tensor,
    scaling: float | None,
    softcap: float,
    window: int | None,
) -> torch.Tensor:
    """Attention with capped scores (Gemma 2), which no fused kernel offers on the CPU."""
    repeat = q.shape[1] // k.shape[1]
    k, v = (one.repeat_interleave(repeat, 1) for one in (k, v))
    scores = q @ k.transpose(2, 3) * (scaling or q.shape[-1] ** -0.5)
    scores = torch.tanh(scores / softcap) * softcap
    ones = torch.ones(q.shape[2], q.shape[2], dtype=torch.bool, device=q.device)
    allowed = ones.tril() if window is None else ones.tril().triu(1 - window)
    weights = scores.masked_fill(~allowed, float("-inf")).softmax(-1, dtype=torch.float32)
    return weights.to(v.dtype) @ v


def positions(lengths: Sequence[int], device: torch.device | str) -> torch.Tensor:
    """Position ids that begin anew with each document."""
    return torch.cat([torch.arange(length, device=device) for length in lengths])[None]


def register() -> None:
    """Makes the function known to transformers; repeating it changes nothing."""
    from transformers import AttentionInterface

    AttentionInterface.register(NAME, packed_attention)
