"""Calculations that stand in a text, in signs or in words, and what they come to. Exact.

Only numbers and the four operations, powers and roots: letters and equations belong to the grader.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from tutor.grading.numbers import numbers_in

LONGEST = 80
LARGEST_POWER = 12
# The words for the operations; each becomes a sign of the same meaning.
SIGNS = (
    (r"\s*(?:plus|added to|and then add|加上?)\s*", "+"),
    (r"(?<=\d) and (?=\d+(?:\.\d+)? together)", "+"),
    (r"\s*(?:minus|take away|减去?)\s*", "-"),
    (r"\s*(?:times|multiplied by|乘以?|\\times|\\cdot|[×·⋅✕])\s*", "*"),
    (r"\s*(?:divided by|over|除以|\\div|[÷∕])\s*", "/"),
    (r"\s*(?:to the power(?: of)?|的?次方)\s*", "**"),
    (r"\s*(?:squared|的?平方(?!根)|²)", "**2"),
    (r"\s*(?:cubed|的?立方(?!根)|³)", "**3"),
    (r"(?:the )?square root of\s*|√|\\?sqrt(?=\s*[\d({])", "R"),
    (r"\bhalf (?:of )?(?=[\d(])", "1/2*"),
    (r"\b(?:twice|double|two times)(?: of)? (?=[\d(])", "2*"),
    (r"的?一半", "/2"),
    (r"[−–]", "-"),
    (r"\^", "**"),
    (r"\\frac\{([^{}]+)\}\{([^{}]+)\}", r"(\1)/(\2)"),
)
TERM = re.compile(r"(?:R?[\d.(][\d.)\s(*/+R-]*[\d)])")


@dataclass(frozen=True, slots=True)
class Calculation:
    """`text` is the calculation in signs; the span is where it stands in the original text."""

    start: int
    end: int
    text: str
    value: Fraction


def calculations_in(text: str) -> Iterator[Calculation]:
    """Each calculation of at least one operation. Where words were used, the span is the text."""
    written = _in_signs(text)
    for match in TERM.finditer(written):
        term = match.group().strip()
        if len(term) > LONGEST or not re.search(r"[*/+R]|\d\s*-", term):
            continue
        value = _value(term)
        if value is None:
            continue
        start = text.find(match.group()) if written != text else match.start()
        whole = start < 0
        span = (0, len(text)) if whole else (start, start + len(match.group()))
        yield Calculation(*span, term, value)


def _in_signs(text: str) -> str:
    """Number words as digits, operation words as signs."""
    for number in reversed(numbers_in(text)):
        word = text[number.start : number.end]
        if not any(map(str.isdigit, word)) and number.value.denominator == 1:
            text = f"{text[: number.start]}{number.value}{text[number.end :]}"
    for words, sign in SIGNS:
        text = re.sub(words, sign, text, flags=re.IGNORECASE)
    return text


def _value(term: str) -> Fraction | None:
    """What the term comes to; None where it is no calculation."""
    source = re.sub(r"R\s*(\d+(?:\.\d+)?|\([^()]*\))", r"(\1)@0", term)
    source = re.sub(r"(?<![\d.])0+(?=\d)", "", source)
    try:
        return _evaluate(ast.parse(source, mode="eval").body)
    except (SyntaxError, ValueError, ZeroDivisionError, RecursionError, OverflowError):
        return None


def _evaluate(node: ast.expr) -> Fraction:
    match node:
        case ast.Constant(value=int() | float() as number):
            return Fraction(str(number))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_evaluate(operand)
        case ast.BinOp(left=left, op=ast.MatMult()):
            return _root(_evaluate(left))
        case ast.BinOp(left=left, op=op, right=right):
            return _operate(op, _evaluate(left), _evaluate(right))
    raise ValueError(ast.dump(node))


def _operate(op: ast.operator, left: Fraction, right: Fraction) -> Fraction:
    match op:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case ast.Div():
            return left / right
        case ast.Pow() if right.denominator == 1 and abs(right) <= LARGEST_POWER:
            return Fraction(left ** int(right))
    raise ValueError(op)


def _root(value: Fraction) -> Fraction:
    numerator, denominator = isqrt(value.numerator), isqrt(value.denominator)
    if Fraction(numerator**2, denominator**2) != value:
        raise ValueError(value)
    return Fraction(numerator, denominator)
