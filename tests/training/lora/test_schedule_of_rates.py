"""The learning rate's course over a training."""

from itertools import pairwise

import pytest
import torch
from transformers.optimization import get_cosine_with_min_lr_schedule_with_warmup

from training.lora.optimizer import FINAL_SHARE, set_rate

STEPS = 16


def rates(warmup_share: float) -> list[float]:
    """Of each step, where the peak is 1."""
    optimizer = torch.optim.AdamW([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    optimizer.param_groups[0]["peak"] = 1.0
    found = []
    for step in range(STEPS):
        set_rate(optimizer, step, STEPS, warmup_share)
        found.append(optimizer.param_groups[0]["lr"])
    return found


def test_rate_without_warmup_is_that_of_transformers() -> None:
    optimizer = torch.optim.AdamW([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule = get_cosine_with_min_lr_schedule_with_warmup(
        optimizer, num_warmup_steps=0, num_training_steps=STEPS, min_lr_rate=FINAL_SHARE
    )
    theirs = []
    for _ in range(STEPS):
        theirs.append(schedule.get_last_lr()[0])
        optimizer.step()
        schedule.step()
    assert rates(0.0) == pytest.approx(theirs)


def test_warmup_rises_evenly_and_reaches_the_peak_once() -> None:
    found = rates(0.25)
    assert found[:5] == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0])
    assert all(later < sooner for sooner, later in pairwise(found[4:]))
    assert found[-1] > FINAL_SHARE
