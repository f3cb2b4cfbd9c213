"""How pictures become as wide as they are shown."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from tutor.images.enlarging import Enlarger
from tutor.images.upsampler import Upsampler, UpsamplerConfig
from tutor.images.weights import WEIGHTS, GeneratorDamaged, load_upsampler, save_generator

CONFIG = UpsamplerConfig(channels=4, fine_channels=4, blocks=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An upsampler that darkens a little, and enlarges smoothly."""
    upsampler = Upsampler(CONFIG)
    upsampler.to_rgb.bias.data.fill_(-0.02)
    save_generator(tmp_path / "upsampler-1", upsampler, {"name": "upsampler-1"})
    return tmp_path / "upsampler-1"


@pytest.fixture
def picture() -> Image.Image:
    """A black disc on white."""
    rows, columns = np.mgrid[:32, :32] - 15.5
    inside = rows**2 + columns**2 < 100
    return Image.fromarray(np.where(inside, 0, 255).astype(np.uint8)).convert("RGB")


@pytest.mark.parametrize("height", [16, 32, 64, 100, 128, 256])
def test_height_is_met_exactly_with_and_without_the_upsampler(
    height: int, folder: Path, picture: Image.Image, tmp_path: Path
) -> None:
    for enlarger in (Enlarger(folder), Enlarger(tmp_path / "none")):
        [found] = enlarger.enlarged([picture], height)
        assert found.size == (height, height)
        shrunk = np.asarray(found.resize((32, 32), Image.Resampling.BOX), float)
        assert np.abs(shrunk - np.asarray(picture, float)).mean() < 12


def test_what_stands_side_by_side_keeps_its_proportions(folder: Path) -> None:
    row = Image.new("RGB", (96, 32), "white")
    assert Enlarger(folder).enlarged([row], 128)[0].size == (384, 128)


def test_upsampler_and_not_resampling_decides_where_it_is_there(
    folder: Path, picture: Image.Image, tmp_path: Path
) -> None:
    [ours], [smooth] = (
        Enlarger(place).enlarged([picture], 64) for place in (folder, tmp_path / "none")
    )
    assert ours.tobytes() != smooth.tobytes()


def test_loaded_upsampler_draws_the_same(tmp_path: Path) -> None:
    upsampler = Upsampler(CONFIG).eval()
    torch.nn.init.normal_(upsampler.to_rgb.weight)
    save_generator(tmp_path, upsampler, {})
    values = torch.rand(2, 3, 8, 8)
    with torch.no_grad():
        loaded = load_upsampler(tmp_path)(values)
        assert torch.allclose(loaded, upsampler(values), atol=1e-5)


def test_damaged_upsampler_is_refused(folder: Path, picture: Image.Image) -> None:
    (folder / WEIGHTS).write_bytes(b"no weights")
    with pytest.raises(GeneratorDamaged):
        Enlarger(folder).enlarged([picture], 64)
