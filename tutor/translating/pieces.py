"""Cuts a Markdown text into pieces for a translator, and keeps what must not change. Pure.

Code, formulas and addresses are never translated: blocks of code and formulas are pieces of their
own, and inside a sentence such a thing is replaced by a mark and put back afterwards.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_PIECE = 900
_BLOCKS = re.compile(
    r"(^(?P<fence>```|~~~)[\s\S]*?(?:^(?P=fence)[ \t]*$|\Z)|\$\$[\s\S]+?\$\$|\\\[[\s\S]+?\\\])",
    re.MULTILINE,
)
_GAP = re.compile(r"(\n[ \t]*\n\s*)")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=\S)|(?<=[。！？])|\n")
_KEPT = re.compile(
    r"`[^`\n]+`|\$(?![\s\d]+ )[^$\n]+\$|\\\([^\n]+?\\\)|!?\]\([^)\s]+\)|https?://[^\s)>\]]+"
)
_MARK = re.compile(r"⟦\s*(\d+)\s*⟧")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; put together again they are the text. `kept` stays as it is."""

    text: str
    kept: bool


def pieces_of(text: str, longest: int = LONGEST_PIECE) -> list[Piece]:
    """The pieces of a text in order."""
    pieces: list[Piece] = []
    for block, is_kept in _blocks(text):
        if is_kept:
            pieces.append(Piece(block, kept=True))
            continue
        for number, part in enumerate(_GAP.split(block)):
            if number % 2 or not _LETTER.search(_KEPT.sub("", part)):
                pieces.append(Piece(part, kept=True))
            else:
                pieces += [Piece(one, kept=not one.strip()) for one in _shortened(part, longest)]
    return [piece for piece in pieces if piece.text]


def masked(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with marks in place of what must not change, and what they stand for."""
    kept: list[str] = []

    def hide(match: re.Match[str]) -> str:
        kept.append(match.group())
        return f"⟦{len(kept)}⟧"

    return _KEPT.sub(hide, text), tuple(kept)


def unmasked(text: str, kept: tuple[str, ...]) -> str | None:
    """The text with its marks replaced; None where one was lost, doubled or made up."""
    numbers = sorted(int(number) for number in _MARK.findall(text))
    if numbers != list(range(1, len(kept) + 1)):
        return None
    return _MARK.sub(lambda match: kept[int(match.group(1)) - 1], text)


def is_whole(text: str) -> bool:
    """Whether a text can be translated in one go, with nothing in it to be kept."""
    return len(text) <= LONGEST_PIECE and not _BLOCKS.search(text) and not _KEPT.search(text)


def _blocks(text: str) -> Iterator[tuple[str, bool]]:
    end = 0
    for match in _BLOCKS.finditer(text):
        yield text[end : match.start()], False
        yield match.group(), True
        end = match.end()
    yield text[end:], False


def _shortened(paragraph: str, longest: int) -> Iterator[str]:
    """A paragraph in parts that end where a sentence does; the white space between is kept."""
    start = end = 0
    for match in _SENTENCE.finditer(paragraph):
        if match.end() - start > longest and end > start:
            yield from _with_space(paragraph[start:end])
            start = end
        end = match.end()
    if len(paragraph) - start > longest and end > start:
        yield from _with_space(paragraph[start:end])
        start = end
    yield from _with_space(paragraph[start:])


def _with_space(text: str) -> tuple[str, str]:
    words = text.rstrip()
    return words, text[len(words) :]
