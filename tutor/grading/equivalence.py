"""Finds what gives a key away: every equivalent of it that stands in a text, in whatever form.

For whoever must keep a key secret. Rather finds too much than too little, and returns what it found
as it stands in the text, so that what was said before can be left out of account.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from tutor.bank.item import AnswerKey, AnswerType
from tutor.grading.algebra import compare, items_of
from tutor.grading.choices import LETTERS, right_choices
from tutor.grading.evaluation import Value, close, number_of
from tutor.grading.expression import Node, is_scalar, symbols
from tutor.grading.expressions import read_key
from tutor.grading.folding import fold
from tutor.grading.normalise import plain
from tutor.grading.numbers import NumberFound, numbers_in
from tutor.grading.parsing import parse
from tutor.grading.precision import is_rounding
from tutor.grading.quantity import Quantity, read_quantity
from tutor.grading.text import is_slip, simplified, words_of
from tutor.grading.tokens import NotMathematics
from tutor.grading.units import DifferentUnits, convert, unit_named
from tutor.grading.verdict import Outcome

LONGEST = 8_000
_MOST_RUNS = 60
_SHORT_RUN = 120
_MATHS = r"\w\s.+*/^=<>≤≥≠√π∞±∪°²³⁴%!,;|(){}\[\]\\$-"
_RUN = re.compile(
    r"(?:\\[A-Za-z]+|[0-9A-Za-z.]{1,12}|[-+*/^=<>≤≥≠√π∞±∪°²³⁴⁵⁶⁷⁸⁹⁰¹⁻ⁿ×÷·−%!|(){}\[\],]|\s(?=\S))+"
)
_LONG_WORD = re.compile(
    r"(?<![\\A-Za-z])(?:[A-Za-z]{3,}|so|is|it|to|of|in|we|as|if|at|by|be|an|am|do|go|no|on|us|up|my)"
    r"(?![A-Za-z])"
)
_SIGNS = re.compile(r"[-+*/^√²³⁴×÷·−!]|sqrt")
_WORD = re.compile(r"[\w'+#]+")
_PUNCTUATION = " \t\n,;.:!?()$"
_KEPT_WORDS = frozenset(
    [
        "sin",
        "cos",
        "tan",
        "sec",
        "csc",
        "cot",
        "log",
        "ln",
        "exp",
        "sqrt",
        "pi",
        "inf",
        "infinity",
        "arcsin",
        "arccos",
        "arctan",
        "abs",
        "root",
        "alpha",
        "beta",
        "gamma",
        "theta",
        "lambda",
        "sigma",
        "phi",
        "omega",
        "and",
        "or",
    ]
)
_SMALL_WORDS = frozenset(
    [
        "yes",
        "no",
        "true",
        "false",
        "right",
        "wrong",
        "correct",
        "incorrect",
        "y",
        "n",
        "t",
        "f",
        "none",
        "always",
        "never",
        "是",
        "否",
        "对",
        "错",
        "正确",
        "错误",
    ]
)
_TELLS = r"(?:answer|ans|result|it|this|that|statement|claim|correct|答案|结果|这|它|应该|选|就)"


@dataclass(frozen=True, slots=True)
class _Secret:
    """A key made ready: what its answers come to as numbers, trees and words."""

    numbers: tuple[Quantity, ...] = ()
    trees: tuple[Node, ...] = ()
    parts: tuple[Quantity, ...] = ()  # of a list of numbers: all of them
    phrases: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()


def says_key(key: AnswerKey, text: str) -> tuple[str, ...]:
    """The equivalents of the key that stand in the text, as they stand there, in order."""
    text = text[:LONGEST]
    secret = _secret(key)
    found: dict[int, str] = {}
    found.update(_numbers(secret, text))
    found.update(_expressions(secret, text))
    for phrase in secret.phrases:
        found.update(_phrases(phrase, text))
    for letter in secret.letters:
        found.update(_letters(letter, text))
    return tuple(dict.fromkeys(found[at] for at in sorted(found)))


@lru_cache(maxsize=512)
def _secret(key: AnswerKey) -> _Secret:
    if key.type is AnswerType.OPEN:
        return _Secret()
    letters: tuple[str, ...] = ()
    if key.choices:
        letters = tuple(LETTERS[at] for at in sorted(right_choices(key)) if at < len(LETTERS))
    is_text = key.type is AnswerType.TEXT
    numbers = [] if is_text else [q for q in map(read_quantity, map(plain, key.answers)) if q]
    trees = [] if is_text else [tree for tree in map(read_key, key.answers) if tree is not None]
    lists = [items_of(tree) for tree in trees if not is_scalar(tree)]
    parts = [_quantity(node) for items in lists if len(items) > 1 for _, node in items]
    return _Secret(
        numbers=tuple(_in_unit(one, key.unit) for one in numbers),
        trees=tuple(tree for tree in trees if symbols(tree) or not is_scalar(tree)),
        parts=tuple(part for part in parts if part) if all(parts) else (),
        phrases=tuple(key.answers),
        letters=letters,
    )


def _quantity(node: Node) -> Quantity | None:
    value = number_of(node) if is_scalar(node) and not symbols(node) else None
    return None if value is None else Quantity(value)


def _in_unit(one: Quantity, unit: str) -> Quantity:
    return one if one.unit or not unit else Quantity(one.value, unit_named(unit), one.shown)


def _numbers(secret: _Secret, text: str) -> dict[int, str]:
    """Numbers equal to the key in any form; of a list of numbers only all of them together."""
    if not secret.numbers and not secret.parts:
        return {}
    values = list(_values(text))
    found = {
        at: shown
        for at, shown, number in values
        if any(_meets(wanted, number) for wanted in secret.numbers)
    }
    hits = [[(at, shown) for at, shown, n in values if _meets(part, n)] for part in secret.parts]
    if hits and all(hits):
        found.update(dict(pair for pair in (one for hit in hits for one in hit)))
    return found


def _values(text: str) -> Iterator[tuple[int, str, NumberFound]]:
    for number in numbers_in(text):
        yield number.start, text[number.start : number.end].strip(), number
    for start, run in _runs(text):
        if not _SIGNS.search(run):
            continue
        for at, part in _sides(start, run):
            value = _worth(part)
            if isinstance(value, Fraction) or value is not None:
                yield at, part.strip(), NumberFound(value, at, at + len(part))


def _meets(wanted: Quantity, number: NumberFound) -> bool:
    value: Value = number.value
    if close(wanted.value, value):
        return True
    if is_rounding(wanted.value, value, number.shown):
        return True
    if "%" in (wanted.unit, number.unit) and wanted.unit != number.unit:
        return close(wanted.value * 100, value) or close(wanted.value, value * 100)
    if wanted.unit and number.unit and wanted.unit != number.unit and isinstance(value, Fraction):
        try:
            return close(wanted.value, convert(value, number.unit, wanted.unit))
        except DifferentUnits:
            return False
    return False


def _worth(text: str) -> Value | None:
    tree = _tree(text)
    if tree is None or not is_scalar(tree) or symbols(tree):
        return None
    return number_of(tree)


@lru_cache(maxsize=2048)
def _tree(text: str) -> Node | None:
    try:
        return parse(plain(text).strip(_PUNCTUATION.replace("(", "").replace(")", "")))
    except NotMathematics:
        return None


def _runs(text: str) -> Iterator[tuple[int, str]]:
    """Stretches that may be mathematics: cut at words, at most so many of them."""
    folded = fold(text)
    count = 0
    for match in _RUN.finditer(folded):
        at = match.start()
        for word in [*_LONG_WORD.finditer(match[0]), None]:
            if word is not None and word[0].lower() in _KEPT_WORDS:
                continue
            end = match.end() if word is None else match.start() + word.start()
            piece = text[at:end]
            if len(piece.strip(_PUNCTUATION)) > 1 and len(piece) <= _SHORT_RUN:
                yield at, piece
                count += 1
            if count >= _MOST_RUNS:
                return
            at = end if word is None else match.start() + word.end()


def _sides(start: int, run: str) -> Iterator[tuple[int, str]]:
    """A run as a whole, then its sides between relation signs and commas."""
    yield start, run
    at = 0
    for piece in re.split(r"([=<>≤≥,;:])", run):
        if len(piece.strip()) > 1 and len(piece) < len(run):
            yield start + at, piece
        at += len(piece)


def _expressions(secret: _Secret, text: str) -> dict[int, str]:
    """Stretches of mathematics that say the same as the key."""
    found: dict[int, str] = {}
    if not secret.trees:
        return found
    for start, run in _runs(text):
        for at, part in _sides(start, run):
            tree = _tree(part)
            if tree is not None and any(_same(wanted, tree) for wanted in secret.trees):
                found[at] = part.strip()
    return found


def _same(wanted: Node, given: Node) -> bool:
    if is_scalar(given) and symbols(wanted) and not symbols(given):
        return False
    compared = compare(wanted, given)
    return (
        compared is not None
        and (
            compared.outcome is Outcome.RIGHT
            or compared.pattern in ("not_simplified", "incomplete")
        )
        and compared.outcome is not Outcome.PARTLY
    )


def _phrases(phrase: str, text: str) -> dict[int, str]:
    """The key's own words, with other endings or a slip; small words only where they are stated."""
    wanted = words_of(plain(phrase))
    if not wanted:
        return {}
    if " ".join(wanted) in _SMALL_WORDS:
        return _stated(re.escape(phrase.strip()), text)
    if not phrase.isascii() and any("\u4e00" <= c <= "\u9fff" for c in phrase):
        return {
            m.start(): m[0]
            for m in re.finditer(re.escape(simplified(phrase.strip())), simplified(text))
        }
    if len(phrase.strip()) < 3:
        return {}
    found = {}
    words = list(_WORD.finditer(text))
    for at in range(len(words) - len(wanted) + 1):
        window = words[at : at + len(wanted)]
        shown = text[window[0].start() : window[-1].end()]
        if any(c.isdigit() for c in phrase) and plain(shown) != plain(phrase):
            continue
        if all(_inflected(a, w[0]) for a, w in zip(wanted, window, strict=True)):
            found[window[0].start()] = shown
    return found


