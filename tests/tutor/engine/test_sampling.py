"""The next token: the same distribution as transformers' own processors, repeatable by seed."""

from collections import Counter

import pytest
import torch
from transformers import (
    LogitsProcessorList,
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from tutor.engine.contract import Sampling
from tutor.engine.process import sampling as module
from tutor.engine.process.sampling import choose, is_broken

SETTINGS = [
    Sampling(temperature=1.0),
    Sampling(temperature=0.7, top_p=0.9),
    Sampling(temperature=1.3, top_k=5),
    Sampling(temperature=1.0, top_k=40, top_p=0.8, min_p=0.05),
    Sampling(temperature=0.9, min_p=0.1),
    Sampling(temperature=5.0, top_p=0.99),
    Sampling(temperature=1.0, top_p=0.95, repetition_penalty=1.5),
    Sampling(temperature=2.0, top_k=300, top_p=0.999),
]


def expected(logits, sampling, seen):
    steps = LogitsProcessorList()
    if sampling.repetition_penalty != 1:
        steps.append(RepetitionPenaltyLogitsProcessor(sampling.repetition_penalty))
    steps.append(TemperatureLogitsWarper(sampling.temperature))
    if sampling.top_k:
        steps.append(TopKLogitsWarper(sampling.top_k))
    if sampling.top_p < 1:
        steps.append(TopPLogitsWarper(sampling.top_p))
    if sampling.min_p:
        steps.append(MinPLogitsWarper(sampling.min_p))
    return steps(torch.tensor([seen]), logits[None].clone())[0].softmax(-1)


@pytest.mark.parametrize("sampling", SETTINGS)
def test_candidates_are_those_of_transformers(sampling, monkeypatch):
    """With a vocabulary beyond the shortcut's size; the last candidate may differ by rounding."""
    logits = torch.randn(700, generator=torch.Generator().manual_seed(1)) * 2
    seen = [3, 5, 3, 600]
    wanted = expected(logits, sampling, seen)
    got = torch.zeros(700)
    if sampling.repetition_penalty != 1:
        logits = module.penalise(logits, seen, sampling.repetition_penalty)
    values, ids = module._candidates(logits / sampling.temperature, sampling)
    got[ids] = values / values.sum()
    assert abs(int((got > 0).sum()) - int((wanted > 0).sum())) <= 1
    assert torch.allclose(got, wanted, atol=2e-3)


def test_draws_follow_the_distribution():
    logits = torch.tensor([0.0, 1.0, 2.0, -1.0])
    generator = torch.Generator().manual_seed(0)
    counts = Counter(choose(logits, Sampling(temperature=1.0), (), generator) for _ in range(4000))
    shares = torch.tensor([counts[i] / 4000 for i in range(4)])
    assert torch.allclose(shares, logits.softmax(0), atol=0.03)


def test_seed_repeats_and_other_seed_does_not():
    logits = torch.randn(400, generator=torch.Generator().manual_seed(2))

    def draw(seed):
        generator = torch.Generator().manual_seed(seed)
        return [choose(logits, Sampling(temperature=1.0), (), generator) for _ in range(20)]

    assert draw(1) == draw(1) != draw(2)


def test_greedy_takes_the_highest_after_the_penalty():
    logits = torch.tensor([1.0, 2.0, -1.0])
    assert choose(logits, Sampling(), (), None) == 1
    assert choose(logits, Sampling(repetition_penalty=3.0), (1,), None) == 0


def test_rows_without_usable_numbers_are_found():
    nan, inf = float("nan"), float("inf")
    rows = torch.tensor([[0.0, 1.0], [nan, 1.0], [1.0, inf], [-inf, -inf], [-inf, 2.0]])
    assert is_broken(rows).tolist() == [False, True, True, True, False]
