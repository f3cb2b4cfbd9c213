"""Characters as platforms and people count them. Knows nothing of Markdown."""

import unicodedata
from collections.abc import Callable, Iterator

import regex
from wcwidth import wcswidth

Measure = Callable[[str], int]
"""How long a platform finds a text. Must be additive over concatenation."""

ZERO_WIDTH_SPACE = "\u200b"
_GRAPHEME = regex.compile(r"\X")
_CUTTABLE = regex.compile(r"&(?:amp|lt|gt);|\X")  # half an entity would show as letters
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")


def utf16_length(text: str) -> int:
    """The length in UTF-16 units: never less than a platform counts, whichever way it counts."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str) -> str:
    """`text` with Unix line ends, surrogate pairs joined, and U+FFFD for what cannot be sent."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def has_visible(text: str) -> bool:
    """Whether a reader would see anything; platforms refuse messages of blanks alone."""
    return any(
        character not in _BLANK_LETTERS and unicodedata.category(character) not in _INVISIBLE
        for character in text
    )


def cells(text: str) -> int:
    """The width in cells of a monospaced font; Chinese takes two a character."""
    width = wcswidth(text)
    return width if width >= 0 else len(text)


def clusters(text: str) -> list[str]:
    """The grapheme clusters: what a reader calls characters."""
    return list(text) if text.isascii() else _GRAPHEME.findall(text)


def cut(text: str, limit: int, measure: Measure) -> Iterator[str]:
    """Pieces of at most `limit` that together are `text`.

    Cut behind white space where there is some, else between grapheme clusters; inside a cluster
    only if it alone exceeds the limit.
    """
    if measure(text) <= limit:
        yield text
        return
    piece: list[str] = []
    size = 0
    for cluster in _clusters(text, limit, measure):
        cluster_size = measure(cluster)
        while piece and size + cluster_size > limit:
            kept = _kept(piece, cluster)
            yield "".join(piece[:kept])
            piece = piece[kept:]
            size = sum(map(measure, piece))
        piece.append(cluster)
        size += cluster_size
    if piece:
        yield "".join(piece)


def _kept(piece: list[str], following: str) -> int:
    """How much of a full piece stays in it, so that no word is cut."""
    if following.isspace():
        return len(piece)
    spaces = (at for at in range(len(piece), len(piece) // 2, -1) if piece[at - 1].isspace())
    return next(spaces, len(piece))


def _clusters(text: str, limit: int, measure: Measure) -> Iterator[str]:
    for match in _CUTTABLE.finditer(text):
        cluster = match.group()
        if measure(cluster) <= limit:
            yield cluster
        else:
            yield from cluster  # a letter under a thousand accents has to give way
