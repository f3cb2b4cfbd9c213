"""What unknown English words mean, by sentence embeddings: the last resort, and optional.

`understand` itself waits for nothing. Here its answer is taken, and where it was left with words
that it doesn't know, their nearest labels are asked for and it reads once more.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from tutor.images.concepts import Concepts
from tutor.images.request import PictureRequest, Reading, Unclear
from tutor.images.understanding.even_text import has_chinese
from tutor.images.understanding.understand import understand
from tutor.knowledge.embedding import BATCH_SECONDS, QUERY_SECONDS, Vectors

NEAREST = 5


class Embedding(Protocol):
    """`tutor.knowledge.embedding.Embedder`, or a double."""

    async def embed(
        self, texts: Sequence[str], timeout_seconds: float = BATCH_SECONDS
    ) -> Vectors | None: ...


class Nearness:
    """The labels of a list as unit vectors. Without `prepare`, or an embedding, nothing is near."""

    def __init__(self, concepts: Concepts, embedder: Embedding) -> None:
        self._concepts = concepts
        self._embedder = embedder
        self._every = [one for one in (*concepts.offered, *concepts.known) if not one.is_digit]
        self._vectors: Vectors | None = None

    async def prepare(self) -> bool:
        """Embeds the labels, which takes seconds; False where that can't be done."""
        self._vectors = await self._embedder.embed([one.en for one in self._every])
        return self._vectors is not None

    async def nearest(self, words: str) -> list[tuple[str, float]]:
        """Ids of concepts with their cosine to the words, the nearest first."""
        if self._vectors is None or not words or has_chinese(words):
            return []
        asked = await self._embedder.embed([words], QUERY_SECONDS)
        if asked is None:
            return []
        likeness = self._vectors @ asked[0]
        best = np.argsort(-likeness)[:NEAREST]
        return [(self._every[place].id, float(likeness[place])) for place in best]

    async def understand(
        self, text: str, *, previous: PictureRequest | None = None, commanded: bool = False
    ) -> Reading:
        """As `understand` does, and by meaning where words are unknown to it."""
        found = understand(text, self._concepts, previous=previous, commanded=commanded)
        if not isinstance(found, Unclear) or not found.words:
            return found
        unknown = found.words.rstrip("…")
        ranked = await self.nearest(unknown)
        if not ranked:
            return found
        return understand(
            text,
            self._concepts,
            previous=previous,
            commanded=commanded,
            similar=lambda words: ranked if words.startswith(unknown) else [],
        )
