"""The words after "draw" as single things: each with its count and what is said around it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from tutor.images.understanding.asides import trimmed
from tutor.images.understanding.counting import DETERMINERS, chinese_counts, counted
from tutor.images.understanding.even_text import has_chinese
from tutor.images.understanding.plurals import forms

_ENGLISH_SPLIT = re.compile(
    r"\s*(?:,\s*(?:and\b)?|&|\+|\band\b|\bplus (?=an? )|\bwith (?=an? [a-z]+ and\b))\s*"
)
_CHINESE_SPLIT = re.compile(r"\s*(?:,|、|和|跟|与|还有|以及|再加上?|加上|外加|及|&|\+|\band\b)\s*")
_MEASURES_WORDS = """
    piece pieces slice slices cup cups glass glasses bowl bowls bottle bottles box boxes bunch
    group herd flock pack loaf loaves can cans plate basket bag pile stack bit kind type sort head
    ear scoop bar bars pair couple lot lots picture pictures pic drawing photo image family field
    row handful pot jar
"""
_MEASURES = frozenset(_MEASURES_WORDS.split())
_AROUND_WORDS = """
    with w to you in on at under over near beside behind against from by inside into through like
    using without around above below next who that which is are wearing eating riding holding
    playing flying doing having sitting standing chasing jumping running swimming sleeping
    drinking fighting hugging kissing made full on
"""
_AROUND = frozenset(_AROUND_WORDS.split())
_SHORTEST_NAME = 2  # characters of a name that may stand beside another without a word between


@dataclass(frozen=True, slots=True)
class Thing:
    """`words` name it, without articles and counts; `around` is "with a hat", "on the moon".

    `is_sure` is False for what follows a comma and may be an aside.
    """

    words: str
    count: int = 1
    around: str = ""
    is_sure: bool = True


IsName = Callable[[str], bool]
"""Whether words name a thing as they stand."""


def things_in(words: str, is_name: IsName) -> tuple[Thing, ...]:
    """What is named, in order."""
    if whole := _whole(words, is_name) or _whole(trimmed(words), is_name):
        return (whole,)
    words = trimmed(words)
    split = _CHINESE_SPLIT if has_chinese(words) else _ENGLISH_SPLIT
    found: list[Thing] = []
    at = 0
    sure = True
    for mark in [*split.finditer(words), None]:
        part = trimmed(words[at : mark.start() if mark else len(words)])
        if part:
            thing = _thing(part, is_name)
            found += [replace(one, is_sure=sure) for one in _apart(thing, is_name)]
        if mark:
            sure, at = mark.group().strip() != ",", mark.end()
    return tuple(thing for thing in found if thing.words)


def _apart(thing: Thing, is_name: IsName) -> list[Thing]:
    """Chinese names that stand side by side: 太阳月亮."""
    words = thing.words
    if not has_chinese(words) or is_name(words) or len(words) < 2 * _SHORTEST_NAME:
        return [thing]
    for end in range(len(words) - _SHORTEST_NAME, _SHORTEST_NAME - 1, -1):
        if is_name(words[:end]):
            rest = _apart(Thing(words[end:]), is_name)
            if all(is_name(one.words) for one in rest):
                return [replace(thing, words=words[:end]), *rest]
    return [thing]


def _thing(words: str, is_name: IsName) -> Thing:
    if has_chinese(words):
        return _chinese(words, is_name)
    return _english(words, is_name)


def _english(words: str, is_name: IsName) -> Thing:
    count, parts = counted(words.split())
    whole = " ".join(parts)
    if any(is_name(form) for form in forms(whole)):
        return Thing(whole, count)
    head, around = _cut(parts, is_name)
    return Thing(" ".join(head), count, " ".join(around))


def _cut(parts: list[str], is_name: IsName) -> tuple[list[str], list[str]]:
    """The words for the thing, and those around it: "a cat / in a hat", "a slice of / pizza"."""
    for place, part in enumerate(parts):
        if part == "of" and 0 < place < len(parts) - 1:
            if parts[place - 1] in _MEASURES:
                _, rest = counted(parts[place + 1 :])
                return _cut(rest, is_name)
            return parts[:place], parts[place:]
        after_name = place > 0 and part.endswith("ing") and is_name(" ".join(parts[:place]))
        if place > 0 and (part in _AROUND or after_name):
            return parts[:place], parts[place:]
    return parts, []


def _chinese(words: str, is_name: IsName) -> Thing:
    if is_name(words):
        return Thing(words)
    for match in chinese_counts(words):
        count, rest = match
        if has_chinese(rest):
            return Thing(rest, count)
        inner = _english(rest, is_name)
        return Thing(inner.words, max(count, inner.count), inner.around)
    return Thing(words)


def _whole(words: str, is_name: IsName) -> Thing | None:
    """All of it as one name, however many words that has: "fork and knife", 和平鸽."""
    parts = words.split()
    while len(parts) > 1 and parts[0] in DETERMINERS:
        parts = parts[1:]
    if any(is_name(form) for form in forms(" ".join(parts))):
        return Thing(" ".join(parts))
    count, parts = counted(parts)
    readings = [(count, " ".join(parts)), *chinese_counts(words)]
    return next((Thing(name, count) for count, name in readings if is_name(name)), None)
