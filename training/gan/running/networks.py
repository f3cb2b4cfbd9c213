"""The networks of a training: new ones, or such as go on from the generator that ships."""

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from training.failure import TrainingFailed
from training.gan.discriminator import Discriminator
from training.gan.pictures import PictureSet
from training.gan.running.plan import GanPlan, Start
from training.gan.texts import whitened
from training.gan.train import new_networks
from tutor.i18n import mark
from tutor.images import weights
from tutor.images.network import Generator, GeneratorConfig
from tutor.images.weights import GeneratorDamaged, load_generator

SHIPPED = Path(weights.__file__).parent / "shipped" / "icons-1"
NOT_SHIPPED = mark(
    "The generator that comes with Daoshi is not there, so nothing can go on from it. Install "
    "Daoshi again, or train from scratch."
)
OWN = ("concepts.", "styles.", "cells.", "texts", "read_text.")
"""What belongs to the things and styles of a set, and is learnt anew for others."""


def networks_for(
    plan: GanPlan, pictures: PictureSet, shipped: Path = SHIPPED
) -> tuple[Generator, Discriminator]:
    """Both, the same for the same plan and set. Raises TrainingFailed."""
    torch.manual_seed(plan.seed)
    generator, discriminator = new_networks(pictures, plan.size)
    if plan.start is Start.SHIPPED:
        generator = _continued(plan, pictures, shipped)
    return generator, discriminator


def _continued(plan: GanPlan, pictures: PictureSet, shipped: Path) -> Generator:
    """How things are drawn is kept, which things is not."""
    try:
        known = load_generator(shipped).generator
    except GeneratorDamaged as error:
        raise TrainingFailed(NOT_SHIPPED) from error
    stages = (plan.size // 4).bit_length()
    theirs = known.config
    texts = torch.from_numpy(whitened([one.en for one in pictures.labels]))
    generator = Generator(
        GeneratorConfig(
            len(pictures.labels),
            len(pictures.style_names),
            texts.shape[1],
            theirs.channels[:stages],
            theirs.concept_size,
            theirs.style_size,
            theirs.cell_size,
            theirs.noise_size,
            theirs.width,
        ),
        texts,
    )
    generator.load_state_dict(_kept(known.state_dict(), generator.state_dict()), strict=False)
    return generator


def _kept(theirs: Mapping[str, Tensor], ours: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {
        name: one
        for name, one in theirs.items()
        if name in ours and not name.startswith(OWN) and ours[name].shape == one.shape
    }
