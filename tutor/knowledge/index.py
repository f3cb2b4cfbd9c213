"""The searchable passages of one material: by words with tantivy, by meaning with vectors.

Built in memory from the stored passages; the library keeps those that were used last.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import tantivy

from storage.materials import StoredPassage
from tutor.knowledge.embedding import Vectors, unpacked
from tutor.knowledge.words import (
    HAN,
    chinese_words,
    content_words,
    index_terms,
    query_terms,
)

WRITER_BYTES = 15_000_000  # the least that tantivy takes
ANALYZER = "words"


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage by its position, how well its words fit (BM25) and how near its meaning is.

    `covered` is the share of the question's words that stand in the passage; `similarity` is the
    cosine of the embeddings, None where there is one missing.
    """

    position: int
    score: float
    covered: float
    similarity: float | None


class MaterialIndex:
    """Finds passages of one material."""

    def __init__(self, passages: Sequence[StoredPassage]) -> None:
        self.passages = passages
        self.size_bytes = sum(4 * len(p.text) + 2 * len(p.embedding) for p in passages)
        self._vectors = unpacked([passage.embedding for passage in passages])
        self._index = _filled(passages)

    def find(self, question: str, vector: Vectors | None, count: int) -> list[Hit]:
        """The best passages by words and by meaning, each list's best `count`, not yet ranked."""
        by_words = self._by_words(question, count)
        similar = None if vector is None else self._vectors @ vector
        nearest = () if similar is None else np.argsort(-similar)[:count].tolist()
        wanted = Wanted.of(question)
        return [
            Hit(
                position,
                by_words.get(position, 0.0),
                wanted.covered_by(self.passages[position]),
                self._similarity(similar, position),
            )
            for position in dict.fromkeys((*by_words, *nearest))
        ]

    def _similarity(self, similar: Vectors | None, position: int) -> float | None:
        if similar is None or not self.passages[position].embedding:
            return None
        return float(similar[position])

    def _by_words(self, question: str, count: int) -> dict[int, float]:
        words = query_terms(question)
        if not words:
            return {}
        query, _ = self._index.parse_query_lenient(" ".join(words), ["text", "heading"])
        searcher = self._index.searcher()
        found = searcher.search(query, count).hits
        return {searcher.doc(at)["position"][0]: score for score, at in found}


def _filled(passages: Sequence[StoredPassage]) -> tantivy.Index:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name=ANALYZER)
    builder.add_text_field("heading", tokenizer_name=ANALYZER)
    builder.add_unsigned_field("position", stored=True)
    index = tantivy.Index(builder.build())
    index.register_tokenizer(
        ANALYZER,
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
        .filter(tantivy.Filter.remove_long(60))
        .filter(tantivy.Filter.stemmer("english"))
        .build(),
    )
    writer = index.writer(WRITER_BYTES, num_threads=1)
    for position, passage in enumerate(passages):
        writer.add_document(
            tantivy.Document(
                text=" ".join(index_terms(passage.text)),
                heading=" ".join(index_terms(passage.heading)),
                position=position,
            )
        )
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index


_STEMMER = (
    tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    .filter(tantivy.Filter.stemmer("english"))
    .build()
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The words of a question: stems, and Chinese words with their parts."""

    stems: frozenset[str]
    chinese: tuple[frozenset[str], ...]

    @classmethod
    def of(cls, question: str) -> "Wanted":
        words = {word for word in content_words(question) if not HAN.match(word)}
        return cls(_stems(words), tuple(chinese_words(question)))

    def covered_by(self, passage: StoredPassage) -> float:
        """The share of the words that stand there; a Chinese word also does by a part of it."""
        total = len(self.stems) + len(self.chinese)
        if not total:
            return 0.0
        text = unicodedata.normalize("NFKC", f"{passage.heading} {passage.text}").lower()
        words = content_words(text)
        shared = len(self.stems & _stems(words)) if self.stems else 0
        return (shared + sum(_stands(parts, text, words) for parts in self.chinese)) / total


def _stems(words: Iterable[str]) -> frozenset[str]:
    return frozenset(_STEMMER.analyze(" ".join(words)))


def _stands(parts: frozenset[str], text: str, words: frozenset[str]) -> bool:
    """A single character is a word only where it stands alone."""
    return any(part in text if len(part) > 1 else part in words for part in parts)
