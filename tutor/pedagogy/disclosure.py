"""Where a text says the answer: as a number in any form, a calculation, an expression or a word.

Knows the key and one text, nothing of who may say what: what already stands in the problem or in
the learner's own words is told apart by `tutor.pedagogy.release` and `tutor.pedagogy.hints`.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from tutor.bank.item import AnswerKey, AnswerType
from tutor.grading.equivalence import says_key
from tutor.grading.numbers import numbers_in
from tutor.pedagogy.calculation import calculations_in

CLOSE = Fraction(1, 1000)
SMALL = 3  # words up to this number are everywhere: "one more", "两边"
WORDY = (AnswerType.TEXT, AnswerType.CHOICE, AnswerType.CHOICES)
INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060-\u2064\ufe0f\u20e3\ufeff]")
DIGITS = re.compile(r"\d[\d.,/ ]*(?:(?<=\d)%)?(?<=[\d%])|\\[dt]?frac\{-?\d+\}\{\d+\}|[½⅓⅔¼¾]")
LONG_WORD = 8  # letters from which on the beginning alone gives a word away
PUNCTUATION = " \t\n.,;:!?。，；：！？"
LABELS = "abcdefghij"
# An answer that is made of numbers alone, each written "#" here: "x = # or x = -#", "(#, #)".
_ONE = r"(?:[a-zA-Z]\w?\s*[=≈<>≤≥∈]+\s*)?[({\[\s$]*[-+−±]?\s*#\s*[%°]?[)}\]\s$]*"
ALL_NUMBERS = re.compile(rf"\s*{_ONE}(?:(?:[,;:<≤，；、或和与]|or|and)\s*{_ONE})*\.?\s*")
ASSERTS = re.compile(
    r"(?:=|≈|\b[a-z] (?:is|must be|has to be)|[a-z]\s*[是为]|\bequals?"
    r"|\b(?:answer|result|solution|total|value)s? (?:is|are|was|be|comes to)"
    r"|\b(?:get|gets|gives?|makes?|yields?|leaves?|is equal to)|答案[是为:：]?|结果[是为:：]?"
    r"|等于|得到?|解[是为])"
    r"\s*[$({\[\\]*\s*$",
    re.IGNORECASE,
)
BARE_BEFORE = re.compile(r"(?:^|[.!?。！？\n])[\s*$\"'“(]*$")
BARE_AFTER = re.compile(r"[\s*$\"'”)]*(?:[.!?。！？\n]|$)(?!\d)")
GOES_ON = re.compile(r"[\w(]|\s*(?:[*+/×÷^−·-]\s*(?:\d|\(|[a-z]\b)|%|\\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A place that says the answer. `form` is how, comparable between texts.

    `asserted`: it is put as a result ("x = 5"), not only as a number that occurs. `worked_out`: it
    is a calculation whose result is not said.
    """

    start: int
    end: int
    form: str
    asserted: bool = False
    worked_out: bool = False


def plain(text: str) -> str:
    """Full width, circled and styled characters as ordinary ones, without invisible ones."""
    return INVISIBLE.sub("", unicodedata.normalize("NFKC", INVISIBLE.sub("", text)))


def disclosures(key: AnswerKey, text: str) -> tuple[Disclosure, ...]:
    """Every place of `text` (as `plain` gives it) that says the answer, in order."""
    found = {*_numbers(key, text), *_calculations(key, text), *_words(key, text)}
    found |= set(_equivalents(key, text, found))
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))


@lru_cache(maxsize=512)
def secret_values(key: AnswerKey) -> frozenset[Fraction]:
    """The numbers that an answer consists of; none where it is an expression or words."""
    if key.type in WORDY or key.type is AnswerType.OPEN:
        return frozenset()
    values: set[Fraction] = set()
    for answer in map(plain, key.answers):
        numbers = numbers_in(answer)
        skeleton = _skeleton(answer, [(n.start, n.end) for n in numbers])
        if key.type is AnswerType.NUMBER or ALL_NUMBERS.fullmatch(skeleton):
            values.update(n.value for n in numbers)
            values.update(n.value * 100 for n in numbers if "%" in answer)
    return frozenset(values)


def _numbers(key: AnswerKey, text: str) -> Iterator[Disclosure]:
    secrets = secret_values(key)
    for number in numbers_in(text) if secrets else ():
        if not any(same(number.value, secret) for secret in secrets):
            continue
        written = text[number.start : number.end]
        digits = DIGITS.search(written)
        start = number.start + digits.start() if digits else number.start
        end = number.start + digits.end() if digits else number.end
        asserted = _asserted(text, number.start, number.end)
        is_small = number.value.denominator == 1 and abs(number.value) <= SMALL
        if digits or asserted or not is_small:
            form = re.sub(r"\s", "", digits.group()) if digits else f"{abs(number.value)} in words"
            # Only a negative answer has a sign to give away: in "20 - 5" it is an operation.
            form = f"-{form}" if number.value < 0 and number.value in secrets else form
            yield Disclosure(start, end, form, asserted)