def _inflected(wanted: str, word: str) -> bool:
    """The same word, one of its forms, or a slip of it."""
    said = word.casefold().strip("'")
    if said == wanted or said.removesuffix("s") == wanted.removesuffix("s"):
        return True
    if len(wanted) < 5:
        return wanted == said.removesuffix("es") or wanted == said.removesuffix("'s")
    stem = wanted[: max(4, len(wanted) - 3)]
    return (said.startswith(stem) and abs(len(said) - len(wanted)) <= 4) or is_slip(wanted, said)


def _stated(phrase: str, text: str) -> dict[int, str]:
    """A small word where it is the answer: "the answer is yes", 答案是对."""
    says = r"(?:is|was|should be|must be|:|=|是|为|应该是)"
    pattern = rf"{_TELLS}\s*{says}\s*[\"'“*]*({phrase})(?![A-Za-z])"
    return {m.start(1): m[0] for m in re.finditer(pattern, text, re.IGNORECASE)}


def _letters(letter: str, text: str) -> dict[int, str]:
    """The letter of the right choice where it stands for the choice."""
    pattern = (
        rf"(?:\b(?:option|choice|answer|letter|choose|pick|select|is|be)\s*:?\s*|[选項项]\s*|答案是?\s*)"
        rf"[(\[\"'“*]*({letter})(?![A-Za-z'])|[(\[]({letter})[)\]]|(?<![A-Za-z])({letter})\s?[).、:]|\*\*({letter})\*\*"
    )
    return {m.start(): m[0].strip() for m in re.finditer(pattern, fold(text))}
