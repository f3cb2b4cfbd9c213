"""Texts as they are compared: for duplicates, and for problems that a split must not divide."""

import hashlib
import re
import unicodedata

_SPACE = re.compile(r"\s+")
_TOKEN = re.compile(r"[\u4e00-\u9fff]|\d+(?:[.,]\d+)*|[^\W\d]+|[^\w\s]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


_NO_TEXT = re.compile("[\x00\ud800-\udfff]")  # a zero byte, or half of a character


def normalised(text: str) -> str:
    """Without what does not matter: case, white space, full-width forms."""
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text)).strip().casefold()


def is_text(value: str) -> bool:
    """Whether it can be stored: neither UTF-8 nor a database takes what is no character."""
    return not _NO_TEXT.search(value)


def as_text(value: str) -> str:
    """With a mark in place of what is no character."""
    return _NO_TEXT.sub("\ufffd", value)


def group_of(text: str) -> str:
    """A name for all that begins with the same text; nobody can read the text in it."""
    return hashlib.sha256(normalised(text).encode("utf-8", "replace")).hexdigest()[:24]


def tokens_of(text: str) -> list[str]:
    """Words, numbers, signs and single Chinese characters of a normalised text."""
    return _TOKEN.findall(text)


def numbers_of(text: str) -> tuple[str, ...]:
    """The numbers in it: problems that differ in them are different problems."""
    return tuple(_NUMBER.findall(text))
