"""What is minimised: the summed loss of some documents under a causal model.

Everyday replies are not learnt but held: there the loss is how far the model's distribution has
moved from the base's, token by token ("Learning without Forgetting", Li and Hoiem, 2016). One
sampled reply would say the same, with far more noise.

Documents are computed without padding where the model allows it; whether it does, and whether its
output layer is understood, is tried on a few tokens rather than read from a list of families.
"""

import logging
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch

from training.lora import attention
from training.lora.loss import Head, head_of, summed_loss
from training.lora.packing import into_micro_batches, select
from training.lora.template import IGNORED, Encoded

log = logging.getLogger(__name__)
HELD_WEIGHT = 2.0  # a form of words is soon learnt; what is forgotten everybody misses
PROBE_LENGTHS = (5, 9, 9, 14)


@dataclass(frozen=True, slots=True)
class Batch:
    """`rows` are the flat positions whose next token carries loss, `targets` those tokens."""

    inputs: dict[str, Any]
    rows: torch.Tensor
    targets: torch.Tensor


class Objective:
    """`packed` and `head` may be forced for a comparison; otherwise a probe decides."""

    def __init__(self, model: Any, *, packed: bool | None = None) -> None:
        attention.register()
        self._model = model
        self._decoder = model.get_decoder()
        self._device = next(model.parameters()).device
        self._usual = model.config._attn_implementation
        self.packed = self._can_pack() if packed is None else packed
        self.head: Head | None = head_of(model)
        self._use(attention.NAME if self.packed else self._usual)
        if not self._head_fits():
            log.info("The output layer of %s is computed by the model itself", type(model).__name__)
            self.head = None

    def close(self) -> None:
        """Gives the model its own attention back."""
        self._use(self._usual)

    def loss(self, documents: Sequence[Encoded]) -> torch.Tensor:
        """The sum over all tokens that carry loss, in nats."""
        batch = self._batch(documents)
        if self.head is None:
            logits = self._model(**batch.inputs, use_cache=False).logits
            rows = logits.reshape(-1, logits.shape[-1])[batch.rows].float()
            return torch.nn.functional.cross_entropy(rows, batch.targets, reduction="sum")
        hidden = self._hidden(batch)[batch.rows]
        held = [one.base_hidden for one in documents if one.base_hidden is not None]
        if not held:
            return summed_loss(hidden, batch.targets, self.head)
        base = torch.cat(held).to(hidden)
        if len(held) == len(documents):
            return HELD_WEIGHT * summed_loss(hidden, base, self.head)
        is_held = _per_target([one.base_hidden is not None for one in documents], documents)
        place = is_held.to(hidden.device)
        learnt = summed_loss(hidden[~place], batch.targets[~place], self.head)
        return learnt + HELD_WEIGHT * summed_loss(hidden[place], base, self.head)

    @torch.no_grad()
    def with_base(self, documents: Sequence[Encoded], micro_tokens: int) -> list[Encoded]:
        """The documents, the held ones with what the model says now, before it is trained.

        Unchanged where the model computes its own output: its replies are then the target.
        """
        if self.head is None:
            return list(documents)
        different = list({one.ids.tobytes(): one for one in documents if one.held}.values())
        lengths = [len(one.ids) for one in different]
        known: dict[bytes, torch.Tensor] = {}
        for group in into_micro_batches(
            range(len(different)), lengths, micro_tokens, padded=not self.packed
        ):
            taken = select(different, group)
            batch = self._batch(taken)
            rows = torch.split(self._hidden(batch)[batch.rows], [loss_tokens(one) for one in taken])
            for one, states in zip(taken, rows, strict=True):
                known[one.ids.tobytes()] = states.cpu().clone()
        return [
            replace(one, base_hidden=known[one.ids.tobytes()]) if one.held else one
            for one in documents
        ]

    def _hidden(self, batch: Batch) -> torch.Tensor:
        hidden: torch.Tensor = self._decoder(**batch.inputs, use_cache=False).last_hidden_state
        return hidden.reshape(-1, hidden.shape[-1])

    def _batch(self, documents: Sequence[Encoded]) -> Batch:
        return (packed_batch if self.packed else padded_batch)(documents, self._device)

    def _use(self, implementation: str) -> None:
        if self._model.config._attn_implementation != implementation:
            self._model.set_attn_implementation(implementation)

    @torch.no_grad()
    def _can_pack(self) -> bool:
        """Whether documents behind one another come out as they do alone."""
        documents = _probe(self._model)
        try:
            self._use(attention.NAME)
            together = self._hidden(packed_batch(documents, self._device))
        except (TypeError, ValueError, RuntimeError, AttributeError) as error:
            log.info("%s is trained with padding: %s", type(self._model).__name__, error)
            return False
        finally:
            self._use(self._usual)
        alone = torch.cat(
            [
                self._hidden(Batch({"input_ids": _ids([one], self._device)}, *_NOTHING))
                for one in documents
            ]
        )
        same = _close(together, alone)
        if not same:
            log.info("%s is trained with padding: it mixes documents", type(self._model).__name__)
        return same

    @torch.no_grad()
    def _head_fits(self) -> bool:
        """Whether the loss from hidden states is the one from the model's own logits."""
        assert self.head is not None
        batch = self._batch(_probe(self._model))
        hidden = self._hidden(batch)[batch.rows]
        logits = self._model(**batch.inputs, use_cache=False).logits
        own = torch.nn.functional.cross_entropy(
            logits.reshape(-1, logits.shape[-1])[batch.rows].float(), batch.targets, reduction="sum"
        )
        return _close(summed_loss(hidden, batch.targets, self.head)[None], own[None])


