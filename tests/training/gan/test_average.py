"""The moving average of weights."""

import pytest
import torch
from torch import nn

from training.gan.average import averaged_copy, follow


def test_average_is_the_weighted_sum_computed_by_hand() -> None:
    network = nn.Linear(1, 1, bias=False)
    network.weight.data.fill_(1.0)
    average = averaged_copy(network)
    wanted = 1.0
    for value in (2.0, -1.0, 4.0):
        network.weight.data.fill_(value)
        follow(average, network, 0.9)
        wanted = 0.9 * wanted + 0.1 * value
    assert average.weight.item() == pytest.approx(wanted)


def test_average_learns_nothing_by_itself_and_copies_buffers() -> None:
    network = nn.BatchNorm1d(2)
    average = averaged_copy(network)
    assert not any(one.requires_grad for one in average.parameters())
    network(torch.randn(8, 2) + 5)
    follow(average, network, 0.5)
    assert torch.equal(average.get_buffer("running_mean"), network.get_buffer("running_mean"))
