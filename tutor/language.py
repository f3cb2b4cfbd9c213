"""The languages Daoshi speaks, and how it chooses one. Knows nothing of platforms."""

import re
from enum import StrEnum
from itertools import takewhile

LATIN_WORD = re.compile(r"[A-Za-z]+")
SENTENCE_WORDS = 3


class Language(StrEnum):
    """A language in which everything that Daoshi itself says exists."""

    ENGLISH = "en"
    CHINESE = "zh-CN"

    @property
    def native_name(self) -> str:
        """How its speakers call it."""
        return {"en": "English", "zh-CN": "简体中文"}[self.value]


def from_locale(locale: str | None) -> Language | None:
    """The language of a platform's locale such as `en-GB` or `zh_TW`; None if unknown."""
    primary = "".join(takewhile(str.isalpha, (locale or "").lower()))
    return {"zh": Language.CHINESE, "en": Language.ENGLISH}.get(primary)


def detect(text: str) -> Language | None:
    """The language of a message by its letters; None where it has too few to tell.

    A Chinese word has about two characters, so characters are held against twice the Latin words:
    one English term does not make a Chinese sentence English, nor the other way round.
    """
    chinese = sum("\u4e00" <= character <= "\u9fff" for character in text)
    latin = LATIN_WORD.findall(text)
    if chinese > 2 * len(latin):
        return Language.CHINESE
    return Language.ENGLISH if sum(map(len, latin)) >= 3 else None


def choose(setting: Language | None, latest_text: str, locale: str | None) -> Language:
    """An explicit setting, else the latest message, else the platform's locale, else English."""
    return setting or detect(latest_text) or from_locale(locale) or Language.ENGLISH


def go_on_in(begun: Language, setting: Language | None, latest_text: str) -> Language:
    """The language of what has begun in one, unless the learner turns to another.

    A setting decides; else Chinese words, or a sentence of at least three English ones. An answer
    such as "3/4" or "idk" is in no language.
    """
    if setting is not None:
        return setting
    found = detect(latest_text)
    if found is Language.ENGLISH and len(LATIN_WORD.findall(latest_text)) < SENTENCE_WORDS:
        return begun
    return found or begun
