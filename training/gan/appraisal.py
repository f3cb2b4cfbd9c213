"""Looks at everything that a generator can draw, thing by thing, beside the set that it learnt.

Knows nothing of what is offered: `training.gan.offering` decides by these counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.gan.features import Features, features
from training.gan.measures import kernel_distance, recognised, variety
from training.gan.measuring import draw_all, one_right_picture
from training.gan.offering import Thing
from training.gan.pictures import PictureSet
from tutor.images.network import Generator

DRAWN = 100  # of a thing that has many right pictures
MOST_REAL = 3000  # of a set of many
ALIKE = 75  # per cent of the real pictures are less like any other thing
_NO_TARGET = -1
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Appraisal:
    """Things in the order of the set. `alike`: three of four real pictures are no more than this
    like the nearest one of another thing; None where no drawing has a target. `cells` are the
    styles that each thing has, best first; `whole` are figures over everything."""

    things: tuple[Thing, ...]
    alike: float | None
    cells: Mapping[str, tuple[str, ...]]
    whole: Mapping[str, float]


def appraise(generator: Generator, pictures: PictureSet, seed: int = 0) -> Appraisal:
    """The same for the same generator, set and seed."""
    if one_right_picture(pictures):
        return _paired(generator, pictures, seed)
    return _many(generator, pictures, seed)


def _paired(generator: Generator, pictures: PictureSet, seed: int) -> Appraisal:
    """Every picture of the set beside what is drawn for the same thing in the same style."""
    concepts, styles = _numbers(pictures.concepts), _numbers(pictures.styles)
    real = features(pictures.images)
    seen = features(draw_all(generator, concepts, styles, seed))
    named = recognised(seen, concepts, styles, real, concepts, styles)
    named_real = recognised(real, concepts, styles, real, concepts, styles)
    found = concepts[(seen @ real.T).argmax(1)] == concepts
    likeness = (seen * real).sum(1)
    things = []
    for number, label in enumerate(pictures.labels):
        own = concepts == number
        hits, hits_real, hits_found = (int(one[own].sum()) for one in (named, named_real, found))
        mean = float(likeness[own].mean()) if own.any() else None
        things.append(Thing(label.id, int(own.sum()), hits, hits_real, hits_found, mean))
    whole = {
        "concept_accuracy": float(named.mean()),
        "concept_accuracy_real": float(named_real.mean()),
        "target_likeness": float(likeness.mean()),
        "kernel_distance": kernel_distance(seen, real),
    }
    alike = float(np.percentile(_nearest_other(real, concepts), ALIKE))
    return Appraisal(tuple(things), alike, _cells(pictures, found, named), whole)


def _many(generator: Generator, pictures: PictureSet, seed: int) -> Appraisal:
    """Some pictures of each thing, none of which has a target of its own, beside real ones."""
    rng = np.random.default_rng(seed)
    count = len(pictures)
    rows = np.sort(rng.choice(count, min(MOST_REAL, count), replace=False))
    real, real_concepts = features(pictures.images[rows]), _numbers(pictures.concepts[rows])
    concepts = np.repeat(np.arange(len(pictures.labels)), DRAWN)
    styles = np.concatenate(
        [rng.choice(_styles_of(pictures, one), DRAWN) for one in range(len(pictures.labels))]
    )
    drawn = draw_all(generator, concepts, styles, seed)
    seen = features(drawn)
    nobody, itself = np.full(len(concepts), _NO_TARGET), np.arange(len(rows))
    named = recognised(seen, concepts, nobody, real, real_concepts, itself)
    named_real = recognised(real, real_concepts, itself, real, real_concepts, itself)
    things = []
    for number, label in enumerate(pictures.labels):
        hits = int(named[concepts == number].sum())
        share = float(named_real[real_concepts == number].mean())
        things.append(Thing(label.id, DRAWN, hits, round(share * DRAWN), hits))
    images = np.asarray(pictures.images[rows])
    whole = {
        "concept_accuracy": float(named.mean()),
        "concept_accuracy_real": float(named_real.mean()),
        "variety_ratio": variety(drawn, concepts) / max(variety(images, real_concepts), 1e-9),
        "kernel_distance": kernel_distance(seen, real),
    }
    everywhere = {
        label.id: tuple(pictures.style_names[style] for style in _styles_of(pictures, number))
        for number, label in enumerate(pictures.labels)
    }
    return Appraisal(tuple(things), None, everywhere, whole)


def _cells(
    pictures: PictureSet, found: NDArray[np.bool_], named: NDArray[np.bool_]
) -> dict[str, tuple[str, ...]]:
    """First the styles in which a thing's own pictures are nearest, each part in the order of how
    often things are named in a style."""
    count = len(pictures.style_names)
    hits = np.bincount(pictures.styles, weights=named, minlength=count)
    shares = hits / np.maximum(np.bincount(pictures.styles, minlength=count), 1)
    cells = {}
    for number, label in enumerate(pictures.labels):
        own = np.flatnonzero(pictures.concepts == number)
        ranked = sorted(own, key=lambda row: (not found[row], -shares[pictures.styles[row]]))
        cells[label.id] = tuple(pictures.style_names[pictures.styles[row]] for row in ranked)
    return cells


def _nearest_other(real: Features, concepts: Numbers) -> Features:
    """How like the nearest picture of another thing each real picture is."""
    likeness = real @ real.T
    likeness[concepts[:, None] == concepts] = -1.0
    return np.asarray(likeness.max(1), np.float32)


def _styles_of(pictures: PictureSet, number: int) -> Sequence[int]:
    return [int(one) for one in np.unique(pictures.styles[pictures.concepts == number])]


def _numbers(numbers: NDArray[np.integer]) -> Numbers:
    return np.asarray(numbers, np.int64)