def same(value: Fraction, secret: Fraction) -> bool:
    """Equal, or so close that it gives a rounded answer away. The sign gives nothing away."""
    value, secret = abs(value), abs(secret)
    if value == secret:
        return True
    return value.denominator != 1 and abs(value - secret) <= CLOSE * secret


def _calculations(key: AnswerKey, text: str) -> Iterator[Disclosure]:
    """Sums and products that come to the answer, in signs or in words."""
    secrets = secret_values(key)
    for one in calculations_in(text) if secrets else ():
        if any(same(one.value, secret) for secret in secrets):
            form = re.sub(r"\s", "", one.text).casefold()
            yield Disclosure(one.start, one.end, form, worked_out=True)


def _words(key: AnswerKey, text: str) -> Iterator[Disclosure]:
    for answer in map(plain, key.answers):
        for pattern in _patterns(key, answer.strip()):
            for match in re.finditer(pattern, text, re.IGNORECASE):
                start, end = match.span()
                form = re.sub(r"\s+", " ", match.group()).casefold()
                yield Disclosure(start, end, form, _asserted(text, start, end))


def _patterns(key: AnswerKey, answer: str) -> Iterator[str]:
    """How an answer that is no number may be written."""
    if not answer or secret_values(key):
        return
    if key.type is AnswerType.EXPRESSION or not re.search(r"[^\W\d_]{2}", answer):
        pieces = re.findall(r"\w|[^\w\s]", answer)
        yield r"(?<!\w)" * answer[0].isalnum() + r"[\s*·$]*".join(map(re.escape, pieces))
    elif re.search(r"[\u4e00-\u9fff]", answer):
        yield re.escape(answer)
    else:
        words = re.findall(r"[^\W_]+", answer)
        yield r"\b" + r"[\W_]+".join(map(_inflected, words)) + r"\b"
        if len(words) == 2 and min(map(len, words)) >= 4:
            first, second = map(re.escape, words)
            yield rf"\b{second}\b[^\n]{{0,60}}\b{first}\b|\b{first}\b[^\n]{{0,60}}\b{second}\b"
    if key.type in (AnswerType.CHOICE, AnswerType.CHOICES):
        yield from _labels(key, answer)


def _labels(key: AnswerKey, answer: str) -> Iterator[str]:
    choices = [plain(choice).strip() for choice in key.choices]
    if answer in choices and choices.index(answer) < len(LABELS):
        index = choices.index(answer)
        letter = LABELS[index]
        names = rf"(?:option|choice|answer|letter|选项?|答案是?)\s*\(?(?:{letter}|{index + 1})\b"
        # "A guess" and "I think" name no choice: these letters are words before another word.
        follows = r"\s*(?:[.)!?,]|$)|\s+(?:is|was)\b" if letter in "ai" else r"[\s.)!?,]|$"
        yield rf"{names}|\({letter}\)|(?<![\w'])(?-i:{letter.upper()})(?={follows})"


def _inflected(word: str) -> str:
    """The word with the endings that English gives it."""
    if len(word) < 4:
        return re.escape(word)
    if len(word) >= LONG_WORD:
        return re.escape(word[: -(len(word) // 4)]) + r"\w*"
    stem = re.sub(r"(?:ies|es|s|ing|ed|y|e)$", "", word, flags=re.IGNORECASE)
    stem = stem if len(stem) >= 3 else word
    return re.escape(stem) + r"(?:ies|es|s|ing|ed|d|y|e|er|al|ally|ic|ly|'s)?"


def _equivalents(key: AnswerKey, text: str, found: set[Disclosure]) -> Iterator[Disclosure]:
    """What the grader takes for the key and nothing above has seen."""
    if key.type in (AnswerType.CHOICE, AnswerType.CHOICES, AnswerType.OPEN):
        return
    for said in says_key(key, text):
        form = said.strip(PUNCTUATION)
        if not form or (len(form) == 1 and form.isalpha() and form not in key.answers):
            continue
        start = text.casefold().find(form.casefold())
        start, end = (start, start + len(form)) if start >= 0 else (0, len(text))
        small = form.strip().isalpha() and any(v <= SMALL for v in map(abs, secret_values(key)))
        if not small and not any(one.start <= start and end <= one.end for one in found):
            yield Disclosure(start, end, form.strip().casefold(), _asserted(text, start, end))


def _asserted(text: str, start: int, end: int) -> bool:
    """Whether what stands there is put as a result and is not the beginning of a longer term."""
    if BARE_BEFORE.search(text[:start]) and BARE_AFTER.match(text, end):
        return True
    before = text[max(0, start - 40) : start]
    return bool(ASSERTS.search(before)) and not GOES_ON.match(text, end)


def _skeleton(answer: str, numbers: list[tuple[int, int]]) -> str:
    for start, end in reversed(numbers):
        answer = f"{answer[:start]}#{answer[end:]}"
    return answer
