"""The losses against values computed by hand, the penalties against known slopes."""

import math

import pytest
import torch

from training.gan.losses import GanLoss, discriminator_loss, generator_loss, gradient_penalty

REAL, GENERATED = torch.tensor([2.0, 0.5]), torch.tensor([-1.0, 1.5])


def softplus(value: float) -> float:
    return math.log1p(math.exp(value))


@pytest.mark.parametrize(
    ("kind", "discriminator", "generator"),
    [
        (
            GanLoss.PAIRING,
            (softplus(-3.0) + softplus(1.0)) / 2,
            (softplus(3.0) + softplus(-1.0)) / 2,
        ),
        (
            GanLoss.NON_SATURATING,
            (softplus(-2.0) + softplus(-1.0) + softplus(-0.5) + softplus(1.5)) / 2,
            (softplus(1.0) + softplus(-1.5)) / 2,
        ),
        (GanLoss.HINGE, (0.0 + 0.0 + 0.5 + 2.5) / 2, (1.0 - 1.5) / 2),
    ],
)
def test_losses_are_those_computed_by_hand(
    kind: GanLoss, discriminator: float, generator: float
) -> None:
    assert discriminator_loss(kind, REAL, GENERATED).item() == pytest.approx(discriminator)
    assert generator_loss(kind, REAL, GENERATED).item() == pytest.approx(generator)


@pytest.mark.parametrize("kind", GanLoss)
def test_learning_lowers_both_losses(kind: GanLoss) -> None:
    real, generated = REAL.clone().requires_grad_(), GENERATED.clone().requires_grad_()
    loss = discriminator_loss(kind, real, generated)
    slopes = torch.autograd.grad(loss, (real, generated))
    after = discriminator_loss(kind, real - 0.1 * slopes[0], generated - 0.1 * slopes[1])
    assert after < loss
    loss = generator_loss(kind, REAL, generated)
    (slope,) = torch.autograd.grad(loss, generated)
    assert generator_loss(kind, REAL, generated - 0.1 * slope) < loss


def test_penalty_of_a_linear_score_is_half_its_squared_slope() -> None:
    slope = torch.tensor([1.0, -2.0, 0.5])
    pictures = torch.randn(4, 3).requires_grad_()
    assert gradient_penalty(pictures @ slope, pictures).item() == pytest.approx(5.25 / 2)


def test_penalty_equals_finite_differences() -> None:
    torch.manual_seed(1)
    weights = torch.randn(6, dtype=torch.float64)

    def score(pictures: torch.Tensor) -> torch.Tensor:
        return torch.sin(pictures * weights).sum(1) + pictures.prod(1)

    pictures = torch.randn(3, 6, dtype=torch.float64)
    step = 1e-6
    slopes = torch.stack(
        [
            (score(pictures + step * one) - score(pictures - step * one)) / (2 * step)
            for one in torch.eye(6, dtype=torch.float64)
        ],
        1,
    )
    wanted = slopes.square().sum(1).mean() / 2
    given = pictures.clone().requires_grad_()
    assert gradient_penalty(score(given), given).item() == pytest.approx(wanted.item(), rel=1e-6)


def test_penalty_can_be_learnt_from() -> None:
    """Its own slope reaches the weights: for D(x) = w·x the penalty is ½w², its slope w."""
    weight = torch.tensor([3.0], requires_grad=True)
    pictures = torch.randn(5, 1).requires_grad_()
    gradient_penalty((pictures * weight).sum(1), pictures).backward()
    assert weight.grad is not None
    assert weight.grad.item() == pytest.approx(3.0)
