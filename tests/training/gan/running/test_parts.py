"""What a training is made of: variants, held-out pictures, recipes, networks that go on."""

from pathlib import Path

import numpy as np
import torch

from tests.training.gan.running.conftest import picture_set
from training.gan.measuring import one_right_picture
from training.gan.parting import parted
from training.gan.recipe import Kind
from training.gan.running.networks import networks_for
from training.gan.running.plan import GanPlan, Start, plan_from, recipe_of
from training.gan.running.variants import MOST_VARIANTS, with_variants
from training.lora.recipe import Effort
from tutor.images.network import Generator, GeneratorConfig
from tutor.images.weights import save_generator


def test_every_picture_becomes_a_variant_and_every_cell_is_taught() -> None:
    found = with_variants(picture_set((9, 12, 5)))
    assert one_right_picture(found)
    assert len(found) == len(found.labels) * len(found.style_names) == 3 * 12
    repeated = found.images[found.concepts == 2]
    assert len(np.unique(repeated.reshape(12, -1), axis=0)) == 5


def test_icons_in_styles_stay_as_they_are() -> None:
    icons = picture_set((3, 3), styles=3)
    assert with_variants(icons) is icons


def test_style_that_a_thing_lacks_is_never_left_untaught() -> None:
    found = with_variants(picture_set((3, 2), styles=3))
    assert len(found) == len(found.labels) * len(found.style_names)


def test_many_pictures_are_chosen_from_evenly() -> None:
    found = with_variants(picture_set((150, 150), size=8))
    assert len(found.style_names) == MOST_VARIANTS
    assert np.array_equal(found.images[0], picture_set((150, 150), size=8).images[0])


def test_held_out_pictures_are_never_shown() -> None:
    train, held_out = parted(picture_set((20, 20)))
    assert (len(train), len(held_out)) == (36, 4)
    shown = {one.tobytes() for one in train.images}
    assert not any(one.tobytes() in shown for one in held_out.images)


def test_recipe_begins_with_regression_and_ends_with_the_discriminator() -> None:
    phases = recipe_of(GanPlan()).phases
    kinds = [phase.kind for phase in phases]
    assert kinds == [*[Kind.REGRESSION] * 3, Kind.ADVERSARIAL]
    assert [phase.size for phase in phases] == [16, 32, 32, 32]


def test_what_can_draw_already_needs_half_the_passes() -> None:
    new, known = (recipe_of(GanPlan(start=one)) for one in (Start.SCRATCH, Start.SHIPPED))
    assert sum(one.epochs for one in known.phases) * 2 == sum(one.epochs for one in new.phases)


def test_passes_replace_what_the_effort_stands_for() -> None:
    plan = plan_from({"method": "gan", "effort": "thorough", "passes": 10, "size": "64"})
    assert (plan.effort, plan.size) == (Effort.THOROUGH, 64)
    assert round(sum(one.epochs for one in recipe_of(plan).phases), 6) == 10


def test_networks_are_the_same_for_the_same_seed() -> None:
    first, second = (networks_for(GanPlan(), picture_set((3, 3))) for _ in range(2))
    for one, other in zip(first, second, strict=True):
        pairs = zip(one.state_dict().values(), other.state_dict().values(), strict=True)
        assert all(torch.equal(ours, theirs) for ours, theirs in pairs)


def test_generator_that_ships_is_gone_on_from(tmp_path: Path) -> None:
    config = GeneratorConfig(
        *(7, 4, 64, (16, 16, 8, 8, 4)),
        concept_size=12,
        style_size=4,
        cell_size=4,
        noise_size=4,
        width=16,
    )
    shipped = Generator(config, torch.randn(7, 64))
    save_generator(tmp_path / "icons-1", shipped, {"name": "icons-1"})
    plan = GanPlan(start=Start.SHIPPED)
    found, _ = networks_for(plan, picture_set((3, 3)), tmp_path / "icons-1")
    assert (found.config.size, found.config.concepts, found.config.styles) == (32, 2, 1)
    ours, theirs = found.state_dict(), shipped.state_dict()
    kept = [name for name in ours if name in theirs and name.startswith(("stages.", "condition."))]
    assert kept and all(torch.equal(ours[name], theirs[name]) for name in kept)
    assert ours["concepts.weight"].shape != theirs["concepts.weight"].shape
