"""Text files in whatever encoding they come."""

import codecs

from charset_normalizer import from_bytes

from tutor.knowledge.attachments import Problem
from tutor.knowledge.reading import Extract, Unreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE_BYTES = 100_000


def read_text(data: bytes, max_characters: int) -> Extract:
    """The decoded text; raises Unreadable for bytes in no encoding."""
    text = _decode(data)
    if text is None:
        raise Unreadable(Problem.UNSUPPORTED)
    return Extract(text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", ""))


def _decode(data: bytes) -> str | None:
    for bom, encoding in _MARKS:
        if data.startswith(bom):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _guessed(data)


def _guessed(data: bytes) -> str | None:
    """Chinese files of older programs first, since a guess by statistics needs long texts."""
    try:
        text = data.decode("gb18030")
        if _looks_chinese(text):
            return text
    except UnicodeDecodeError:
        text = ""
    best = from_bytes(data[:_SAMPLE_BYTES]).best()
    return data.decode(best.encoding, "replace") if best else None


def _looks_chinese(text: str) -> bool:
    foreign = [character for character in text if not character.isascii()]
    common = sum("\u4e00" <= c <= "\u9fa5" or "\u3000" <= c <= "\u303f" or "\uff00" <= c <= "\uffef"
                 for c in foreign)  # fmt: skip
    return bool(foreign) and common >= 0.9 * len(foreign)
