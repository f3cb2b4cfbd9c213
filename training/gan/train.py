"""Adversarial training in one call, for notebooks and jobs.

    generator, discriminator = new_networks(pictures)
    generator = train_gan(generator, discriminator, pictures, epochs=200)

The recipe follows from the set, unless one is given.
"""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import torch
from torch import nn

from training.gan.bar import shown
from training.gan.discriminator import Discriminator
from training.gan.labelled import labelled
from training.gan.loop import Loop
from training.gan.measuring import Measure, one_right_picture
from training.gan.pictures import PictureSet
from training.gan.recipe import GanProgress, GanRecipe, Kind, Phase
from training.gan.texts import whitened
from tutor.images.network import FIRST_SIZE, Generator, GeneratorConfig

GENERATOR_CHANNELS = {4: 192, 8: 192, 16: 96, 32: 48, 64: 24, 128: 16}
DISCRIMINATOR_CHANNELS = {4: 128, 8: 128, 16: 96, 32: 48, 64: 24, 128: 16}


def train_gan(
    generator: Generator,
    discriminator: nn.Module,
    dataset: PictureSet | str | Path,
    epochs: float,
    *,
    recipe: GanRecipe | None = None,
    folder: str | Path | None = None,
    device: str | None = None,
    report: Callable[[GanProgress], None] | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Generator:
    """Trains both networks on `dataset` for `epochs` passes and returns the averaged generator.

    `dataset` is a PictureSet or the folder of one, at the generator's size or a multiple of it.
    With `folder`, checkpoints and sheets of samples stay there, and the same call goes on where an
    earlier one was interrupted. Every few minutes it is measured, and the best one is returned.
    Terminals and notebooks show a bar, other places write to the log; a `report` of your own is
    called instead.
    Raises TrainingFailed with a sentence where losses or pictures show that nothing can come of it.
    """
    pictures = dataset if isinstance(dataset, PictureSet) else PictureSet.load(Path(dataset))
    recipe = recipe or recipe_for(pictures, generator.config.size, epochs)
    pictures = pictures.resized(generator.config.size)
    place = Path(folder) if folder is not None else None
    loop = Loop(
        recipe,
        generator,
        discriminator,
        labelled(pictures),
        place,
        device or ("cuda" if torch.cuda.is_available() else "cpu"),
        Measure(pictures, folder=place and place / "sheets"),
    )
    with nullcontext(report) if report else shown() as told:
        loop.run(told, should_stop)
    return loop.best


def new_networks(pictures: PictureSet, size: int | None = None) -> tuple[Generator, Discriminator]:
    """Untrained networks for the concepts and styles of a set, seeded by the caller."""
    size = size or pictures.images.shape[1]
    sizes = [FIRST_SIZE << number for number in range((size // FIRST_SIZE).bit_length())]
    texts = torch.from_numpy(whitened([one.en for one in pictures.labels]))
    concepts, styles = len(pictures.labels), len(pictures.style_names)
    config = GeneratorConfig(
        concepts, styles, texts.shape[1], tuple(GENERATOR_CHANNELS[one] for one in sizes)
    )
    channels = tuple(DISCRIMINATOR_CHANNELS[one] for one in reversed(sizes))
    return Generator(config, texts), Discriminator(concepts, styles, channels)


def recipe_for(pictures: PictureSet, size: int, epochs: float) -> GanRecipe:
    """Icons, of which there is one for each concept and style, begin with regression, most of it at
    half the size; of handwriting there are many right pictures, and noise has to choose."""
    if one_right_picture(pictures):
        return GanRecipe(
            (
                Phase(Kind.REGRESSION, size // 2, 0.5 * epochs),
                Phase(Kind.REGRESSION, size, 0.2 * epochs),
                Phase(Kind.ADVERSARIAL, size, 0.3 * epochs, learning_rate=5e-4),
            )
        )
    phase = Phase(Kind.ADVERSARIAL, size, epochs, learning_rate=5e-4, discriminator_rate=5e-4)
    return replace(GanRecipe((phase,)), target_weight=0.0, variety_weight=0.05)
