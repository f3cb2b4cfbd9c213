"""Algebra by SymPy, for keys and for checking them.

SymPy is loaded when it is first needed, since it takes a second. Texts that come in here are made
by generators, never by people: reading an expression with SymPy may run code.
"""

import re
from typing import Any

from tutor.bank.problem import MINUS, SUPERSCRIPTS

PLAIN = {chr(raised): chr(normal) for normal, raised in SUPERSCRIPTS.items()}
RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")
SAFE = re.compile(r"[\d\sxa-zA-Z+\-*/().^=]*")


def read(text: str) -> Any:
    """The expression that a text of ours stands for: 3x² − (x + 1)."""
    from sympy.parsing.sympy_parser import (
        convert_xor,
        implicit_multiplication_application,
        parse_expr,
        standard_transformations,
    )

    plain = RAISED.sub(_power, text).replace(MINUS, "-").replace("·", "*")
    assert SAFE.fullmatch(plain), text
    rules = (*standard_transformations, convert_xor, implicit_multiplication_application)
    return parse_expr(plain, transformations=rules)


def same(one: str, other: str) -> bool:
    """Whether two expressions are equal for every x."""
    import sympy

    return bool(sympy.simplify(read(one) - read(other)) == 0)


def derivative(text: str) -> Any:
    import sympy

    return sympy.diff(read(text), sympy.Symbol("x"))


def integral(text: str, low: int, high: int) -> Any:
    import sympy

    return sympy.integrate(read(text), (sympy.Symbol("x"), low, high))


def limit(text: str, at: int) -> Any:
    import sympy

    return sympy.limit(read(text), sympy.Symbol("x"), at)


def _power(found: re.Match[str]) -> str:
    return "^(" + "".join(PLAIN[one] for one in found.group()) + ")"
