"""The upsampler's training, with tiny networks and icons of two colours."""

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch.nn import functional

from training.gan.loop import Loop
from training.gan.recipe import GanRecipe, Kind, Phase
from training.gan.upsampling.discriminator import PatchDiscriminator
from training.gan.upsampling.measuring import EnlargingMeasure, enlarge_all
from training.gan.upsampling.patches import IconPatches
from tutor.images.upsampler import Upsampler, UpsamplerConfig, smoothly_enlarged


def discs(size: int) -> NDArray[np.uint8]:
    """Six discs (6, size, size, 3), black on white, each larger than the one before."""
    rows, columns = (np.mgrid[:size, :size] + 0.5) / size - 0.5
    radii = np.linspace(0.15, 0.4, 6)[:, None, None]
    inside = rows**2 + columns**2 < radii**2
    return np.repeat(np.where(inside, 0, 255).astype(np.uint8)[..., None], 3, -1)


@pytest.fixture
def patches() -> IconPatches:
    return IconPatches(discs(64), discs(16))


def upsampler() -> Upsampler:
    torch.manual_seed(2)
    return Upsampler(UpsamplerConfig(channels=8, fine_channels=8, blocks=1))


def test_small_patch_is_of_the_same_place_as_the_large_one(patches: IconPatches) -> None:
    random = torch.Generator().manual_seed(0)
    for _ in range(20):
        batch = patches.batch(torch.arange(6), 16, random)
        [small] = batch.inputs
        assert batch.pictures.shape == (6, 3, 16, 16)
        assert small.shape == (6, 3, 8, 8)
        # A drawn one differs from the averaged one only where the edge is.
        assert (functional.avg_pool2d(batch.pictures, 2) - small).abs().mean() < 0.2


def test_same_random_numbers_cut_the_same_patches(patches: IconPatches) -> None:
    first, second = (
        patches.batch(torch.arange(6), 16, torch.Generator().manual_seed(4)) for _ in range(2)
    )
    assert torch.equal(first.pictures, second.pictures)
    assert torch.equal(*first.inputs, *second.inputs)


def test_icons_of_the_wrong_size_are_refused() -> None:
    with pytest.raises(AssertionError):
        IconPatches(discs(32), discs(16))


def test_untrained_upsampler_enlarges_smoothly() -> None:
    pictures = torch.rand(2, 3, 8, 8) * 2 - 1
    assert torch.allclose(upsampler()(pictures), smoothly_enlarged(pictures), atol=0.1)


def test_it_learns_to_enlarge_better_than_smoothly(patches: IconPatches, tmp_path: Path) -> None:
    recipe = GanRecipe(
        (
            Phase(Kind.REGRESSION, 16, 250, batch=6, learning_rate=1e-2, last_share=0.1),
            Phase(Kind.ADVERSARIAL, 16, 3, batch=6, learning_rate=1e-4),
        ),
        augmented=False,
        average_half_life=60,
        ramp_steps=10,
    )
    network = upsampler()
    loop = Loop(recipe, network, PatchDiscriminator((4, 8, 8)), patches, tmp_path)
    assert loop.run()
    large = torch.from_numpy(discs(32)).permute(0, 3, 1, 2).float() / 127.5 - 1
    small = functional.avg_pool2d(large, 2)
    with torch.no_grad():
        ours = (loop.average(small) - large).abs().mean()
    assert ours < 0.9 * (smoothly_enlarged(small) - large).abs().mean()


def test_measure_compares_with_resampling(tmp_path: Path) -> None:
    measure = EnlargingMeasure(discs(64), discs(16), tmp_path)
    figures = measure(upsampler())
    assert 0 < figures["likeness"] <= 1
    assert figures["score"] == figures["likeness"]
    assert 0 < figures["sharpness"] < 2
    assert len(list(tmp_path.glob("*.png"))) == 1


def test_enlarged_twice_is_four_times_as_wide() -> None:
    assert enlarge_all(upsampler(), discs(16), 2).shape == (6, 64, 64, 3)
