"""What nobody gets drawn: people, what harms, and what belongs to somebody. By words alone."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import re2
from rapidfuzz import process
from rapidfuzz.distance import OSA

from tutor.images.request import Reason
from tutor.images.understanding.even_text import has_chinese
from tutor.images.understanding.vocabulary import is_word, key_of

_ONE_SLIP = 6  # letters of a character's name from which one slip is allowed
_MEMORY_BYTES = 32 << 20
_MY_PERSON = re.compile(
    r"我(?:的|家)?(?:爸|妈|爷|奶|哥|姐|弟|妹|叔|姨|舅|姑|爹|娘|儿|女|老师|同|朋友|班)"
)
_ONLY_SELF = re.compile(
    r"^(?:一下|个|张)?(?:我|你|他|她|我们|你们|自己|我自己|你自己|咱们|人|大人|老人|好人|坏人)(?:的样子|吧|呗|嘛|自己|一下)*$"
)


@dataclass(frozen=True, slots=True)
class _Lists:
    """`any_of` fits somewhere in a text, whole words of English; `names` are the single entries."""

    any_of: Mapping[Reason, re2._Regexp]
    names: Mapping[Reason, frozenset[str]]
    fine: tuple[str, ...]


def refused(words: str) -> Reason | None:
    """Why words that ask for a picture are turned down, people left aside."""
    rest = words
    for one in _lists().fine:
        rest = rest.replace(one, " ")
    for reason in (Reason.NEED, Reason.UNSAFE, Reason.CHARACTER):
        if _lists().any_of[reason].search(rest):
            return reason
    return Reason.CHARACTER if _nearly_a_character(rest) else None


def is_refused_name(words: str) -> Reason | None:
    """The same for words that are nothing else than such a name."""
    bare = re.sub(r"^(?:a|an|the|some|your|my) ", "", words)
    for reason in (Reason.UNSAFE, Reason.CHARACTER):
        if bare in _lists().names[reason]:
            return reason
    return None


def mentions_person(words: str) -> bool:
    """Whether words that name no thing speak of somebody."""
    if _MY_PERSON.search(words) or _ONLY_SELF.search(words):
        return True
    return _lists().any_of[Reason.PERSON].search(words) is not None


def _nearly_a_character(words: str) -> bool:
    names = [one for one in _lists().names[Reason.CHARACTER] if len(one) >= _ONE_SLIP]
    parts = [one for one in words.split() if len(one) >= _ONE_SLIP and not has_chinese(one)]
    return any(
        process.extractOne(one, names, scorer=OSA.distance, score_cutoff=1) and not is_word(one)
        for one in parts
    )


@cache
def _lists() -> _Lists:
    source = resources.files("tutor.images.understanding").joinpath("refused.toml")
    data = tomllib.loads(source.read_text(encoding="utf-8"))
    return _Lists(
        {reason: _pattern(data[reason.value]) for reason in Reason},
        {reason: frozenset(map(key_of, data[reason.value])) for reason in Reason},
        tuple(data["fine"]),
    )


def _pattern(entries: Iterable[str]) -> re2._Regexp:
    """RE2 reads once, whatever the number of entries; its word borders are those of ASCII."""
    listed = [key for one in entries if (key := key_of(one))]  # "bro" is slang, and no more
    english = "|".join(re.escape(one) for one in listed if not has_chinese(one))
    chinese = "|".join(re.escape(one) for one in listed if has_chinese(one))
    options = re2.Options()
    options.never_capture = True
    options.max_mem = _MEMORY_BYTES
    return re2.compile(rf"\b(?:{english})\b" + (f"|{chinese}" if chinese else ""), options)
