"""Training itself, with tiny networks."""

from pathlib import Path

import pytest
import torch

from training.gan.discriminator import Discriminator, deviation
from training.gan.labelled import LabelledPictures
from training.gan.loop import Loop
from training.gan.losses import GanLoss
from training.gan.recipe import GanRecipe, Kind, Phase, from_json, to_json
from tutor.images.network import Generator, GeneratorConfig

CONCEPTS, STYLES = 3, 2
REGRESSION = Phase(Kind.REGRESSION, 8, 8, batch=6)
ADVERSARIAL = Phase(Kind.ADVERSARIAL, 8, 3, batch=4)


def networks() -> tuple[Generator, Discriminator]:
    torch.manual_seed(5)
    config = GeneratorConfig(
        CONCEPTS,
        STYLES,
        4,
        (8, 8),
        concept_size=6,
        style_size=4,
        cell_size=4,
        noise_size=4,
        width=8,
    )
    return Generator(config, torch.randn(CONCEPTS, 4)), Discriminator(CONCEPTS, STYLES, (8, 8))


@pytest.fixture
def examples() -> LabelledPictures:
    """One picture for each concept in each style: flat colours."""
    cells = [(concept, style) for concept in range(CONCEPTS) for style in range(STYLES)]
    pictures = torch.stack(
        [torch.full((3, 8, 8), 40 * concept + 90 * style) for concept, style in cells]
    )
    concepts, styles = torch.tensor(cells).T
    return LabelledPictures(
        pictures.to(torch.uint8), concepts.to(torch.int16), styles.to(torch.int8), STYLES
    )


def drawn(generator: Generator) -> torch.Tensor:
    with torch.no_grad():
        return generator(torch.tensor([0, 1, 2]), torch.eye(STYLES)[[0, 1, 0]], torch.zeros(3, 4))


def test_regression_learns_the_targets(examples: LabelledPictures) -> None:
    generator, discriminator = networks()
    loop = Loop(
        GanRecipe((Phase(Kind.REGRESSION, 8, 200, batch=6),), ramp_steps=5),
        generator,
        discriminator,
        examples,
    )
    assert loop.run()
    wanted = torch.tensor([0.0, 130.0, 80.0]) / 127.5 - 1
    assert drawn(generator).mean((1, 2, 3)) == pytest.approx(wanted, abs=0.15)


@pytest.mark.parametrize("kind", GanLoss)
def test_every_loss_moves_both_networks(kind: GanLoss, examples: LabelledPictures) -> None:
    generator, discriminator = networks()
    before = [one.clone() for one in (generator.layout.weight, discriminator.from_rgb.weight)]
    loop = Loop(
        GanRecipe((ADVERSARIAL,), loss=kind, ramp_steps=1), generator, discriminator, examples
    )
    assert loop.run()
    for old, new in zip(
        before, (generator.layout.weight, discriminator.from_rgb.weight), strict=True
    ):
        assert not torch.equal(old, new)
        assert torch.isfinite(new).all()


def test_training_that_was_stopped_ends_as_one_that_was_not(
    examples: LabelledPictures, tmp_path: Path
) -> None:
    recipe = GanRecipe((REGRESSION, ADVERSARIAL), variety_weight=0.1)
    whole, discriminator = networks()
    assert Loop(recipe, whole, discriminator, examples).run()
    interrupted, discriminator = networks()
    first = Loop(recipe, interrupted, discriminator, examples, tmp_path)
    left = iter([False] * 9 + [True])
    assert not first.run(should_stop=lambda: next(left))
    again, discriminator = networks()
    second = Loop(recipe, again, discriminator, examples, tmp_path)
    assert second.run()
    assert torch.equal(drawn(whole), drawn(again))


def test_how_often_it_is_looked_at_changes_nothing(
    examples: LabelledPictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.gan.loop.COLLAPSE_STEPS", 4)
    drawings = []
    for seconds in (0.0, 60.0):
        clock = iter(float(number) * seconds for number in range(10_000))
        generator, discriminator = networks()
        recipe = GanRecipe((Phase(Kind.ADVERSARIAL, 8, 6, batch=4),))
        loop = Loop(
            recipe, generator, discriminator, examples, clock=lambda ticks=clock: next(ticks)
        )
        assert loop.run()
        drawings.append(drawn(generator))
    assert torch.equal(*drawings)


def test_another_training_in_the_same_folder_begins_anew(
    examples: LabelledPictures, tmp_path: Path
) -> None:
    generator, discriminator = networks()
    Loop(GanRecipe((REGRESSION,)), generator, discriminator, examples, tmp_path).run()
    steps = []
    generator, discriminator = networks()
    other = Loop(GanRecipe((REGRESSION,), seed=7), generator, discriminator, examples, tmp_path)
    other.run(should_stop=lambda: steps.append(other.progress().step) or len(steps) > 1)
    assert steps[0] == 0


def test_rate_falls_along_half_a_cosine() -> None:
    phase = Phase(Kind.REGRESSION, 8, 10, last_share=0.2)
    assert [phase.share_of_rate(done) for done in (0, 0.5, 1)] == pytest.approx([1.0, 0.6, 0.2])


def test_half_precision_learns_the_same(examples: LabelledPictures) -> None:
    """A few steps of both kinds end nearly where those in 32 bits end."""
    drawings = []
    for half in (False, True):
        generator, discriminator = networks()
        recipe = GanRecipe((REGRESSION, ADVERSARIAL), ramp_steps=20)
        loop = Loop(recipe, generator, discriminator, examples, half=half)
        assert loop.run()
        drawings.append(drawn(generator))
    assert not torch.equal(*drawings)
    assert torch.allclose(*drawings, atol=0.05)


def test_deviation_tells_varied_batches_from_equal_ones() -> None:
    same = torch.ones(4, 3, 4, 4)
    assert deviation(same).max() < 1e-3
    assert deviation(torch.randn(4, 3, 4, 4)).min() > 0.3


def test_recipe_survives_json() -> None:
    recipe = GanRecipe((REGRESSION, ADVERSARIAL), loss=GanLoss.HINGE)
    assert from_json(to_json(recipe)) == recipe


def test_best_measured_generator_is_kept(examples: LabelledPictures, tmp_path: Path) -> None:
    """Measured at the end alone, with a worse score after it was resumed with more steps."""
    scores = iter([2.0, 1.0])
    seen: list[torch.Tensor] = []

    def measure(generator: Generator) -> dict[str, float]:
        seen.append(drawn(generator))
        return {"score": next(scores)}

    generator, discriminator = networks()
    first = Loop(
        GanRecipe((REGRESSION,)), generator, discriminator, examples, tmp_path, measure=measure
    )
    stops = iter([False] * 4 + [True])
    assert not first.run(should_stop=lambda: next(stops))
    generator, discriminator = networks()
    second = Loop(
        GanRecipe((REGRESSION,)), generator, discriminator, examples, tmp_path, measure=measure
    )
    assert second.run()
    assert torch.equal(drawn(second.best), seen[0])
    assert torch.equal(drawn(second.average), seen[1])
    assert not torch.equal(seen[0], seen[1])
