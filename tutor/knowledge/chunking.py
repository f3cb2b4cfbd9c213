"""Cuts pages into passages that fit a prompt and can be cited by page. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tutor.knowledge.document import Page

PASSAGE_UNITS = 170
"""About how long a passage is: English words, or Chinese characters at 0.6 words each."""
LONGEST_UNITS = 260

_HEADING = re.compile(r"^(#{1,6})\s+(.*\S)\s*$")
_NUMBERED = re.compile(
    r"^(?:第[一二三四五六七八九十百\d]+[章节课讲]|\d+(?:\.\d+)*\.?\s)\s*\S.{0,58}$"
)
_BLANK = re.compile(r"\n\s*\n")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[\"'“(A-Z0-9])|(?<=[。！？；])|\n(?=[-*•·]|\d+[.)、])")
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[^\W\d_\u3400-\u9fff]+|\d+")


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of one page, under the heading it stands under ("" where there is none)."""

    page: int
    heading: str
    text: str


def passages_of(pages: Sequence[Page]) -> list[Passage]:
    """The passages of a document in reading order; none crosses a page, so that pages are right.

    The last sentence of a passage opens the next one on the same page under the same heading, since
    an answer often stands on the border.
    """
    passages = []
    above = ""
    for page in pages:
        for heading, text in _sections(page.text, above):
            passages += [Passage(page.number, heading, piece) for piece in _pieces(text)]
            above = heading
    return passages


def units(text: str) -> float:
    """How long a text is, in English words; a Chinese character counts as 0.6."""
    return len(_WORD.findall(text)) + 0.6 * len(_HAN.findall(text))


def _sections(text: str, heading: str) -> Iterator[tuple[str, str]]:
    """What stands under each heading; the heading of the page before goes on until another."""
    lines: list[str] = []
    for line in text.split("\n"):
        found = _heading(line)
        if found is None:
            lines.append(line)
            continue
        if body := "\n".join(lines).strip():
            yield heading, body
        heading, lines = found, []
    if body := "\n".join(lines).strip():
        yield heading, body
    elif heading:
        yield heading, heading


def _heading(line: str) -> str | None:
    marked = _HEADING.match(line)
    if marked:
        return marked.group(2).strip("# ")
    stripped = line.strip()
    return stripped if _NUMBERED.match(stripped) and not stripped.endswith(("。", ".")) else None


def _pieces(text: str) -> Iterator[str]:
    """Paragraphs joined up to the usual length; a long paragraph is cut between sentences."""
    sentences = [
        (sentence.strip(), units(sentence))
        for paragraph in _BLANK.split(text)
        for sentence in _bounded_sentences(paragraph)
    ]
    piece: list[str] = []
    length = 0.0
    for sentence, size in sentences:
        if piece and length + size > PASSAGE_UNITS:
            yield _joined(piece)
            last = piece[-1]
            piece = [last] if units(last) < PASSAGE_UNITS / 3 else []
            length = sum(units(kept) for kept in piece)
        piece.append(sentence)
        length += size
    if piece:
        yield _joined(piece)


def _bounded_sentences(paragraph: str) -> Iterator[str]:
    for sentence in _SENTENCE_END.split(paragraph):
        if sentence.strip():
            yield from _cut(sentence)


def _cut(sentence: str) -> Iterator[str]:
    """A sentence without end (a table, a list of words) is cut where it gets too long."""
    while units(sentence) > LONGEST_UNITS:
        at = max(sentence.rfind(" ", 0, 1200), sentence.rfind("\n", 0, 1200), 0) or 400
        yield sentence[:at]
        sentence = sentence[at:]
    yield sentence


def _joined(sentences: Sequence[str]) -> str:
    joined = ""
    for sentence in sentences:
        tight = joined[-1:] and _HAN.match(sentence[:1]) and not joined[-1:].isascii()
        joined += sentence if not joined or tight else f" {sentence}"
    return joined
