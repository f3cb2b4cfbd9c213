"""What the two networks minimise, and the penalties that keep the game stable.

D(x) is the discriminator's score of a real picture, D(g) that of a generated one, s the softplus
s(t) = log(1 + e^t).

    pairing          discriminator s(D(g) - D(x))                 generator s(D(x) - D(g))
    non-saturating   discriminator s(-D(x)) + s(D(g))             generator s(-D(g))
    hinge            discriminator max(0, 1 - D(x)) + max(0, 1 + D(g))   generator -D(g)

The pairing loss asks only whether the real picture scores higher than the generated one beside it
(Jolicoeur-Martineau, "The relativistic discriminator", 2018). With both penalties it converges
locally, which it does not without ("The GAN is dead; long live the GAN!", Huang et al., 2024):

    R1 = ½ γ E |∇ₓ D(x)|²   on real pictures (Mescheder et al., 2018), R2 the same on generated ones

The non-saturating one is that of Goodfellow et al. (2014), the hinge that of Lim and Ye (2017):
both are here to be compared with. A discriminator loss near log 2 (pairing) or 2 log 2
(non-saturating) means that it can't tell them apart; one near 0 that it always can, and then it
teaches little.
"""

from enum import StrEnum

import torch
from torch import Tensor
from torch.nn.functional import relu, softplus


class GanLoss(StrEnum):
    PAIRING = "pairing"
    NON_SATURATING = "non_saturating"
    HINGE = "hinge"


def discriminator_loss(kind: GanLoss, real: Tensor, generated: Tensor) -> Tensor:
    """The mean over pairs of scores (B)."""
    match kind:
        case GanLoss.PAIRING:
            return softplus(generated - real).mean()
        case GanLoss.NON_SATURATING:
            return (softplus(-real) + softplus(generated)).mean()
        case GanLoss.HINGE:
            return (relu(1 - real) + relu(1 + generated)).mean()


def generator_loss(kind: GanLoss, real: Tensor, generated: Tensor) -> Tensor:
    """The mean over pairs of scores (B)."""
    match kind:
        case GanLoss.PAIRING:
            return softplus(real - generated).mean()
        case GanLoss.NON_SATURATING:
            return softplus(-generated).mean()
        case GanLoss.HINGE:
            return -generated.mean()


def gradient_penalty(scores: Tensor, pictures: Tensor) -> Tensor:
    """½ E |∇ D|² of scores (B) by the pictures (B, ...) that they are of: R1, and R2, without γ."""
    (slope,) = torch.autograd.grad(scores.sum(), pictures, create_graph=True)
    return slope.square().flatten(1).sum(1).mean() / 2
