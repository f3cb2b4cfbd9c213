"""Finds the passages that a question is about, in what the asker may see and nowhere else."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from storage.database import Database
from storage.materials import MaterialScope, passages_of, ready_materials
from tutor.knowledge.embedding import QUERY_SECONDS, Embedder, Vectors
from tutor.knowledge.index import Hit, MaterialIndex
from tutor.knowledge.words import is_chinese

CACHE_BYTES = 256 * 1024 * 1024
LOOKED_AT = 12
RANK_OFFSET = 60
"""Of reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009)."""
COVERED_ENOUGH = 0.5
SIMILAR_ENOUGH = 0.45
NOT_UNLIKE = 0.2
"""How near in meaning a passage has to be that was found by its words."""


@dataclass(frozen=True, slots=True)
class Source:
    """A passage with what is needed to cite it. `page` counts from 1; `pages` of the document."""

    material_id: str
    name: str
    page: int
    heading: str
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """A hit and where it was found."""

    material_id: str
    index: MaterialIndex
    hit: Hit


class Library:
    """Searches the materials of a database. Indexes are kept in memory, those last used."""

    def __init__(self, database: Database, embedder: Embedder | None = None) -> None:
        self._database = database
        self._embedder = embedder
        self._indexes: OrderedDict[str, MaterialIndex] = OrderedDict()
        self._building = asyncio.Lock()

    async def find(self, scope: MaterialScope, question: str, count: int = 4) -> tuple[Source, ...]:
        """The passages that fit the question, best first; none where nothing really fits."""
        if not question.strip() or not (scope.course_ids or scope.channel):
            return ()
        async with self._database.read() as session:
            names = await ready_materials(session, scope)
        if not names:
            return ()
        vector = await self._vector(question)
        found: list[Found] = []
        for material_id in names:
            index = await self._index(material_id)
            hits = await asyncio.to_thread(index.find, question, vector, LOOKED_AT)
            found += [Found(material_id, index, hit) for hit in hits if _fits(hit)]
        return tuple(
            _source(one, names[one.material_id], score) for one, score in ranked(found)[:count]
        )

    async def close(self) -> None:
        if self._embedder is not None:
            await self._embedder.close()

    async def _vector(self, question: str) -> Vectors | None:
        if self._embedder is None or is_chinese(question):
            return None
        vectors = await self._embedder.embed([question], QUERY_SECONDS)
        return None if vectors is None else vectors[0]

    async def _index(self, material_id: str) -> MaterialIndex:
        async with self._building:
            index = self._indexes.get(material_id)
            if index is None:
                async with self._database.long_read() as session:
                    passages = await passages_of(session, material_id)
                index = await asyncio.to_thread(MaterialIndex, passages)
                self._indexes[material_id] = index
                self._forget_oldest(keep=material_id)
            self._indexes.move_to_end(material_id)
            return index

    def _forget_oldest(self, keep: str) -> None:
        while sum(index.size_bytes for index in self._indexes.values()) > CACHE_BYTES:
            oldest = next(iter(self._indexes))
            if oldest == keep:
                return
            del self._indexes[oldest]


def ranked(found: Sequence[Found]) -> list[tuple[Found, float]]:
    """Reciprocal rank fusion of the order by words and the order by meaning, best first."""
    by_words = [one for one in found if one.hit.score > 0]
    by_words.sort(key=lambda one: -one.hit.score * (0.2 + one.hit.covered))
    by_meaning = [one for one in found if one.hit.similarity]
    by_meaning.sort(key=lambda one: -(one.hit.similarity or 0.0))
    scores = {id(one): 0.0 for one in found}
    for listed in (by_words, by_meaning):
        for rank, one in enumerate(listed):
            scores[id(one)] += 1 / (RANK_OFFSET + rank)
    best = sorted(found, key=lambda one: -scores[id(one)])
    return [(one, scores[id(one)]) for one in best]


def _fits(hit: Hit) -> bool:
    """Whether a passage is about the question: no source is better than a wrong one."""
    if hit.similarity is None:
        return hit.covered >= COVERED_ENOUGH
    enough_words = hit.covered >= COVERED_ENOUGH and hit.similarity >= NOT_UNLIKE
    return enough_words or hit.similarity >= SIMILAR_ENOUGH


def _source(one: Found, name: str, score: float) -> Source:
    passage = one.index.passages[one.hit.position]
    return Source(one.material_id, name, passage.page, passage.heading, passage.text, score)