_NOTHING = (torch.empty(0), torch.empty(0))


def packed_batch(documents: Sequence[Encoded], device: torch.device | str) -> Batch:
    """The documents behind one another as a single row."""
    lengths = [len(one.ids) for one in documents]
    starts = [sum(lengths[:number]) for number in range(len(lengths))]
    inputs = {
        "input_ids": _ids(documents, device),
        "position_ids": attention.positions(lengths, device),
        "document_lengths": attention.Lengths(tuple(lengths)),
    }
    return Batch(inputs, *_targets(documents, starts, device))


def padded_batch(documents: Sequence[Encoded], device: torch.device | str) -> Batch:
    """Each document a row, for models that cannot tell them apart otherwise."""
    longest = max(len(one.ids) for one in documents)
    starts = [number * longest for number in range(len(documents))]
    ids = torch.zeros(len(documents), longest, dtype=torch.long)
    mask = torch.zeros_like(ids)
    for number, one in enumerate(documents):
        ids[number, : len(one.ids)] = torch.tensor(one.ids)
        mask[number, : len(one.ids)] = 1
    inputs = {"input_ids": ids.to(device), "attention_mask": mask.to(device)}
    return Batch(inputs, *_targets(documents, starts, device))


def _ids(documents: Sequence[Encoded], device: torch.device | str) -> torch.Tensor:
    return torch.tensor([token for one in documents for token in one.ids], device=device)[None]


def _targets(
    documents: Sequence[Encoded], starts: Sequence[int], device: torch.device | str
) -> tuple[torch.Tensor, torch.Tensor]:
    rows, targets = [], []
    for one, start in zip(documents, starts, strict=True):
        for position, label in enumerate(one.labels):
            if position and label != IGNORED:  # nothing predicts a document's first token
                rows.append(start + position - 1)
                targets.append(label)
    return torch.tensor(rows, device=device), torch.tensor(targets, device=device)


def _per_target(values: Sequence[bool], documents: Sequence[Encoded]) -> torch.Tensor:
    """Each document's value once for every term of its loss."""
    counts = torch.tensor([loss_tokens(one) for one in documents])
    return torch.tensor(values).repeat_interleave(counts)


def loss_tokens(document: Encoded) -> int:
    """How many terms its loss has."""
    return document.loss_tokens - (document.labels[0] != IGNORED)


def _probe(model: Any) -> list[Encoded]:
    """Some documents of random tokens."""
    generator = torch.Generator().manual_seed(0)
    size = model.get_input_embeddings().weight.shape[0]
    documents = []
    for length in PROBE_LENGTHS:
        ids = array("i", torch.randint(0, size, (length,), generator=generator).tolist())
        documents.append(Encoded(ids, ids))
    return documents


def _close(found: torch.Tensor, wanted: torch.Tensor) -> bool:
    """Within what another order of additions explains in this precision."""
    allowed = 1e-3 if found.dtype == torch.float32 and wanted.dtype == torch.float32 else 3e-2
    error = (found.float() - wanted.float()).norm() / wanted.float().norm().clamp_min(1e-9)
    return bool(error <= allowed)
