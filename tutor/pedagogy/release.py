"""Lets the model's text out sentence by sentence, or refuses it with the reason.

Reads all text so far each time, since a secret may be spread over sentences. It decides by the
brief alone and knows neither engine nor lesson. What it refuses costs a template, no more; what it
lets through cannot be taken back: in doubt it refuses.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from rapidfuzz.distance import Levenshtein

from tutor.bank.item import AnswerKey
from tutor.grading.numbers import numbers_in
from tutor.language import Language, detect
from tutor.pedagogy.brief import Brief
from tutor.pedagogy.disclosure import disclosures, plain, secret_values
from tutor.pedagogy.disguises import (
    initials,
    is_code,
    letters,
    number_letters,
    readings,
    tallies,
)
from tutor.pedagogy.hints import revelations
from tutor.pedagogy.pointing import points_at
from tutor.pedagogy.remarks import BLAME, DICTATES, ITS_RULES, PERSONAL, PRAISE

LONGEST = {Language.ENGLISH: 700, Language.CHINESE: 300}
SHORTEST_ACROSS = 5  # letters of a word that is looked for across spaces
SHORTEST_INITIALS = 4
HARMLESS_COUNT = 3  # "two steps", "both 2 sides"
COUNTED = re.compile(
    r"(?:(?:step|hint|part|line)s?\s*#?|第)\s*$|^\s*(?:steps?|things?|sides?|parts?|ways?|numbers?"
    r"|questions?|times|minutes?|words?|sentences?|[个步边遍次种件])",
    re.IGNORECASE,
)
NUMERIC_EQUATION = re.compile(
    r"[\d(][\d().+*/×÷·^√%\s−-]*[+*/×÷·^−-][\d().+*/×÷·^√%\s−-]*=\s*-?\d[\d./]*"
)
LONG_ENOUGH_FOR_SLIPS = 6
WORDS = re.compile(r"[a-z]{5,}")
HAN = re.compile(r"[\u3400-\u9fff]")
FOREIGN = re.compile(
    r"[^\W\d_a-zA-Z\u00aa-\u024f\u0370-\u03ff\u1e00-\u1eff\u2100-\u214f\u3400-\u9fff]"
)


class Reason(StrEnum):
    KEY = "key"
    DISGUISED_KEY = "disguised_key"
    VERDICT = "verdict"
    NUMBER = "number"  # one that nobody gave it
    LANGUAGE = "language"
    RULES = "rules"
    PERSONAL = "personal"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class Refused:
    """`detail` is for the log and benchmarks; nobody is shown it."""

    reason: Reason
    detail: str = ""


class Release:
    """The gate for one brief's text."""

    def __init__(self, brief: Brief) -> None:
        self._brief = brief
        self._said = tuple(map(plain, (brief.problem, *brief.said)))

    def check(self, text_so_far: str) -> Refused | None:
        """Why the text must not be shown; None where all of it may."""
        text = plain(text_so_far)
        for rule in self._rules():
            if refused := rule(text):
                return refused
        return None

    def check_beside(self, text_so_far: str) -> Refused | None:
        """The same for an ordinary answer while a question is open: it may be long and bring
        numbers of its own, but says neither the key nor right or wrong."""
        text = plain(text_so_far)
        for rule in (self._key, self._disguised, self._verdict):
            if refused := rule(text):
                return refused
        return None

    def tells_key(self, text: str) -> bool:
        """Whether the key itself is said, worked out or pointed at; for measuring drafts."""
        return self._brief.secret is not None and self._told(plain(text)) is not None

    def _rules(self) -> Iterator[Callable[[str], Refused | None]]:
        yield self._length
        yield self._language
        if self._brief.secret is not None:
            yield self._key
            yield self._disguised
        yield self._verdict
        yield self._remarks
        yield self._numbers

    def _length(self, text: str) -> Refused | None:
        too_long = len(text) > LONGEST[self._brief.language]
        return Refused(Reason.LONG, str(len(text))) if too_long else None

    def _language(self, text: str) -> Refused | None:
        """Only scripts that may be used, and no new word of the other language."""
        if foreign := FOREIGN.search(text):
            return Refused(Reason.LANGUAGE, foreign.group())
        if self._brief.language is Language.ENGLISH:
            new = set(HAN.findall(text)) - set(HAN.findall(self._given))
            return Refused(Reason.LANGUAGE, "".join(sorted(new))) if new else None
        written_in = detect(_without_formulas(text))
        return Refused(Reason.LANGUAGE, text[:40]) if written_in is Language.ENGLISH else None

    def _key(self, text: str) -> Refused | None:
        if told := self._told(text):
            return told
        return Refused(Reason.KEY, "announces the answer") if DICTATES.search(text) else None

    def _told(self, text: str) -> Refused | None:
        secret = self._secret
        # Choices stand in the problem, all of them: the model names one only after the learner.
        said = self._said[1:] if secret.choices else self._said
        if told := revelations(secret, text, said):
            return Refused(Reason.KEY, told[0].form)
        if worked := self._worked_out(text):
            return Refused(Reason.KEY, worked)
        if pointed := points_at(secret, text, self._said[1:]):
            return Refused(Reason.KEY, pointed)
        return None

    def _worked_out(self, text: str) -> str:
        """A calculation of the answer that stands neither in the problem nor in a fact."""
        given = plain("\n".join((*self._said, *self._brief.facts, self._brief.template)))
        known = {one.form for one in disclosures(self._secret, given)}
        told = (one for one in disclosures(self._secret, text) if one.worked_out)
        return next((one.form for one in told if one.form not in known), "")

    def _disguised(self, text: str) -> Refused | None:
        for reading in readings(text):
            if any(one.form not in self._known_forms for one in disclosures(self._secret, reading)):
                return Refused(Reason.DISGUISED_KEY, reading[:60])
        for word in self._secret_words:
            if self._hides(word, text):
                return Refused(Reason.DISGUISED_KEY, word)
        for value in secret_values(self._secret):
            if value in tallies(text):
                return Refused(Reason.DISGUISED_KEY, f"tally of {value}")
        return Refused(Reason.DISGUISED_KEY, "dots and dashes") if is_code(text) else None

    def _hides(self, word: str, text: str) -> bool:
        """Whether the word is there across spaces, backwards, or by first letters."""
        if any(word in letters(said) for said in self._said):
            return False
        if len(word) >= SHORTEST_INITIALS and re.search(rf"\b{word}", text, re.IGNORECASE):
            return True
        if len(word) >= LONG_ENOUGH_FOR_SLIPS and any(
            Levenshtein.distance(word, one, score_cutoff=1) <= 1
            for one in WORDS.findall(text.casefold())
        ):
            return True
        across = letters(text)
        if len(word) >= SHORTEST_ACROSS and (word in across or word[::-1] in across):
            return True
        return len(word) >= SHORTEST_INITIALS and any(word in one for one in initials(text))

    def _verdict(self, text: str) -> Refused | None:
        """Right and wrong are said by code alone."""
        found = PRAISE.search(text) or BLAME.search(text)
        return Refused(Reason.VERDICT, found.group()) if found else None

    def _remarks(self, text: str) -> Refused | None:
        if found := ITS_RULES.search(text):
            return Refused(Reason.RULES, found.group())
        if found := PERSONAL.search(text):
            return Refused(Reason.PERSONAL, found.group())
        return None

    def _numbers(self, text: str) -> Refused | None:
        """No number and no equation of numbers that nobody gave it."""
        given = re.sub(r"\s", "", self._given)
        for equation in NUMERIC_EQUATION.finditer(text):
            if re.sub(r"\s", "", equation.group()) not in given:
                return Refused(Reason.NUMBER, equation.group())
        for number in numbers_in(text):
            if abs(number.value) in self._given_numbers:
                continue
            before, after = text[: number.start], text[number.end :]
            counted = COUNTED.search(before[-12:]) or COUNTED.match(after)
            word = not any(map(str.isdigit, text[number.start : number.end]))
            if abs(number.value) <= HARMLESS_COUNT and (counted or word):
                continue
            return Refused(Reason.NUMBER, text[number.start : number.end])
        return None

    @property
    def _secret(self) -> AnswerKey:
        assert self._brief.secret is not None
        return self._brief.secret

    @cached_property
    def _given(self) -> str:
        brief = self._brief
        return plain("\n".join((brief.problem, brief.attempt, brief.template, *brief.facts)))

    @cached_property
    def _given_numbers(self) -> frozenset[Fraction]:
        texts = (self._given, *self._said)
        return frozenset(abs(n.value) for text in texts for n in numbers_in(text))

    @cached_property
    def _known_forms(self) -> frozenset[str]:
        said = self._said[1:] if self._secret.choices else self._said
        return frozenset(one.form for text in said for one in disclosures(self._secret, text))

    @cached_property
    def _secret_words(self) -> tuple[str, ...]:
        """The answer as words of letters."""
        words = {letters(plain(answer)) for answer in self._secret.answers}
        whole = [value for value in secret_values(self._secret) if value.denominator == 1]
        words |= {number_letters(abs(int(value))) for value in whole}
        return tuple(sorted(word for word in words if word))


def _without_formulas(text: str) -> str:
    """Without mathematics between `$`, and without code."""
    return re.sub(r"\$[^$]*\$|`[^`]*`|\\\w+", " ", text)
