"""Measures a trained generator against the pictures that it was shown, and those it was not.

Everything is looked at by the image classifier of `training.gan.features`; what is drawn is drawn
as it is for learners: a variant at random, noise of its own.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sklearn.neighbors import NearestNeighbors

from training.gan.features import Features, features
from training.gan.grid import beside
from training.gan.measures import kernel_distance, nearest_ratio, recognised, variety
from training.gan.measuring import draw_all
from training.gan.pictures import PictureSet, Pixels
from training.gan.running.folder import GanRun
from tutor.images.network import Generator

DRAWN = 12  # of each thing
MOST_REAL = 3000
SHOWN = 48  # pairs on the grid
SMEARED = 4  # times smaller: what nobody recognises any more
COPY, COPY_PIXELS = 0.5, 16  # of the usual distance between real ones, as small pictures
FEW_HELD_OUT = 100  # below them, how far real pictures are from each other is chance
NOT_SHOWN = -1  # the style of a held-out picture: no target of anything that is drawn


@dataclass(frozen=True, slots=True)
class Judged:
    """Shares are 0 to 1. `named` is how often each thing is recognised, `named_real` how often its
    real pictures are. `copies` is the share whose pixels are less than half as far from a picture
    that was shown as those are from each other; `nearest` the median distance to these in features,
    as a share of that of held-out pictures. Distances are kernel distances; `smeared` is that of
    real pictures that were made too small to recognise.
    """

    named: NDArray[np.float64]
    named_real: NDArray[np.float64]
    distance: float
    distance_real: float | None
    smeared: float
    variety: float
    nearest: float
    copies: float
    drawn: int
    grid: bytes


def judge(run: GanRun, generator: Generator, seed: int = 0) -> Judged:
    """The same for the same generator and set."""
    real = _sample(run, seed)
    concepts, styles = _conditions(run.train, seed)
    drawn = draw_all(generator, concepts, styles, seed)
    seen, seen_real = features(drawn), features(real.images)
    shown, apart = seen_real[real.shown], seen_real[~real.shown]
    named = recognised(seen, concepts, styles, seen_real, real.concepts, real.styles)
    # Each real picture is a cell of its own: it alone is left out.
    own = np.arange(len(real.concepts))
    named_real = _left_out(seen_real, real.concepts, own)
    near, usual = _nearest(seen, shown), float(np.median(_nearest_others(shown)))
    small = _as_points(real.images[real.shown])
    near_pixels, usual_pixels = _nearest_points(_as_points(drawn), small), _usual_points(small)
    return Judged(
        named=_by_thing(named, concepts, len(run.train.labels)),
        named_real=_by_thing(named_real, real.concepts, len(run.train.labels)),
        distance=kernel_distance(seen, seen_real),
        distance_real=kernel_distance(shown, apart) if len(apart) >= FEW_HELD_OUT else None,
        smeared=kernel_distance(features(_smeared(real.images)), seen_real),
        variety=variety(drawn, concepts) / max(variety(real.images, real.concepts), 1e-9),
        nearest=nearest_ratio(seen, apart, shown) if len(apart) else float(np.median(near) / usual),
        copies=float((near_pixels < COPY * usual_pixels).mean()),
        drawn=len(drawn),
        grid=_grid(run.train, generator, seed),
    )


@dataclass(frozen=True, slots=True)
class _Real:
    """Pictures that were shown, and those held out, as one."""

    images: Pixels
    concepts: NDArray[np.int16]
    styles: NDArray[np.int8]
    shown: NDArray[np.bool_]


def _sample(run: GanRun, seed: int) -> _Real:
    images = np.concatenate([run.train.images, run.held_out.images])
    concepts = np.concatenate([run.train.concepts, run.held_out.concepts])
    apart = np.full(len(run.held_out), NOT_SHOWN, np.int8)
    styles = np.concatenate([run.train.styles, apart])
    shown = np.arange(len(images)) < len(run.train)
    rows = np.arange(len(images))
    if len(rows) > MOST_REAL:
        rows = np.sort(np.random.default_rng(seed).choice(rows, MOST_REAL, replace=False))
    return _Real(images[rows], concepts[rows], styles[rows], shown[rows])


def _conditions(train: PictureSet, seed: int) -> tuple[NDArray[np.int16], NDArray[np.int8]]:
    """Each thing some times, in variants that it has."""
    rng = np.random.default_rng(seed)
    styles = [
        rng.choice(train.styles[train.concepts == one], DRAWN) for one in range(len(train.labels))
    ]
    concepts = np.repeat(np.arange(len(train.labels), dtype=np.int16), DRAWN)
    return concepts, np.concatenate(styles).astype(np.int8)


def _left_out(
    seen: Features, concepts: NDArray[np.int16], own: NDArray[np.int64]
) -> NDArray[np.bool_]:
    return recognised(seen, concepts, own, seen, concepts, own)


def _by_thing(
    named: NDArray[np.bool_], concepts: NDArray[np.int16], count: int
) -> NDArray[np.float64]:
    hits = np.bincount(concepts, weights=named, minlength=count)
    return np.asarray(hits / np.maximum(np.bincount(concepts, minlength=count), 1))


def _nearest(pictures: Features, others: Features) -> NDArray[np.float64]:
    likeness = (pictures @ others.T).max(1).astype(np.float64)
    return np.asarray(np.sqrt(np.clip(2 - 2 * likeness, 0, None)))


def _nearest_others(pictures: Features) -> NDArray[np.float64]:
    """How near each picture's nearest neighbour is, itself left out."""
    likeness = (pictures @ pictures.T).astype(np.float64)
    np.fill_diagonal(likeness, -1.0)
    return np.asarray(np.sqrt(np.clip(2 - 2 * likeness.max(1), 0, None)))


def _as_points(images: Pixels) -> NDArray[np.float32]:
    """Small pictures as rows of numbers, 0 to 1."""
    size = images.shape[1] // COPY_PIXELS
    blocks = images.reshape(len(images), COPY_PIXELS, size, COPY_PIXELS, size, 3)
    small = blocks.astype(np.float32).mean((2, 4)) / 255
    return np.asarray(small.reshape(len(images), -1), np.float32)


def _nearest_points(
    points: NDArray[np.float32], others: NDArray[np.float32]
) -> NDArray[np.float64]:
    return np.asarray(NearestNeighbors(n_neighbors=1).fit(others).kneighbors(points)[0][:, 0])


def _usual_points(points: NDArray[np.float32]) -> float:
    """The median distance to the nearest other one."""
    neighbours = NearestNeighbors(n_neighbors=2).fit(points)
    return float(np.median(neighbours.kneighbors(points)[0][:, 1]))


def _smeared(images: Pixels) -> Pixels:
    size = images.shape[1]
    return np.stack(
        [
            np.asarray(
                Image.fromarray(one)
                .resize((size // SMEARED, size // SMEARED), Image.Resampling.BOX)
                .resize((size, size), Image.Resampling.BICUBIC)
            )
            for one in images
        ]
    )


def _grid(train: PictureSet, generator: Generator, seed: int) -> bytes:
    """Real pictures, each with what is drawn for the same condition to its right."""
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.choice(len(train), min(SHOWN, len(train)), replace=False))
    drawn = draw_all(generator, train.concepts[rows], train.styles[rows], seed)
    return beside(train.images[rows], drawn, 6)
