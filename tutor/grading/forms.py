"""The form of an answer: worked out or only set up, factored, expanded, reduced.

An equal value in another form is right unless the form is what was asked for.
"""

import re
from enum import Flag, auto
from fractions import Fraction
from math import gcd, isqrt

from tutor.grading.expression import Kind, Node, leaves, symbols

_HALF = Fraction(1, 2)


class Form(Flag):
    """What a question demands of the form; NONE: any."""

    NONE = 0
    FACTORED = auto()
    EXPANDED = auto()
    SIMPLE = auto()
    REDUCED = auto()
    ORDERED = auto()


_DEMANDS = {
    Form.FACTORED: (
        r"\bfactor(?:i[sz]e|ed|ing|isation|ization)?\b(?! of)|因式分解|分解因式|"
        r"分解质因数"
    ),
    Form.EXPANDED: r"\bexpand(?:ed)?\b|multiply out|展开",
    Form.SIMPLE: r"\bsimplif(?:y|ied)|combine like|化简|合并同类项",
    Form.REDUCED: r"lowest terms|simplest form|simplif(?:y|ied)|\breduced?\b|最简|约分|化简",
    Form.ORDERED: r"\border(?:ed)?\b|\bsort|arrange|rank|least to greatest|sequence|"
    r"first .{1,12} terms|"
    r"next .{1,12} (?:terms|numbers)|respectively|coordinates?|ordered pair|ascending|"
    r"descending|排序|"
    r"排列|从小到大|从大到小|数列|序列|前.项|依次|分别|坐标|顺序",
}
_COMPILED = {form: re.compile(pattern, re.IGNORECASE) for form, pattern in _DEMANDS.items()}


def demanded(question: str) -> Form:
    """What the wording of a question demands of the form of its answer."""
    form = Form.NONE
    for one, pattern in _COMPILED.items():
        if pattern.search(question):
            form |= one
    return form


def is_worked_out(node: Node) -> bool:
    """Whether a number is given as one: digits, a fraction, a percent, a power, n · 10^k."""
    match node.kind:
        case Kind.NUMBER | Kind.CONSTANT:
            return True
        case Kind.NEGATE | Kind.PERCENT:
            return is_worked_out(node.parts[0])
        case Kind.DIVIDE | Kind.POWER:
            return all(_is_digits(part) for part in node.parts)
        case Kind.MULTIPLY:
            return (
                len(node.parts) == 2
                and _is_digits(node.parts[0])
                and _is_power_of_ten(node.parts[1])
            )
        case Kind.ADD:
            return _is_mixed(node)
    return False


def has_form(form: Form, key: Node, answer: Node) -> bool:
    """Whether the answer has the form that was asked for, as far as the key has it."""
    if Form.FACTORED in form and factors(key) > 1 and factors(answer) < factors(key):
        return False
    if Form.EXPANDED in form and _is_expanded(key) and not _is_expanded(answer):
        return False
    if Form.SIMPLE in form and _has_square(answer) and not _has_square(key):
        return False
    if Form.SIMPLE in form and leaves(answer) > leaves(key) + max(1, leaves(key) // 3):
        return False
    return Form.REDUCED not in form or not _is_reducible(answer) or _is_reducible(key)


def factors(node: Node) -> int:
    """How many factors with symbols (or, without any, numbers) a product is written with."""
    match node.kind:
        case Kind.NEGATE:
            return factors(node.parts[0])
        case Kind.MULTIPLY:
            return sum(factors(part) for part in node.parts)
        case Kind.DIVIDE:
            return factors(node.parts[0])
        case Kind.POWER:
            times = node.parts[1]
            whole = times.kind is Kind.NUMBER and times.value.denominator == 1
            return factors(node.parts[0]) * max(1, min(int(times.value), 50)) if whole else 1
    return 1 if symbols(node) or node.kind is Kind.NUMBER else 0


def prime_form(node: Node) -> tuple[int, ...] | None:
    """The factors of a product of whole numbers such as 2² · 3, sorted; None for anything else."""
    found = _whole_factors(node)
    return tuple(sorted(found)) if found is not None and len(found) > 1 else None


def _whole_factors(node: Node) -> list[int] | None:
    if node.kind is Kind.NUMBER and node.value.denominator == 1:
        return [int(node.value)]
    if node.kind is Kind.POWER:
        base, times = node.parts
        if (
            base.kind is times.kind is Kind.NUMBER
            and times.value.denominator == 1
            and 0 < times.value < 64
        ):
            return [int(base.value)] * int(times.value) if base.value.denominator == 1 else None
        return None
    if node.kind is not Kind.MULTIPLY:
        return None
    parts = [_whole_factors(part) for part in node.parts]
    return (
        None if any(part is None for part in parts) else [n for part in parts for n in part or []]
    )


def _is_expanded(node: Node) -> bool:
    for one in node.walk():
        if one.kind is Kind.MULTIPLY and any(part.kind is Kind.ADD for part in one.parts):
            return False
        if (
            one.kind is Kind.POWER
            and one.parts[0].kind is Kind.ADD
            and one.parts[1].kind is Kind.NUMBER
        ):
            return False
    return True


def _is_reducible(node: Node) -> bool:
    return any(
        one.kind is Kind.DIVIDE
        and all(part.kind is Kind.NUMBER and part.value.denominator == 1 for part in one.parts)
        and gcd(int(one.parts[0].value), int(one.parts[1].value)) > 1
        for one in node.walk()
    )


def _has_square(node: Node) -> bool:
    """Whether a root is left that could be taken in part, such as √50."""
    inside = [one.parts[0] for one in node.walk() if one.name == "sqrt" and one.parts]
    inside += [
        one.parts[0]
        for one in node.walk()
        if one.kind is Kind.POWER and one.parts[1].value == _HALF
    ]
    wholes = [int(n.value) for n in inside if n.kind is Kind.NUMBER and n.value.denominator == 1]
    return any(n < 10**6 and any(n % (r * r) == 0 for r in range(2, isqrt(n) + 1)) for n in wholes)


def _is_digits(node: Node) -> bool:
    if node.kind is Kind.NEGATE:
        return _is_digits(node.parts[0])
    return node.kind is Kind.NUMBER


def _is_power_of_ten(node: Node) -> bool:
    if node.kind is Kind.POWER:
        return node.parts[0].value == 10 and _is_digits(node.parts[1])
    return False


def _is_mixed(node: Node) -> bool:
    """2 1/2, written as a sum of a whole number and a proper fraction."""
    if len(node.parts) != 2:
        return False
    whole, part = node.parts
    if (
        whole.kind is not Kind.NUMBER
        or whole.value.denominator != 1
        or part.kind is not Kind.DIVIDE
    ):
        return False
    top, bottom = part.parts
    return top.kind is bottom.kind is Kind.NUMBER and top.value < bottom.value
