"""Finds examples that were there before: the same text, or nearly the same.

Nearly the same are two examples with the same numbers whose 5-grams of words overlap by 80 % or
more, in the whole and in what the tutor says. Candidates come from MinHash signatures in bands
(Broder 1997; Leskovec et al., Mining of Massive Datasets, chapter 3), so that the cost stays
proportional to the number of examples; each is compared exactly with a few.
"""

import hashlib
from enum import Enum

import numpy as np
import numpy.typing as npt

from training.datasets.example import Example
from training.datasets.normalising import normalised, numbers_of, tokens_of

WORDS = 5
SIMILAR = 0.8
BANDS, ROWS = 16, 6  # at a similarity of 0.8 a pair is found in 99 %, at 0.5 in 22 %
COMPARED = 8  # of one bucket
MOST_SHINGLES = 2000
_PRIME = np.uint64((1 << 31) - 1)

Hashes = npt.NDArray[np.uint32]


class Duplicate(Enum):
    EXACT = "exact"
    NEAR = "near"


class Seen:
    """Remembers examples by hashes only; no text is kept."""

    def __init__(self, seed: int = 1) -> None:
        rng = np.random.default_rng(seed)
        count = BANDS * ROWS
        self._factors = rng.integers(1, int(_PRIME), count, dtype=np.uint64)[:, None]
        self._terms = rng.integers(0, int(_PRIME), count, dtype=np.uint64)[:, None]
        self._exact: set[bytes] = set()
        self._shingles: list[tuple[Hashes, Hashes]] = []
        self._buckets: dict[bytes, tuple[int, ...]] = {}  # most hold one: a list would be larger

    def look(self, example: Example) -> Duplicate | None:
        """Whether an example was there before; if not, it is from now on."""
        asked, said = _texts(example)
        digest = hashlib.sha256(f"{example.kind}\0{asked}\0{said}".encode()).digest()
        if digest in self._exact:
            return Duplicate.EXACT
        self._exact.add(digest)
        # The same reply liked and disliked is no repetition: learning is from the difference.
        numbers = f"{numbers_of(f'{asked} {said}')}{example.kind}{example.desired}"
        shingles = _hashes(f"{asked} {said}"), _hashes(said)
        keys = self._keys(shingles[0], numbers)
        candidates = {number for key in keys for number in self._buckets.get(key, ())}
        if any(_alike(shingles, self._shingles[number]) for number in candidates):
            return Duplicate.NEAR
        for key in keys:
            self._buckets[key] = (*self._buckets.get(key, ()), len(self._shingles))[-COMPARED:]
        self._shingles.append(shingles)
        return None

    def _keys(self, shingles: Hashes, numbers: str) -> list[bytes]:
        """One key for each band of the signature; other numbers or ratings never meet."""
        wide = shingles.astype(np.uint64)[None, :]
        signature = ((self._factors * wide + self._terms) % _PRIME).min(axis=1)
        told = numbers.encode()
        return [
            hashlib.blake2b(
                bytes([band]) + signature[band * ROWS : (band + 1) * ROWS].tobytes() + told,
                digest_size=12,
            ).digest()
            for band in range(BANDS)
        ]


def _texts(example: Example) -> tuple[str, str]:
    """What comes before, and what is learnt; instructions are the same in all and do not count."""
    asked = [one.content for one in example.messages if one.role == "user"]
    said = [one.content for one in example.messages if one.role == "assistant"]
    said += [example.chosen, example.rejected, example.text, str(example.desired)]
    return normalised("\n".join(asked)), normalised("\n".join(said))


def _hashes(text: str) -> Hashes:
    words = tokens_of(text)[:MOST_SHINGLES]
    grams = {tuple(words[at : at + WORDS]) for at in range(max(1, len(words) - WORDS + 1))}
    found = [
        int.from_bytes(hashlib.blake2b("\0".join(gram).encode(), digest_size=4).digest(), "big")
        for gram in grams
    ]
    return np.unique(np.array(found, dtype=np.uint64) % _PRIME).astype(np.uint32)


def _alike(one: tuple[Hashes, Hashes], other: tuple[Hashes, Hashes]) -> bool:
    return all(_jaccard(mine, theirs) >= SIMILAR for mine, theirs in zip(one, other, strict=True))


def _jaccard(one: Hashes, other: Hashes) -> float:
    common = np.intersect1d(one, other, assume_unique=True).size
    return common / (one.size + other.size - common)
