"""Runs an encoder-decoder model of the T5 family: what `ModelRunner` is for causal models.

Each row is its own forward pass, so that rows with different adapters need nothing in common.
Knows rows and adapters by their internal names; requests, queues and text are the scheduler's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from transformers.modeling_outputs import BaseModelOutput

from tutor.engine.process.adapters import Adapters

FAMILIES = frozenset({"t5", "mt5", "umt5"})
CONTEXT_TOKENS = 2048  # positions are relative: no length is built in, but memory is not endless


@dataclass(frozen=True, slots=True)
class Reading:
    """What a row has read and written: the encoder's states and the decoder's cache."""

    encoder_states: torch.Tensor  # (1, prompt tokens, size)
    cache: Any


class Readings:
    """The rows in use, in the scheduler's order; None until the prompt has been read."""

    def __init__(self) -> None:
        self.rows: list[Reading | None] = []

    @property
    def count(self) -> int:
        return len(self.rows)

    def take(self) -> int:
        """A new, empty last row."""
        self.rows.append(None)
        return self.count - 1

    def move(self, source: int, target: int) -> None:
        """Overwrites the row `target` with the row `source`."""
        self.rows[target] = self.rows[source]

    def wipe(self, row: int) -> None:
        self.rows[row] = None

    def drop_last(self) -> None:
        self.rows.pop()

    def shrink(self) -> None:
        """Every row gives its memory back when it is dropped."""


class Seq2SeqRunner:
    """One encoder-decoder model and the rows that it is working on. One thread owns it."""

    piece_tokens = CONTEXT_TOKENS  # the encoder looks both ways: a prompt is read in one piece

    def __init__(self, model: Any, adapters: Adapters) -> None:
        self._adapters = adapters
        self._start_id = int(model.config.decoder_start_token_id)
        end = model.config.eos_token_id
        self._end_id = int(end[0] if isinstance(end, list) else end)
        self.device = next(model.parameters()).device
        self.slots = Readings()

    @torch.inference_mode()
    def prefill(self, row: int, token_ids: Sequence[int], adapter: str | None) -> torch.Tensor:
        """Reads one row's whole prompt; the logits (vocabulary,) of the answer's first token."""
        return self._advance(row, self._start_id, adapter, input_ids=self._batch(token_ids))

    @torch.inference_mode()
    def decode(self, token_ids: Sequence[int], adapters: Sequence[str | None]) -> torch.Tensor:
        """One token for each of the first rows; the logits (rows, vocabulary) after it."""
        steps = zip(token_ids, adapters, strict=True)
        return torch.stack([self.decode_alone(row, *step) for row, step in enumerate(steps)])

    @torch.inference_mode()
    def decode_alone(self, row: int, token_id: int, adapter: str | None) -> torch.Tensor:
        """The decode step of one row. A failed step leaves its cache longer: it is not repeated."""
        reading = self.slots.rows[row]
        assert reading is not None, row
        return self._advance(
            row,
            token_id,
            adapter,
            encoder_outputs=BaseModelOutput(last_hidden_state=reading.encoder_states),
            past_key_values=reading.cache,
        )

    @torch.inference_mode()
    def score_piece(
        self, token_ids: Sequence[int], next_ids: Sequence[int], adapter: str | None, cache: Any
    ) -> list[float]:
        """Log-probabilities of every token of a source and target but the first.

        What follows the first end token is the target, given the source before it. A source itself
        is scored as the decoder would write it after an empty one, and so is a text without end.
        """
        ids = list(token_ids)
        end = ids.index(self._end_id) + 1 if self._end_id in ids[:-1] else len(ids)
        scores = self._target_scores([self._end_id], ids[:end], adapter)[1:]
        if end < len(ids):
            scores += self._target_scores(ids[:end], ids[end:], adapter)
        return scores[: len(next_ids)]

    def new_cache(self) -> None:
        """Scoring remembers nothing: a text is one piece."""

    def _target_scores(
        self, source: Sequence[int], target: Sequence[int], adapter: str | None
    ) -> list[float]:
        with self._adapters.active([adapter]) as (model, extra):
            output = model(
                input_ids=self._batch(source),
                decoder_input_ids=self._batch([self._start_id, *target[:-1]]),
                use_cache=False,
                **extra,
            )
        logits = output.logits[0].float()
        wanted = self._batch(target)[0]
        scores: list[float] = (
            logits.gather(1, wanted[:, None])[:, 0] - logits.logsumexp(-1)
        ).tolist()
        return scores

    def _advance(self, row: int, token_id: int, adapter: str | None, **inputs: Any) -> torch.Tensor:
        """Lets the decoder read one token of a row, and keeps what it remembers."""
        with self._adapters.active([adapter]) as (model, extra):
            output = model(
                decoder_input_ids=self._batch([token_id]), use_cache=True, **inputs, **extra
            )
        self.slots.rows[row] = Reading(output.encoder_last_hidden_state, output.past_key_values)
        logits: torch.Tensor = output.logits[0, -1]
        return logits

    def _batch(self, token_ids: Sequence[int]) -> torch.Tensor:
        return torch.tensor([list(token_ids)], device=self.device)


def bytes_per_token(config: Any, item_bytes: int) -> int:
    """What a token takes: keys and values of every decoder layer, and the encoder's state."""
    keys_and_values = 2 * config.num_decoder_layers * config.num_heads * config.d_kv
    return int((keys_and_values + config.d_model) * item_bytes)
