"""Augmentation that gradients pass through."""

import torch

from training.gan.augment import augment


def test_gradients_pass_and_shapes_stay() -> None:
    pictures = torch.rand(4, 3, 16, 16).requires_grad_()
    seen = augment(pictures, torch.Generator().manual_seed(1))
    assert seen.shape == pictures.shape
    (slope,) = torch.autograd.grad(seen.sum(), pictures)
    assert (slope != 0).flatten(1).any(1).all()


def test_same_seed_distorts_alike_and_another_does_not() -> None:
    pictures = torch.rand(4, 3, 16, 16)
    first, again, other = (
        augment(pictures, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_pictures_of_a_batch_are_distorted_differently() -> None:
    pictures = torch.rand(1, 3, 16, 16).expand(4, -1, -1, -1)
    seen = augment(pictures, torch.Generator().manual_seed(3))
    assert not torch.equal(seen[0], seen[1])
