"""The searchable passages of one material: by words with tantivy, by meaning with vectors.

Built in memory from the stored passages; the library keeps those that were used last.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import tantivy

from storage.materials import StoredPassage
from tutor.knowledge.embedding import Vectors, unpacked
from tutor.knowledge.words import content_words, words_of

WRITER_BYTES = 15_000_000  # the least that tantivy takes
ANALYZER = "words"


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage by its position, how well its words fit (BM25) and how near its meaning is.

    `covered` is the share of the question's words that stand in the passage; `similarity` is the
    cosine of the embeddings, 0 where there are none.
    """

    position: int
    score: float
    covered: float
    similarity: float


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
        similar = np.zeros(len(self.passages)) if vector is None else self._vectors @ vector
        nearest = () if vector is None else np.argsort(-similar)[:count].tolist()
        wanted = _stems(question)
        return [
            Hit(
                position,
                by_words.get(position, 0.0),
                _covered(wanted, self.passages[position]),
                float(similar[position]),
            )
            for position in dict.fromkeys((*by_words, *nearest))
        ]

    def _by_words(self, question: str, count: int) -> dict[int, float]:
        words = [word for word in words_of(question) if word in content_words(question)]
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
                text=" ".join(words_of(passage.text)),
                heading=" ".join(words_of(passage.heading)),
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


def _stems(text: str) -> frozenset[str]:
    return frozenset(_STEMMER.analyze(" ".join(content_words(text))))


def _covered(wanted: frozenset[str], passage: StoredPassage) -> float:
    if not wanted:
        return 0.0
    return len(wanted & _stems(f"{passage.heading} {passage.text}")) / len(wanted)
