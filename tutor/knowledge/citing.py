"""Which passages an answer really uses, and the line that cites them. Pure.

A source is cited because its words are in the answer, never because a model says so.
"""

import re
from collections.abc import Sequence

from tutor.i18n import say
from tutor.knowledge.retrieval import Source
from tutor.knowledge.words import content_words
from tutor.language import Language

SHARED_WORDS = 3
SHARED_PART = 0.4
QUOTED_SENTENCES = 3
_NUMBER = r"[1-9]\d?"
_MARK = re.compile(rf"\s?\[(?:{_NUMBER}(?:\s*[,–-]\s*{_NUMBER})*)\]")
_BEGINNING = re.compile(r"\s?\[[\d\s,–-]{0,12}$|\s$|`+$")
_TICKS = re.compile(r"(`+)")
_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]?")


class MarkFilter:
    """Takes the source marks that a model writes out of its text; they could be invented.

    Holds back what may become a mark until that is known. In code, brackets are no marks.
    """

    def __init__(self) -> None:
        self._held = ""
        self._in_code = False

    def add(self, text: str) -> str:
        """What may be shown now."""
        text = self._held + text
        beginning = _BEGINNING.search(text)
        at = beginning.start() if beginning else len(text)
        self._held = text[at:]
        return "".join(map(self._without_marks, _TICKS.split(text[:at])))

    def rest(self) -> str:
        """What was held back and is no mark."""
        held, self._held = self._held, ""
        return held

    def _without_marks(self, piece: str) -> str:
        if piece.startswith("`"):
            self._in_code = not self._in_code
        return piece if self._in_code else _MARK.sub("", piece)


def used_sources(answer: str, sources: Sequence[Source]) -> tuple[Source, ...]:
    """The sources of which at least one sentence of the answer shares enough words."""
    sentences = [content_words(sentence) for sentence in _SENTENCE.findall(answer)]
    return tuple(source for source in sources if _is_used(sentences, source))


def sources_line(language: Language, sources: Sequence[Source]) -> str:
    """Where it stands, by document and page; "" without sources."""
    if not sources:
        return ""
    pages: dict[str, set[int]] = {}
    for source in sources:
        pages.setdefault(source.name, set()).add(source.page)
    named = [
        say(
            language,
            "{document}, p. {pages}",
            document=document,
            pages=", ".join(str(page) for page in sorted(numbers)),
        )
        for document, numbers in pages.items()
    ]
    return say(language, "Sources: {list}", list="; ".join(named))


def quotation(question: str, source: Source) -> str:
    """The sentences of a passage that say most about the question, in their order, as a quote."""
    wanted = content_words(question)
    sentences = [sentence.strip() for sentence in _SENTENCE.findall(source.text)]
    sentences = [sentence for sentence in sentences if content_words(sentence)]
    best = sorted(sentences, key=lambda sentence: -len(wanted & content_words(sentence)))
    chosen = set(best[:QUOTED_SENTENCES])
    return "\n".join(f"> {sentence}" for sentence in sentences if sentence in chosen)


def _is_used(sentences: Sequence[frozenset[str]], source: Source) -> bool:
    known = content_words(f"{source.heading} {source.text}")
    for words in sentences:
        shared = len(words & known)
        if shared >= SHARED_WORDS and shared >= SHARED_PART * len(words):
            return True
    return False
