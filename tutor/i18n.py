"""One catalogue for everything a person reads. English is the key; `locale/` holds the rest.

Write `say(language, "You are {position}th in line.", position=3)`. The English sentence stands in
the source as a literal, so that `make messages` finds it.
"""

from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tutor.language import Language

LOCALE_FOLDER = Path(__file__).parent / "locale"
DOMAIN = "daoshi"


def say(language: Language, message: str, /, **values: object) -> str:
    """`message` in `language`, its `{name}` fields filled from `values`."""
    translated = _lookup(language, message)
    return translated.format(**values) if values else translated


def say_count(language: Language, one: str, many: str, count: int, /, **values: object) -> str:
    """`one` or `many` by `count`, which is also the field `{count}`."""
    if language is Language.ENGLISH:
        return (one if count == 1 else many).format(count=count, **values)
    entry = _catalogue(language).get(one)
    text = entry.string if entry else None
    if isinstance(text, tuple | list):
        text = text[0]  # Chinese has a single plural form
    return (text or many).format(count=count, **values)


def mark(message: str) -> str:
    """Marks a literal for the catalogue where it is defined; it is said later with `say`."""
    return message


def _lookup(language: Language, message: str) -> str:
    if language is Language.ENGLISH:
        return message
    entry = _catalogue(language).get(message)
    return entry.string if entry and isinstance(entry.string, str) and entry.string else message


@cache
def _catalogue(language: Language) -> Catalog:
    folder = LOCALE_FOLDER / language.value.replace("-", "_")
    with (folder / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        return read_po(file)
