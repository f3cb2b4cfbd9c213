"""The generator: what it is asked for is what comes out."""

import pytest
import torch

from tutor.images.network import Generator, GeneratorConfig, config_from_json

CONFIG = GeneratorConfig(
    4, 3, 5, (8, 8, 8), concept_size=6, style_size=4, cell_size=4, noise_size=4, width=8
)


@pytest.fixture
def generator() -> Generator:
    torch.manual_seed(2)
    made = Generator(CONFIG, torch.randn(4, 5)).eval()
    for film in made.modules():  # as after some training: conditions and noise are seen
        if isinstance(film, torch.nn.Linear):
            torch.nn.init.normal_(film.weight, std=0.3)
    return made


def ask(generator: Generator, size: int | None = None) -> torch.Tensor:
    with torch.no_grad():
        return generator(torch.tensor([0, 3]), torch.eye(3)[[1, 2]], torch.ones(2, 4), size)


def test_sizes_are_those_of_the_stages(generator: Generator) -> None:
    assert CONFIG.size == 16
    assert ask(generator).shape == (2, 3, 16, 16)
    assert ask(generator, 8).shape == (2, 3, 8, 8)


def test_same_request_draws_the_same(generator: Generator) -> None:
    assert torch.equal(ask(generator), ask(generator))


def test_a_batch_draws_what_single_requests_draw(generator: Generator) -> None:
    together = ask(generator)
    with torch.no_grad():
        alone = generator(torch.tensor([3]), torch.eye(3)[[2]], torch.ones(1, 4))
    assert torch.allclose(together[1:], alone, atol=1e-5)


def test_concept_style_and_noise_each_change_the_picture(generator: Generator) -> None:
    with torch.no_grad():
        pictures = generator(
            torch.tensor([0, 1, 0, 0]),
            torch.eye(3)[[0, 0, 1, 0]],
            torch.tensor([[1.0] * 4] * 3 + [[-1.0] * 4]),
        )
    assert all(not torch.allclose(pictures[0], other, atol=1e-4) for other in pictures[1:])


def test_codes_mix_from_one_picture_to_another(generator: Generator) -> None:
    with torch.no_grad():
        codes = generator.codes(torch.tensor([0, 1]), torch.eye(3)[[0, 0]])
        noise = torch.zeros(1, 4)
        ends = [generator.draw(one[None], noise) for one in codes]
        middle = generator.draw((codes[0] + codes[1])[None] / 2, noise)
    distances = [float((middle - end).abs().mean()) for end in ends]
    assert max(distances) < float((ends[0] - ends[1]).abs().mean())


def test_config_survives_json() -> None:
    assert config_from_json(CONFIG.to_json()) == CONFIG
