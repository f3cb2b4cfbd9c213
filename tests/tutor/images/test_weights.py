"""Generators as folders."""

import json
from pathlib import Path

import pytest
import torch

from tutor.images.network import Generator, GeneratorConfig
from tutor.images.weights import CARD, WEIGHTS, GeneratorDamaged, load_generator, save_generator

CONFIG = GeneratorConfig(
    3, 2, 4, (8, 8), concept_size=6, style_size=4, cell_size=4, noise_size=4, width=8
)


@pytest.fixture
def generator() -> Generator:
    torch.manual_seed(1)
    return Generator(CONFIG, torch.randn(3, 4)).eval()


def drawn(generator: Generator) -> torch.Tensor:
    with torch.no_grad():
        return generator(torch.tensor([0, 2]), torch.eye(2), torch.ones(2, 4))


def test_loaded_generator_draws_the_very_same(generator: Generator, tmp_path: Path) -> None:
    save_generator(tmp_path, generator, {"name": "one"})
    loaded = load_generator(tmp_path)
    assert torch.equal(drawn(loaded.generator), drawn(generator))
    assert loaded.card["name"] == "one"


def test_half_the_size_draws_almost_the_same(generator: Generator, tmp_path: Path) -> None:
    save_generator(tmp_path, generator, {}, half=True)
    assert torch.allclose(drawn(load_generator(tmp_path).generator), drawn(generator), atol=5e-3)


def test_damage_is_noticed(generator: Generator, tmp_path: Path) -> None:
    save_generator(tmp_path, generator, {})
    data = bytearray((tmp_path / WEIGHTS).read_bytes())
    data[-3] ^= 1
    (tmp_path / WEIGHTS).write_bytes(data)
    with pytest.raises(GeneratorDamaged, match="checksum"):
        load_generator(tmp_path)


@pytest.mark.parametrize("change", [{"format": 2}, {"config": {"concepts": 3}}, {"config": None}])
def test_card_that_does_not_fit_is_refused(
    change: dict[str, object], generator: Generator, tmp_path: Path
) -> None:
    save_generator(tmp_path, generator, {})
    card = json.loads((tmp_path / CARD).read_text())
    (tmp_path / CARD).write_text(json.dumps(card | change))
    with pytest.raises(GeneratorDamaged):
        load_generator(tmp_path)


def test_nothing_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GeneratorDamaged):
        load_generator(tmp_path / "none")
