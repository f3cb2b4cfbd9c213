"""Chooses the next token of one row from its logits. Pure: the generator is an argument.

The steps and their order are those of transformers: repetition penalty, temperature, top-k, top-p,
min-p.
"""

from collections.abc import Collection

import torch

from tutor.engine.contract import Sampling

CANDIDATES = (
    256  # sorted first; a full sort of the vocabulary is needed only for flat distributions
)


def choose(
    logits: torch.Tensor,
    sampling: Sampling,
    seen: Collection[int],
    generator: torch.Generator | None,
) -> int:
    """A token id for `logits` (vocabulary,); `seen` are the ids of prompt and answer so far."""
    if sampling.repetition_penalty != 1.0:
        logits = penalise(logits, seen, sampling.repetition_penalty)
    if sampling.temperature <= 0.0:
        return int(logits.argmax())
    probabilities, ids = _candidates(logits.float() / sampling.temperature, sampling)
    total = probabilities.cumsum(0)
    drawn = torch.rand((), generator=generator) * total[-1]
    place = int(torch.searchsorted(total, drawn, right=True).clamp(max=len(total) - 1))
    return int(ids[place])


def penalise(logits: torch.Tensor, seen: Collection[int], penalty: float) -> torch.Tensor:
    """Lowers the scores of ids that were seen: positive ones divided, negative ones multiplied."""
    ids = torch.tensor(sorted(set(seen)), dtype=torch.long, device=logits.device)
    scores = logits[ids]
    return logits.index_copy(0, ids, torch.where(scores < 0, scores * penalty, scores / penalty))


def is_broken(logits: torch.Tensor) -> torch.Tensor:
    """Which rows hold no usable numbers: any NaN or +inf, or nothing above -inf."""
    highest = logits.max(dim=-1).values  # NaN wins a maximum
    return ~torch.isfinite(highest)


def _candidates(logits: torch.Tensor, sampling: Sampling) -> tuple[torch.Tensor, torch.Tensor]:
    """Probabilities, highest first, and ids that remain after top-k, top-p and min-p (on CPU)."""
    size = logits.shape[0]
    limit = min(sampling.top_k, size) if sampling.top_k > 0 else size
    top = torch.topk(logits, min(limit, CANDIDATES))
    kept = top.values.softmax(0)
    if limit > CANDIDATES:
        share = (top.values - logits.logsumexp(0)).exp()
        enough = float(share.sum()) >= sampling.top_p and sampling.top_p < 1.0
        if sampling.top_k > 0 or not enough:
            top = torch.topk(logits, limit)
            share = top.values.softmax(0)
        kept = share
    probabilities, ids = kept.cpu(), top.indices.cpu()
    if sampling.top_p < 1.0:
        before = probabilities.cumsum(0) - probabilities
        probabilities = probabilities[: max(1, int((before < sampling.top_p).sum()))]
    if sampling.min_p > 0.0:
        floor = sampling.min_p * probabilities[0]
        probabilities = probabilities[: int((probabilities >= floor).sum())]
    return probabilities, ids[: len(probabilities)]
