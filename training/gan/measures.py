"""How good generated pictures are: recognised, varied, not copied, and distributed like real ones.

All on features (N, D) of unit length, rows of `generated` belonging to those of the conditions.
"""

import numpy as np
from numpy.typing import NDArray

from training.gan.features import Features

Numbers = NDArray[np.integer]
BLOCK = 200  # of the kernel distance's estimate


def recognised(
    found: Features,
    concepts: Numbers,
    styles: Numbers,
    real: Features,
    real_concepts: Numbers,
    real_styles: Numbers,
) -> NDArray[np.bool_]:
    """For each picture whether the nearest real one shows its concept, its own target left out.

    The own target is the real picture of the same concept in the same style: near it lies whatever
    was learnt by heart, recognisable or not. For real pictures this is leaving one out.
    """
    likeness = found @ real.T
    own = (concepts[:, None] == real_concepts) & (styles[:, None] == real_styles)
    likeness[own] = -np.inf
    return np.asarray(real_concepts[likeness.argmax(1)] == concepts)


def kernel_distance(first: Features, second: Features, seed: int = 0) -> float:
    """The squared maximum mean discrepancy with a cubic kernel, unbiased, over blocks (Binkowski et
    al., "Demystifying MMD GANs", 2018), times 1000."""
    rng = np.random.default_rng(seed)
    size = min(BLOCK, len(first), len(second))
    blocks = max(1, min(len(first), len(second)) // size) * 4
    values = []
    for _ in range(blocks):
        one = first[rng.choice(len(first), size, replace=False)]
        two = second[rng.choice(len(second), size, replace=False)]
        values.append(_discrepancy(one, two))
    return float(np.mean(values) * 1000)


def _discrepancy(one: Features, two: Features) -> float:
    size = len(one)
    within = sum((_kernel(x, x).sum() - _kernel(x, x).trace()) for x in (one, two))
    return float(within / (size * (size - 1)) - 2 * _kernel(one, two).mean())


def _kernel(one: Features, two: Features) -> Features:
    # The original divides by the dimension, since its features have no length of 1.
    return np.asarray((one @ two.T + 1) ** 3, np.float32)


def variety(pictures: NDArray[np.uint8], concepts: Numbers) -> float:
    """The mean deviation of pixels (0 … 255) among pictures of one concept, over the concepts."""
    groups = [pictures[concepts == one].astype(np.float32) for one in np.unique(concepts)]
    return float(np.mean([group.std(0).mean() for group in groups if len(group) > 1]))


def nearest_ratio(generated: Features, held_out: Features, train: Features) -> float:
    """The median distance of generated pictures to the nearest training picture, as a share of that
    of real pictures that were held out: 1 is as new as real ones, 0 is copied."""
    found = float(np.median(_nearest(generated, train)))
    return found / max(float(np.median(_nearest(held_out, train))), 1e-9)


def _nearest(pictures: Features, others: Features) -> Features:
    squared = np.clip(2 - 2 * (pictures @ others.T).max(1), 0, None)
    return np.asarray(np.sqrt(squared), np.float32)
