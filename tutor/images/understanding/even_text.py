"""A message made even for finding what it wants drawn: as `normal_text` does, and a little more.

Traditional characters become simplified, hyphens spaces, emoji their names. Chinese words that a
space keeps apart may be clauses or only typed that way, so there can be two readings.
"""

import re
import unicodedata
from functools import cache
from typing import Any

from tutor.pedagogy.normal_text import normal

HAN = re.compile(r"[\u4e00-\u9fff]")
_SPACE_IN_CHINESE = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_HYPHEN = re.compile(r"(?<=\w)[-‐‑_](?=\w)")
_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]")
_MODIFIERS = re.compile("[\u200d\ufe0f\U0001f3fb-\U0001f3ff]")
_SENTENCE = re.compile(r"[!?;。~…\n]+|\.(?=\s|$)|\.{2,}")
_QUOTED = re.compile(r"\"[^\"\n]*\"|“[^”\n]*”|「[^」\n]*」|『[^』\n]*』|《[^》\n]*》")
_FACES = range(0x1F600, 0x1F650)


def readings(text: str) -> tuple[tuple[str, ...], ...]:
    """The sentences of a message; a second list where spaces in Chinese may mean nothing."""
    plain = _named_emoji(_QUOTED.sub(" ", text))
    if not HAN.search(plain):
        return (_sentences(plain),)
    plain = _to_simplified().convert(plain)
    apart = _sentences(_SPACE_IN_CHINESE.sub(",", plain))
    joined = _sentences(plain)
    return (apart,) if apart == joined else (apart, joined)


def even(text: str) -> str:
    """One line without sentence marks of its own: lower case, simplified, single spaces."""
    return normal(_HYPHEN.sub(" ", text))


def has_chinese(text: str) -> bool:
    return HAN.search(text) is not None


def _sentences(text: str) -> tuple[str, ...]:
    wide = unicodedata.normalize("NFKC", text)
    parts = (even(part).strip(" ,:") for part in _SENTENCE.split(wide))
    return tuple(part for part in parts if part)


def _named_emoji(text: str) -> str:
    """A picture of a thing is a word for it; a face is none."""
    return _EMOJI.sub(_emoji_name, _MODIFIERS.sub("", text)) if not text.isascii() else text


def _emoji_name(match: re.Match[str]) -> str:
    emoji = match.group()
    if ord(emoji) in _FACES:
        return " "
    return f" {unicodedata.name(emoji, '').lower()} "


@cache
def _to_simplified() -> Any:
    import opencc

    return opencc.OpenCC("t2s")
