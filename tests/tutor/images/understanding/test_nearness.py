"""Words that nobody listed, by their meaning; and what happens where there is no embedding."""

from collections.abc import Sequence

import numpy as np
import pytest

from tutor.images.concepts import Concept, Concepts
from tutor.images.request import PictureRequest, Unclear
from tutor.images.understanding.nearness import Nearness
from tutor.knowledge.embedding import Vectors

CONCEPTS = Concepts((Concept("elephant", "elephant", "大象"), Concept("cat", "cat", "猫")))
MEANINGS = {
    "elephant": (1.0, 0.0),
    "cat": (0.0, 1.0),
    "pachyderm": (0.96, 0.28),
    "thingy": (0.7, 0.7),
}


class FakeEmbedder:
    def __init__(self, *, works: bool = True) -> None:
        self.asked: list[str] = []
        self._works = works

    async def embed(self, texts: Sequence[str], timeout_seconds: float = 1.0) -> Vectors | None:
        self.asked += texts
        if not self._works:
            return None
        return np.array([MEANINGS[text] for text in texts], np.float32)


@pytest.fixture
async def nearness() -> Nearness:
    made = Nearness(CONCEPTS, FakeEmbedder())
    assert await made.prepare()
    return made


async def test_unknown_word_is_taken_for_what_it_means(nearness: Nearness) -> None:
    found = await nearness.understand("draw a pachyderm")
    assert isinstance(found, PictureRequest)
    assert found.wanted[0].concept.id == "elephant"
    assert found.confidence < 1


async def test_word_between_two_meanings_becomes_buttons(nearness: Nearness) -> None:
    found = await nearness.understand("draw a thingy")
    assert isinstance(found, Unclear)
    assert {one.id for one in found.nearest} == {"elephant", "cat"}


async def test_known_words_and_chinese_are_not_embedded() -> None:
    embedder = FakeEmbedder()
    nearness = Nearness(CONCEPTS, embedder)
    await nearness.prepare()
    embedder.asked.clear()
    for text in ("draw a cat", "画一只貔貅", "how are you?"):
        await nearness.understand(text)
    assert embedder.asked == []


async def test_without_embeddings_names_still_count() -> None:
    nearness = Nearness(CONCEPTS, FakeEmbedder(works=False))
    assert not await nearness.prepare()
    assert isinstance(await nearness.understand("draw a cat"), PictureRequest)
    assert isinstance(await nearness.understand("draw a pachyderm"), Unclear)
