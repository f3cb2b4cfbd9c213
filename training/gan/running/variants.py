"""Several right pictures of one thing, told apart: each becomes a variant, which is a style.

With one right picture for each condition, regression can teach it, which a few hundred pictures are
enough for; an adversarial training alone would need thousands. What is drawn is then one variant or
a mixture of several.
"""

from dataclasses import replace

import numpy as np

from training.gan.measuring import one_right_picture
from training.gan.pictures import PictureSet

MOST_VARIANTS = 64


def with_variants(pictures: PictureSet, most: int = MOST_VARIANTS) -> PictureSet:
    """The same set where styles tell its pictures apart; else at most so many of each thing, evenly
    chosen, each with a number of its own."""
    if one_right_picture(pictures):
        return pictures
    rows: list[int] = []
    numbers: list[int] = []
    for concept in range(len(pictures.labels)):
        own = np.flatnonzero(pictures.concepts == concept)
        if len(own) > most:
            own = own[np.linspace(0, len(own) - 1, most).round().astype(int)]
        rows += own.tolist()
        numbers += range(len(own))
    names = tuple(f"variant-{number + 1}" for number in range(max(numbers) + 1))
    return replace(
        pictures,
        images=pictures.images[rows],
        concepts=pictures.concepts[rows],
        styles=np.array(numbers, np.int8),
        style_names=names,
    )
