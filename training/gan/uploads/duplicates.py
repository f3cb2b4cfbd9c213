"""Pictures that are there already, the same or nearly: by their pixels and by a difference hash.

The hash says for each of 16 × 16 places whether it is darker than its right neighbour; flat icons
have much the same hash, so that near duplicates must have nearly the same pixels as well.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from PIL import Image

from training.gan.pictures import Pixels

GRID = 16
WORDS = GRID * GRID // 64
NEAR_BITS = 12  # of 256
NOISE = 8  # of 255: so much differs within one colour after a JPEG file
NEAR_PIXELS = 6.0  # mean difference of thumbnails, 0 … 255


class Likeness(StrEnum):
    SAME = "same"
    NEAR = "near"


@dataclass(frozen=True, slots=True)
class Earlier:
    """The `place`-th picture that was kept is like this one."""

    place: int
    likeness: Likeness


class Seen:
    """What was kept so far: 32 + 768 bytes a picture."""

    def __init__(self) -> None:
        self._exact: dict[bytes, int] = {}
        self._hashes = np.zeros((256, WORDS), np.uint64)
        self._thumbnails = np.zeros((256, GRID, GRID, 3), np.uint8)
        self._count = 0

    def find(self, pixels: Pixels) -> Earlier | None:
        """An earlier picture like this one, the same one before a near one."""
        same = self._exact.get(_digest(pixels))
        if same is not None:
            return Earlier(same, Likeness.SAME)
        known = self._hashes[: self._count]
        differing = np.bitwise_count(known ^ _hash(pixels)).sum(1)
        near = np.flatnonzero(differing <= NEAR_BITS)
        if len(near) == 0:
            return None
        thumbnails = self._thumbnails[near].astype(np.int16) - _thumbnail(pixels)
        distances = np.abs(thumbnails).mean((1, 2, 3))
        best = int(distances.argmin())
        found = float(distances[best]) <= NEAR_PIXELS
        return Earlier(int(near[best]), Likeness.NEAR) if found else None

    def keep(self, pixels: Pixels) -> None:
        """Numbers the pictures in the order in which they are kept."""
        if self._count == len(self._hashes):
            self._hashes = np.concatenate([self._hashes, np.zeros_like(self._hashes)])
            self._thumbnails = np.concatenate([self._thumbnails, np.zeros_like(self._thumbnails)])
        self._exact[_digest(pixels)] = self._count
        self._hashes[self._count] = _hash(pixels)
        self._thumbnails[self._count] = _thumbnail(pixels)
        self._count += 1


def _digest(pixels: Pixels) -> bytes:
    return hashlib.sha256(np.ascontiguousarray(pixels).tobytes()).digest()


def _thumbnail(pixels: Pixels) -> Pixels:
    picture = Image.fromarray(pixels).resize((GRID, GRID), Image.Resampling.BOX)
    return np.asarray(picture, np.uint8)


def _hash(pixels: Pixels) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    grey = Image.fromarray(pixels).convert("L")
    values = np.asarray(grey.resize((GRID + 1, GRID), Image.Resampling.BOX), np.int16)
    bits = np.packbits(values[:, :-1] + NOISE < values[:, 1:])
    return bits.view(np.uint64)
