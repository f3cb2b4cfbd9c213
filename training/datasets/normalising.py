"""Texts as they are compared: for duplicates, and for problems that a split must not divide."""

import hashlib
import re
import unicodedata

_SPACE = re.compile(r"\s+")
_TOKEN = re.compile(r"[\u4e00-\u9fff]|\d+(?:[.,]\d+)*|[^\W\d]+|[^\w\s]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def normalised(text: str) -> str:
    """Without what does not matter: case, white space, full-width forms."""
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text)).strip().casefold()


def group_of(text: str) -> str:
    """A name for all that begins with the same text; nobody can read the text in it."""
    return hashlib.sha256(normalised(text).encode("utf-8", "replace")).hexdigest()[:24]


def tokens_of(text: str) -> list[str]:
    """Words, numbers, signs and single Chinese characters of a normalised text."""
    return _TOKEN.findall(text)


def numbers_of(text: str) -> tuple[str, ...]:
    """The numbers in it: problems that differ in them are different problems."""
    return tuple(_NUMBER.findall(text))
