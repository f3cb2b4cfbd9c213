"""The languages Daoshi speaks, and how it chooses one. Knows nothing of platforms."""

from enum import StrEnum
from itertools import takewhile


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

    A Chinese character carries about as much as two Latin letters, so it counts double.
    """
    chinese = sum("\u4e00" <= character <= "\u9fff" for character in text)
    latin = sum(character.isascii() and character.isalpha() for character in text)
    if chinese and chinese * 2 >= latin:
        return Language.CHINESE
    return Language.ENGLISH if latin >= 3 else None


def choose(setting: Language | None, latest_text: str, locale: str | None) -> Language:
    """An explicit setting, else the latest message, else the platform's locale, else English."""
    return setting or detect(latest_text) or from_locale(locale) or Language.ENGLISH
