"""Whitened sentence embeddings of labels: what a generator's concepts have in common.

Raw embeddings of short labels all point the same way, and a network learns next to nothing from
them; centred and scaled to the same variance in every direction, they tell concepts apart.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from training.failure import TrainingFailed
from tutor.i18n import mark
from tutor.knowledge.embed import sentence_model

TEXT_SIZE = 64
NO_EMBEDDINGS = mark(
    "The package with sentence embeddings is missing. Install Daoshi again with make chat."
)


def whitened(labels: Sequence[str], size: int = TEXT_SIZE) -> NDArray[np.float32]:
    """(labels, size): centred, on the main directions, each scaled to deviation 1; rows that have
    no direction left are 0, as where there are fewer labels than `size`."""
    model = sentence_model()
    if model is None:
        raise TrainingFailed(NO_EMBEDDINGS)
    vectors = model.embed(list(labels)).astype(np.float64)
    centred = vectors - vectors.mean(0)
    left, scale, _ = np.linalg.svd(centred, full_matrices=False)
    kept = scale > 1e-6 * max(scale.max(), 1e-12)
    directions = left[:, kept][:, :size] * len(labels) ** 0.5
    found = np.zeros((len(labels), size), np.float32)
    found[:, : directions.shape[1]] = directions
    return found
