"""Runs the model: forward passes over the rows of the batch, and the log-probabilities of a text.

Knows rows and adapters by their internal names; requests, queues and text are the scheduler's.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import torch
from transformers.cache_utils import DynamicCache

from tutor.engine.process.adapters import Adapters
from tutor.engine.process.slots import Slots

FULL, SLIDING = "full_attention", "sliding_attention"
PIECE_TOKENS = 256


class Rows(Protocol):
    """Where the running requests stand: taken at the end, given back anywhere."""

    @property
    def count(self) -> int: ...

    def take(self) -> int: ...

    def move(self, source: int, target: int) -> None: ...

    def wipe(self, row: int) -> None: ...

    def drop_last(self) -> None: ...

    def shrink(self) -> None: ...


class Runner(Protocol):
    """What the scheduler asks of a model of whatever kind; prompts come in pieces."""

    @property
    def piece_tokens(self) -> int: ...

    @property
    def slots(self) -> Rows: ...

    def prefill(self, row: int, token_ids: Sequence[int], adapter: str | None) -> torch.Tensor: ...

    def decode(self, token_ids: Sequence[int], adapters: Sequence[str | None]) -> torch.Tensor: ...

    def decode_alone(self, row: int, token_id: int, adapter: str | None) -> torch.Tensor: ...

    def score_piece(
        self, token_ids: Sequence[int], next_ids: Sequence[int], adapter: str | None, cache: Any
    ) -> list[float]: ...

    def new_cache(self) -> Any: ...


class ModelRunner:
    """One model and the rows that it is working on. Not thread-safe: one thread owns it."""

    piece_tokens = PIECE_TOKENS

    def __init__(self, model: Any, adapters: Adapters) -> None:
        self._adapters = adapters
        self._config = model.config.get_text_config(decoder=True)
        self.device = next(model.parameters()).device
        self._dtype = model.dtype
        self.slots = Slots(self._config.num_hidden_layers, self.device)

    @torch.inference_mode()
    def prefill(self, row: int, token_ids: Sequence[int], adapter: str | None) -> torch.Tensor:
        """Reads the next piece of one row's prompt; the logits (vocabulary,) after its end."""
        self.slots.look_at(row, 1, len(token_ids))
        start, size = self.slots.lengths[row], len(token_ids)
        positions = torch.arange(start, start + size, device=self.device)[None]
        logits = self._forward([list(token_ids)], positions, [adapter])
        self.slots.advance(row, 1, size)
        return logits[0]

    @torch.inference_mode()
    def decode(self, token_ids: Sequence[int], adapters: Sequence[str | None]) -> torch.Tensor:
        """One token for each of the first rows; the logits (rows, vocabulary) after it."""
        rows = len(token_ids)
        self.slots.look_at(0, rows, 1)
        positions = self.slots.window.starts[:, None]
        logits = self._forward([[token] for token in token_ids], positions, list(adapters))
        self.slots.advance(0, rows, 1)
        return logits

    @torch.inference_mode()
    def decode_alone(self, row: int, token_id: int, adapter: str | None) -> torch.Tensor:
        """The decode step of one row: finds out which row of a failing batch is at fault."""
        return self.prefill(row, [token_id], adapter)

    @torch.inference_mode()
    def score_piece(
        self, token_ids: Sequence[int], next_ids: Sequence[int], adapter: str | None, cache: Any
    ) -> list[float]:
        """Log-probabilities of `next_ids` after each of `token_ids`, which `cache` remembers."""
        with self._adapters.active([adapter]) as (model, extra):
            output = model(
                input_ids=torch.tensor([list(token_ids)], device=self.device),
                past_key_values=cache,
                use_cache=True,
                **extra,
            )
        logits = output.logits[0, : len(next_ids)].float()
        wanted = torch.tensor(list(next_ids), device=self.device)
        scores: list[float] = (
            logits.gather(1, wanted[:, None])[:, 0] - logits.logsumexp(-1)
        ).tolist()
        return scores

    def new_cache(self) -> DynamicCache:
        return DynamicCache(config=self._config)

    def _forward(
        self, token_ids: list[list[int]], positions: torch.Tensor, adapters: list[str | None]
    ) -> torch.Tensor:
        with self._adapters.active(adapters) as (model, extra):
            output = model(
                input_ids=torch.tensor(token_ids, device=self.device),
                attention_mask=self._mask(positions),
                position_ids=positions,
                past_key_values=self.slots.cache,
                use_cache=True,
                logits_to_keep=1,
                **extra,
            )
        logits: torch.Tensor = output.logits[:, -1]
        return logits

    def _mask(self, positions: torch.Tensor) -> torch.Tensor | dict[str, torch.Tensor]:
        """What each new token (rows, tokens) may look at: (rows, 1, tokens, keys), added to scores.

        A row's own tokens lie at the start of its slot, so whatever comes after them is hidden.
        """
        keys = torch.arange(self.slots.window.longest + positions.shape[1], device=self.device)
        causal = keys <= positions[..., None]
        kinds = set(getattr(self._config, "layer_types", None) or [FULL])
        window = getattr(self._config, "sliding_window", None)
        if window is None or (SLIDING not in kinds and hasattr(self._config, "layer_types")):
            return self._additive(causal)
        near = causal & (keys > positions[..., None] - window)
        if kinds == {FULL, SLIDING}:
            return {FULL: self._additive(causal), SLIDING: self._additive(near)}
        return self._additive(near)

    def _additive(self, allowed: torch.Tensor) -> torch.Tensor:
        lowest = torch.finfo(self._dtype).min
        return torch.zeros(allowed.shape, dtype=self._dtype, device=self.device).masked_fill_(
            ~allowed, lowest
        )[:, None]
