"""English words for one thing, the last of which says what it is: "big red fire engine"."""

import re
from collections.abc import Iterator, Sequence

from tutor.images.concepts import Concept
from tutor.images.understanding.hits import (
    DESCRIBED,
    EXACT,
    PARTLY,
    SECOND_SLIP,
    SLIP,
    Group,
    Hit,
    Match,
)
from tutor.images.understanding.plurals import forms
from tutor.images.understanding.vocabulary import Vocabulary

_PLAIN_WORDS = """
    big small little tiny huge large giant cute beautiful pretty nice cool funny good great real
    simple lovely fluffy awesome amazing super so really rly very happy scary normal adorable
    sweet awsome epic chubby fat whole full single plain colorful colourful mini sum random
    realistic beutiful kawaii
"""
_PLAIN = frozenset(_PLAIN_WORDS.split())
_TELLING_WORDS = """
    red blue green yellow orange purple pink black white brown grey gray golden gold silver dark
    light rainbow old new young baby tall short long fast slow angry sad mad sleeping sleepy
    flying round wild hot cold wooden striped spotted smiling furry fuzzy spiky hairy shiny open
    closed empty broken fresh ripe sweet delicious yummy tasty stinky smelly lazy hungry crazy
    wet dirty clean soft mommy mummy daddy papa mother father mom dad mama girl boy lady king
    queen police toy dancing jumping running swimming magic magical cartoon evil
"""
_TELLING = frozenset(_TELLING_WORDS.split())
_COLOUR_WORDS = """
    red blue green yellow orange purple pink black white brown grey gray
"""
COLOURS = frozenset(_COLOUR_WORDS.split())


_LETTER = re.compile(r"(?:capital |lower ?case |small |big )*(?:letter )[a-z]|capital [a-z]")
"""Digits are written by hand, letters are not."""
_FEW = 1
"""Words before a misspelt name; after more of them a likeness is chance."""


def named_in_english(words: str, vocabulary: Vocabulary) -> Match:
    if _LETTER.fullmatch(words):
        return Group(words, (), is_kind=False)
    found: Hit | None = None
    for before, form in _tails(words):
        if concept := vocabulary.named(form):
            hit = Hit(concept, _sureness(before), _told(before))
            if _in_another_colour(concept, before):
                return found or Group(words, (concept,), is_kind=False)
            if vocabulary.concepts.is_offered(concept):
                return hit if found is None or COLOURS.issuperset(before) else found
            found = found or hit  # a black cat may not be offered where a cat is
        elif group := group_of(form, vocabulary):
            return found or (group if _only_described(before) else None)
    return found


def alike_in_english(words: str, vocabulary: Vocabulary) -> Match:
    if near := vocabulary.near_like(words):
        return Group(words, near, is_kind=False)
    for before, form in _tails(words):
        is_near = len(before) <= _FEW or _only_described(before)
        if is_near and (found := vocabulary.typed_like(form)):
            concept, slips = found
            sure = SLIP if slips == 1 else SECOND_SLIP
            return Hit(concept, min(sure, _sureness(before)), _told(before))
    return None


def whole_slip(words: str, vocabulary: Vocabulary) -> Match:
    """A misspelt longer name before the shorter one at its end: "tedy bear" is no bear."""
    if near := vocabulary.near_like(words):
        return Group(words, near, is_kind=False)
    found = vocabulary.typed_like(words)
    return Hit(found[0], SLIP if found[1] == 1 else SECOND_SLIP) if found else None


def _tails(words: str) -> Iterator[tuple[list[str], str]]:
    """Ever shorter ends of the words, in the singular and written in one, with what is before."""
    parts = words.split()
    for start in range(len(parts)):
        tail = parts[start:]
        for form in forms(" ".join(tail)):
            yield parts[:start], form
        if len(tail) > 1:
            for form in forms("".join(tail)):
                yield parts[:start], form


def group_of(words: str, vocabulary: Vocabulary) -> Group | None:
    if kind := vocabulary.kind(words):
        return Group(words, kind, is_kind=True)
    near = vocabulary.near(words)
    return None if near is None else Group(words, near, is_kind=False)


def only_describes(words: str) -> bool:
    """Whether words are all for sizes, colours, looks and the like."""
    return all(word in _PLAIN or word in _TELLING for word in words.split())


def _is_description(word: str) -> bool:
    return (
        word in _PLAIN or word in _TELLING or (len(word) > 4 and word.endswith(("ing", "ed", "y")))
    )


def _only_described(before: Sequence[str]) -> bool:
    return all(map(_is_description, before))


def _sureness(before: Sequence[str]) -> float:
    if not before:
        return EXACT
    return DESCRIBED if _only_described(before) else PARTLY


def _told(before: Sequence[str]) -> tuple[str, ...]:
    told = " ".join(word for word in before if word not in _PLAIN)
    return (told,) if told else ()


def _in_another_colour(concept: Concept, before: Sequence[str]) -> bool:
    """Whether a thing of one colour ("red heart") is asked for in another."""
    own = COLOURS.intersection(concept.id.split("-"))
    return bool(own) and bool(COLOURS.intersection(before) - own)


def pinyin(words: str, vocabulary: Vocabulary) -> Match:
    concept = vocabulary.sounding_like(words.replace(" ", "")) if words.isascii() else None
    return Hit(concept, SECOND_SLIP) if concept else None
