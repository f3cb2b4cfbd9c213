"""Several right pictures of one thing, told apart: each becomes a variant, which is a style.

With one right picture for each condition, regression can teach it, which a few hundred pictures are
enough for; an adversarial training alone would need thousands. What is drawn is then one variant or
a mixture of several.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from training.gan.measuring import one_right_picture
from training.gan.pictures import PictureSet

FEWEST, MOST_VARIANTS = 8, 64


def with_variants(pictures: PictureSet, most: int = MOST_VARIANTS) -> PictureSet:
    """The same set where there is one picture of every thing in every style; else as many variants
    of each thing. What a thing has more of is chosen from evenly, what it has less of is repeated:
    every variant of every thing can be asked for."""
    cells = len(pictures.labels) * len(pictures.style_names)
    if one_right_picture(pictures) and len(pictures) == cells:
        return pictures
    things = [np.flatnonzero(pictures.concepts == one) for one in range(len(pictures.labels))]
    counts = [len(own) for own in things]
    count = min(most, max(counts), max(FEWEST, 2 * int(np.median(counts))))
    rows = np.concatenate([_chosen(own, count) for own in things])
    return replace(
        pictures,
        images=pictures.images[rows],
        concepts=pictures.concepts[rows],
        styles=np.tile(np.arange(count, dtype=np.int8), len(things)),
        style_names=tuple(f"variant-{number + 1}" for number in range(count)),
    )


def _chosen(own: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    if len(own) < count:
        return np.resize(own, count)
    chosen = np.linspace(0, len(own) - 1, count).round().astype(int)
    return np.asarray(own[chosen])
