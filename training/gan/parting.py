"""Which pictures of a set are held out, to measure a generator on what it was not shown.

Every tenth picture of a thing in a style, at least one where there are eight; of icons, of which
there is one in each style, none: what is held out there could not be learnt at all.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from training.gan.pictures import PictureSet

EVERY, FEWEST = 10, 8


def held_out_rows(pictures: PictureSet) -> NDArray[np.bool_]:
    """For each picture whether it is held out; the same for the same set."""
    found = np.zeros(len(pictures), bool)
    cells = pictures.concepts.astype(np.int64) * len(pictures.style_names) + pictures.styles
    for cell in np.unique(cells):
        rows = np.flatnonzero(cells == cell)
        if len(rows) >= FEWEST:
            found[rows[EVERY // 2 - 1 :: EVERY]] = True
    return found


def parted(pictures: PictureSet) -> tuple[PictureSet, PictureSet]:
    """What is trained on, and what is held out."""
    apart = held_out_rows(pictures)
    return _of(pictures, ~apart), _of(pictures, apart)


def _of(pictures: PictureSet, rows: NDArray[np.bool_]) -> PictureSet:
    return replace(
        pictures,
        images=pictures.images[rows],
        concepts=pictures.concepts[rows],
        styles=pictures.styles[rows],
    )
