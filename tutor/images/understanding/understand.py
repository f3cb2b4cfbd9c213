"""What a message asks to be drawn: the way from the first look to a request, or to why not.

Runs on every message: without a sign of a wish it ends after microseconds. Words are never handed
on to a network, only concepts are. Without an embedding it goes by names, slips and sounds.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from tutor.images.concepts import Concept, Concepts
from tutor.images.request import (
    MOST_THINGS,
    PictureRequest,
    Reading,
    Reason,
    Refusal,
    Style,
    Unclear,
    Wanted,
)
from tutor.images.understanding.asides import trimmed
from tutor.images.understanding.digits import digit_ids, only_a_number, written_by_hand
from tutor.images.understanding.english_names import only_describes
from tutor.images.understanding.even_text import has_chinese, readings
from tutor.images.understanding.follow_up import called, changed
from tutor.images.understanding.hits import DESCRIBED, Group, Hit, Match
from tutor.images.understanding.matching import Similar, by_likeness, by_name
from tutor.images.understanding.plurals import forms
from tutor.images.understanding.sieve import LONGEST, may_ask
from tutor.images.understanding.styles import take_style
from tutor.images.understanding.subjects import is_refused_name, mentions_person, refused
from tutor.images.understanding.things import Thing, things_in
from tutor.images.understanding.vocabulary import Vocabulary, vocabulary_of
from tutor.images.understanding.wishes import Firmness, Wish, wishes_in
from tutor.safety.concern import Concern, find_concern

SURE = 0.7
"""The least confidence with which something is drawn."""
CERTAIN = 0.99
"""That for "show me …", which may ask for something else than a picture."""
_LONGEST_WORDS = 40
_ONE_OF_THEM = re.compile(r"(?:one|it|1|some|that|them)(?: for (?:him|her|them|us))?")
_ANYTHING = re.compile(
    r"(?:a |an |the |some |me |any |whatever |what |just |random |cool |cute |nice |fun |funny "
    r"|awesome |pretty |really |new |else )*+"
    r"(?:one|one of them|it|some|something|anything|sumthing|somthing|sumthin|somethin|anythin"
    r"|whatever|stuff|things?|picture|pic|drawing|surprise)?"
    r"(?: (?:cool|cute|nice|fun|funny|pretty|you (?:want|like|can|know)|random|else|new|good"
    r"|for me))*"
    r"|(?:一?[点个些张幅样种])?(?:你?(?:喜欢|想画|会画|好看|酷|可爱|好玩|漂亮|有趣|别的|随便|任意|什么"
    r"|其他)的?)*(?:什么|啥|东西|图|画|都行|都可以|随便|吧|的|一张|一个|一画)*"
)


def understand(
    text: str,
    concepts: Concepts,
    *,
    previous: PictureRequest | None = None,
    similar: Similar | None = None,
    commanded: bool = False,
) -> Reading:
    """What a message asks to be drawn, or why it can't be; None where it asks for no picture.

    `previous` is the request behind the last reply, if that was a picture: "another one" repeats
    it. `commanded`: the text is what somebody wrote after a command for pictures.
    """
    if commanded:
        text = text[:LONGEST]
    elif not may_ask(text, after_picture=previous is not None):
        return None
    reader = _Reader(vocabulary_of(concepts), previous, similar)
    found: Reading = None
    for sentences in readings(text):
        found = found or reader.read(sentences, commanded=commanded)
        if isinstance(found, PictureRequest | Refusal):
            break
    if found is None:
        return None
    concern = None if _is_harmless(found) else find_concern(text)
    return Refusal(Reason.NEED, concern) if concern and concern.in_danger else found


def prepare(concepts: Concepts) -> None:
    """Loads what the first request needs (about a second), so that nobody waits for it."""
    understand("draw a hoerse", concepts)
    understand("畫一隻大像", concepts)


class _Reader:
    """Reads the sentences of one message."""

    def __init__(
        self, vocabulary: Vocabulary, previous: PictureRequest | None, similar: Similar | None
    ) -> None:
        self._vocabulary = vocabulary
        self._previous = previous
        self._similar = similar

    def read(self, sentences: Sequence[str], *, commanded: bool) -> Reading:
        """The first wish that can be fulfilled, else the first that can't."""
        found: Reading = None
        for place, sentence in enumerate(sentences):
            one = self._sentence(sentence, " ".join(sentences[:place]))
            if isinstance(one, (PictureRequest, Refusal)):
                return one
            found = found or one
        if found is None and commanded:
            words, style, unknown = take_style(" , ".join(sentences))
            return self._wish(Wish(words, Firmness.PICTURE), style, unknown)
        return found

    def _sentence(self, sentence: str, before: str) -> Reading:
        if self._previous is not None and (again := self._about_previous(sentence)):
            return again
        if digits := written_by_hand(sentence):
            return self._digits(digits, None)
        words, style, unknown = take_style(sentence)
        for wish in wishes_in(words):
            told = replace(wish, before=f"{before} {wish.before}")
            if found := self._wish(told, style, unknown):
                return found
        if style is not None:
            return self._wish(Wish(words, Firmness.NAMED), style, unknown)
        return None

    def _about_previous(self, sentence: str) -> Reading:
        assert self._previous is not None
        if again := changed(sentence, self._previous):
            return again
        words = called(sentence)
        if words is None:
            return None
        words, style, unknown = take_style(words)
        return self._wish(Wish(words, Firmness.NAMED), style, unknown)

    def _wish(self, wish: Wish, style: Style | None, unknown: tuple[str, ...]) -> Reading:
        words = trimmed(wish.words)
        if _ONE_OF_THEM.fullmatch(words):
            words = self._last_name(wish.before) or words
        if _ANYTHING.fullmatch(words):
            return self._anything(wish, style)
        if wish.firmness in (Firmness.SEE, Firmness.NAMED):
            return self._only_if_named(words, style, wish.firmness)
        if digits := only_a_number(words):
            return self._digits(digits, style)
        things = things_in(words, self._is_name)
        numbers = [only_a_number(thing.words) for thing in things]
        if things and all(numbers):
            return self._digits("".join(filter(None, numbers)), style)
        matches = [by_name(thing.words, self._vocabulary) for thing in things]
        reason = self._refused(wish.words, things, matches)
        if reason is not None:
            return Refusal(reason, Concern.SELF_HARM if reason is Reason.NEED else None)
        return self._request(things, matches, style, unknown)

    def _anything(self, wish: Wish, style: Style | None) -> Reading:
        if wish.firmness in (Firmness.SEE, Firmness.NAMED):
            return None
        return Unclear(nearest=self._vocabulary.examples(), style=style)

    def _only_if_named(self, words: str, style: Style | None, firmness: Firmness) -> Reading:
        """What may ask for something else is a wish only if all of it is the name of a thing."""
        if firmness is Firmness.SEE and (reason := is_refused_name(words)):
            return Refusal(reason)
        if words.startswith(("my ", "your ", "his ", "her ", "their ", "我的", "你的")):
            return None
        things = things_in(words, self._is_name)
        matches = [by_name(thing.words, self._vocabulary) for thing in things]
        if not all(_is_plain(*pair) for pair in zip(things, matches, strict=True)):
            matches = [self._slip(thing, one) for thing, one in zip(things, matches, strict=True)]
        if not matches or not all(_is_plain(*pair) for pair in zip(things, matches, strict=True)):
            return None
        if any(thing.words in self._vocabulary.of_lessons for thing in things):
            return None
        return self._request(things, matches, style, ())

    def _slip(self, thing: Thing, match: Match) -> Match:
        """A single misspelt word is a name as well."""
        shortest = 3 if has_chinese(thing.words) else 5
        if match is None and len(thing.words) >= shortest and " " not in thing.words:
            found = by_likeness(thing.words, self._vocabulary)
            if isinstance(found, Hit) and not found.left and found.confidence > SURE + 0.06:
                return Hit(found.concept, CERTAIN)
        return match

    def _refused(
        self, words: str, things: Sequence[Thing], matches: Sequence[Match]
    ) -> Reason | None:
        pairs = list(zip(things, matches, strict=True))
        reason = refused(words)
        if reason is Reason.NEED or (reason and not all(_is_plain(*pair) for pair in pairs)):
            return reason
        unnamed = (one.words for one, match in pairs if match is None and one.is_sure)
        return Reason.PERSON if any(map(mentions_person, unnamed)) else None

    def _digits(self, digits: str, style: Style | None) -> Reading:
        found = [self._vocabulary.concepts.get(one) for one in digit_ids(digits)]
        known = [one for one in found if one is not None]
        missing = [one for one in known if not self._vocabulary.concepts.is_offered(one)]
        if len(known) < len(found) or missing:
            known_one = missing[0] if missing else None
            return Unclear("" if known_one else digits, known_one, self._vocabulary.examples())
        return PictureRequest(tuple(Wanted(one) for one in known), style)

    def _request(
        self,
        things: Sequence[Thing],
        matches: Sequence[Match],
        style: Style | None,
        unknown: tuple[str, ...],
    ) -> Reading:
        guessed = [
            match or by_likeness(thing.words, self._vocabulary, self._similar)
            for thing, match in zip(things, matches, strict=True)
        ]
        wanted: dict[str, Wanted] = {}
        left: list[str] = []
        for thing, match in zip(things, guessed, strict=True):
            if isinstance(match, Hit) and self._can_draw(match):
                _count(wanted, match, thing)
                left += [*match.left, *([thing.around] if thing.around else [])]
            elif thing.is_sure:
                left.append(_short(thing.words))
        if wanted:
            return PictureRequest(tuple(wanted.values())[:MOST_THINGS], style, (*left, *unknown))
        return self._unclear(things, guessed, style)

    def _unclear(
        self, things: Sequence[Thing], matches: Sequence[Match], style: Style | None
    ) -> Unclear:
        for match in matches:
            if isinstance(match, Hit) and match.confidence >= SURE:
                nearest = self._vocabulary.filled(self._vocabulary.nearest_to(match.concept))
                return Unclear("", match.concept, nearest, style)
        for match in matches:
            if isinstance(match, Group):
                nearest = match.nearest or self._vocabulary.nearest(match.words)
                nearest = self._vocabulary.filled(nearest)
                return Unclear("" if match.is_kind else _short(match.words), None, nearest, style)
        words = things[0].words if things else ""
        nearest = self._vocabulary.filled(self._vocabulary.nearest(words))
        return Unclear(_short(words), None, nearest, style)

    def _last_name(self, words: str) -> str | None:
        """What "can you draw one?" speaks of."""
        parts = words.strip(" ,").split()
        for end in range(len(parts), 0, -1):
            for start in range(max(0, end - 3), end):
                part = " ".join(parts[start:end])
                if any(self._is_name(form) for form in forms(part)):
                    return part
        return None

    def _can_draw(self, match: Hit) -> bool:
        return match.confidence >= SURE and self._vocabulary.concepts.is_offered(match.concept)

    def _is_name(self, words: str) -> bool:
        return self._vocabulary.named(words) is not None


def _is_harmless(found: Reading) -> bool:
    """Names of everyday things, at most in a size or colour: no need can hide in them."""
    return (
        isinstance(found, PictureRequest)
        and found.confidence >= DESCRIBED
        and all(map(only_describes, found.left_out))
    )


def _is_plain(thing: Thing, match: Match) -> bool:
    """Whether the words are a name (or a kind) and nothing else."""
    if thing.around:
        return False
    if isinstance(match, Group):
        return True
    return match is not None and match.confidence >= min(CERTAIN, DESCRIBED) and not match.left


def _count(wanted: dict[str, Wanted], match: Hit, thing: Thing) -> None:
    concept: Concept = match.concept
    if concept.id not in wanted:
        wanted[concept.id] = Wanted(concept, thing.count, match.confidence)


def _short(words: str) -> str:
    """Words to repeat in an answer, not too many of them."""
    limit = _LONGEST_WORDS // 2 if has_chinese(words) else _LONGEST_WORDS
    return words if len(words) <= limit else words[:limit].rstrip() + "…"
