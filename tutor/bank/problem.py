"""A generated problem in both languages, and the small words that generators are written with.

Knows no topic: what is asked stands in `tutor.bank.generators` and `tutor.bank.vocabulary`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

from tutor.bank.item import AnswerKey, AnswerType
from tutor.language import Language
from tutor.names import Names

CHOICES = 4
MINUS = "−"
SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")

Number = int | Fraction


@dataclass(frozen=True, slots=True)
class Text:
    """The same sentence in both languages."""

    english: str
    chinese: str

    def said_in(self, language: Language) -> str:
        return self.chinese if language is Language.CHINESE else self.english


@dataclass(frozen=True, slots=True)
class Problem:
    """A question with its key and three hints; `solution` is the one that gives the key away.

    `scaffold` asks an easier question whose answer is `scaffold_answer`. `numbers` are those that
    the question was made from, in the order in which the generator's `holds` takes them.
    """

    stem: Text
    key: AnswerKey
    hint: Text
    scaffold: Text
    scaffold_answer: Number
    solution: Text
    numbers: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Generator:
    """`pose` makes a problem; `holds(answer, *numbers)` says by another way if an answer is right.

    `pose` may draw numbers that make a poor problem (a hint that happens to contain the key): it
    is asked again then.
    """

    name: str
    names: Names
    pose: Callable[[Random], Problem]
    holds: Callable[..., bool]
    source: str = "Daoshi"
    licence: str = "Apache-2.0"
    attribution: str = ""


def both(english: str, chinese: str, /, **values: object) -> Text:
    """A sentence in both languages, its `{name}` fields filled; numbers get a real minus sign."""
    shown = {name: signed(value) for name, value in values.items()}
    return Text(english.format(**shown), chinese.format(**shown))


def signed(value: object) -> str:
    """As it is shown in a sentence: −3, not -3."""
    return str(value).replace("-", MINUS) if isinstance(value, int | Fraction) else str(value)


def operand(value: Number) -> str:
    """As it is shown behind a sign: 4, but (−3)."""
    return signed(value) if value >= 0 else f"({signed(value)})"


def generator(
    name: str,
    english: str,
    chinese: str,
    pose: Callable[[Random], Problem],
    holds: Callable[..., bool],
) -> Generator:
    return Generator(name, {"en": english, "zh-CN": chinese}, pose, holds)


def number_key(value: Number, unit: str = "", *, tolerance: float = 0.0) -> AnswerKey:
    """A number with its usual forms: a terminating fraction also as a decimal and mixed."""
    return AnswerKey(AnswerType.NUMBER, forms(value), unit=unit, tolerance=tolerance)


def decimal_key(value: Fraction, unit: str = "") -> AnswerKey:
    """A number that is shown as a decimal first."""
    shown = decimal(value)
    assert shown, value
    return AnswerKey(AnswerType.NUMBER, tuple(dict.fromkeys((shown, *forms(value)))), unit=unit)


def expression_key(*answers: str) -> AnswerKey:
    return AnswerKey(AnswerType.EXPRESSION, answers)


def text_key(*answers: str) -> AnswerKey:
    return AnswerKey(AnswerType.TEXT, answers)


def choice_key(rng: Random, right: str, wrong: Iterable[str]) -> AnswerKey:
    """The right choice among wrong ones that differ from it and from each other in value."""
    values = {value_of(right)}
    taken = [right]
    for one in wrong:
        if value_of(one) not in values and len(taken) < CHOICES:
            values.add(value_of(one))
            taken.append(one)
    rng.shuffle(taken)
    return AnswerKey(AnswerType.CHOICE, (right,), choices=tuple(taken))


def forms(value: Number) -> tuple[str, ...]:
    """5; 3/4 and 0.75; 7/4, 1 3/4 and 1.75; 2/3."""
    exact = Fraction(value)
    if exact.denominator == 1:
        return (str(exact.numerator),)
    found = [f"{exact.numerator}/{exact.denominator}"]
    if exact > 1:
        whole, rest = divmod(exact.numerator, exact.denominator)
        found.append(f"{whole} {rest}/{exact.denominator}")
    return (*found, decimal(exact)) if decimal(exact) else tuple(found)


def decimal(value: Fraction) -> str:
    """The exact decimal form, "" where it does not end within six digits."""
    for digits in range(7):
        if (value * 10**digits).denominator == 1:
            return f"{float(value):.{digits}f}"
    return ""


def number(answer: str) -> Fraction:
    """The value of one of `forms`."""
    whole, _, rest = answer.replace(MINUS, "-").rpartition(" ")
    return Fraction(rest) + (Fraction(whole) if whole else 0)


def value_of(choice: str) -> object:
    """What makes two choices the same: the value of numbers, else the letters."""
    try:
        return number(choice)
    except (ValueError, ZeroDivisionError):
        return "".join(choice.split()).casefold()


def polynomial(coefficients: Iterable[int], variable: str = "x", *, pretty: bool = True) -> str:
    """`coefficients` from the highest power down: (1, -5, 6) is x² − 5x + 6."""
    listed = list(coefficients)
    terms = []
    for power, factor in zip(range(len(listed) - 1, -1, -1), listed, strict=True):
        if factor:
            size = "" if abs(factor) == 1 and power else str(abs(factor))
            terms.append((factor < 0, size + _power(variable, power, pretty=pretty)))
    if not terms:
        return "0"
    minus = MINUS if pretty else "-"
    first = (minus if terms[0][0] else "") + terms[0][1]
    return first + "".join(f" {minus if low else '+'} {term}" for low, term in terms[1:])


def _power(variable: str, power: int, *, pretty: bool) -> str:
    if power == 0:
        return ""
    if power == 1:
        return variable
    return variable + (superscript(power) if pretty else f"^{power}")


def superscript(power: int) -> str:
    return str(power).translate(SUPERSCRIPTS)
