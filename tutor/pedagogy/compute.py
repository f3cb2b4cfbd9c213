"""`python -m tutor.pedagogy.compute`: computes the keys of problems, as `solving` asks.

Input: a JSON object with task and terms a line. Output: a JSON object a line with the key's fields,
or with none where there is no key. Terms go through the grader's parser, so nothing but mathematics
is run. The clock of a computation counts processor time: a busy machine ends no honest work.
"""

import json
import signal
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import gcd, lcm, prod
from statistics import median
from typing import Any

import sympy

from tutor.grading.expression import Kind, Node
from tutor.grading.folding import fold
from tutor.grading.latex import without_latex
from tutor.grading.parsing import parse
from tutor.grading.tokens import NotMathematics
from tutor.grading.units import DifferentUnits, convert, unit_named
from tutor.knowledge.limits import bound_this_process

MEMORY_LIMIT_BYTES = 2 * 1024**3
PROCESSOR_LIMIT_SECONDS = 600  # of all its work: one that was forgotten ends by itself
COMPUTING_SECONDS = 2
LARGEST_EXPONENT = 1000
FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "sqrt": sympy.sqrt,
    "cbrt": sympy.cbrt,
    "abs": sympy.Abs,
    "factorial": sympy.factorial,
    "sin": sympy.sin,
    "cos": sympy.cos,
    "tan": sympy.tan,
    "exp": sympy.exp,
    "ln": sympy.log,
    "arcsin": sympy.asin,
    "arccos": sympy.acos,
    "arctan": sympy.atan,
}
CONSTANTS = {"pi": sympy.pi, "e": sympy.E, "i": sympy.I, "oo": sympy.oo}


class NoKey(Exception):
    """There is none, or none that an answer could be held against."""


def compute(task: str, terms: Sequence[str]) -> dict[str, Any]:
    """The fields of the answer key; NoKey, NotMathematics or DifferentUnits if there is none."""
    return _TASKS[task](*terms)


def _equation(equation: str) -> dict[str, Any]:
    left, right = _sides(equation)
    unknown = _only(left - right)
    roots = [root for root in sympy.solve(left - right, unknown) if root.is_real]
    if not roots or len(roots) > 4:
        raise NoKey
    if len(roots) == 1:
        return _value(roots[0])
    shown = [f"{unknown} = {_written(root)}" for root in sorted(roots, key=float)]
    return {"type": "expression", "answers": [" or ".join(shown)]}


def _system(*equations: str) -> dict[str, Any]:
    sides = [_sides(equation) for equation in equations]
    unknowns = sorted(set().union(*((a - b).free_symbols for a, b in sides)), key=str)
    found = sympy.solve([left - right for left, right in sides], unknowns, dict=True)
    if len(found) != 1 or any(not found[0].get(name, sympy.I).is_real for name in unknowns):
        raise NoKey
    shown = [f"{name} = {_written(found[0][name])}" for name in unknowns]
    return {"type": "expression", "answers": [" and ".join(shown)]}


def _calculation(expression: str) -> dict[str, Any]:
    return _value(_read(expression))


def _percentage(rate: str, whole: str) -> dict[str, Any]:
    return _value(sympy.Rational(rate) / 100 * sympy.Rational(whole))


def _derivative(expression: str) -> dict[str, Any]:
    function = _read(expression)
    return _expression(sympy.diff(function, _only(function)))


def _integral(expression: str, *limits: str) -> dict[str, Any]:
    function = _read(expression)
    unknown = _only(function)
    if len(limits) == 2:
        return _value(sympy.integrate(function, (unknown, *map(_read, limits))))
    found = sympy.integrate(function, unknown)
    if found.has(sympy.Integral):
        raise NoKey
    return {"type": "expression", "answers": [f"{_written(found)} + C", _written(found)]}


def _conversion(amount: str, unit: str, wanted: str) -> dict[str, Any]:
    source, target = unit_named(unit), unit_named(wanted)
    if not source or not target:
        raise NoKey
    value = convert(Fraction(amount), source, target)
    key = _value(sympy.Rational(value.numerator, value.denominator))
    return {**key, "tolerance": 0.005}


def _mean(*values: str) -> dict[str, Any]:
    numbers = list(map(Fraction, values))
    return _exact(sum(numbers, Fraction()) / len(numbers))


def _median(*values: str) -> dict[str, Any]:
    return _exact(Fraction(median(map(Fraction, values))))


def _mode(*values: str) -> dict[str, Any]:
    ranked = Counter(map(Fraction, values)).most_common(2)
    if len(ranked) > 1 and ranked[0][1] == ranked[1][1]:
        raise NoKey
    return _exact(ranked[0][0])


def _whole(operation: Callable[..., int]) -> Callable[..., dict[str, Any]]:
    def apply(*values: str) -> dict[str, Any]:
        if any("." in value for value in values):
            raise NoKey
        return _exact(Fraction(operation(*map(int, values))))

    return apply


_TASKS: Mapping[str, Callable[..., dict[str, Any]]] = {
    "equation": _equation,
    "system": _system,
    "calculation": _calculation,
    "percentage": _percentage,
    "derivative": _derivative,
    "integral": _integral,
    "conversion": _conversion,
    "mean": _mean,
    "median": _median,
    "mode": _mode,
    "gcd": _whole(gcd),
    "lcm": _whole(lcm),
}


def _sides(equation: str) -> tuple[Any, Any]:
    node = _tree(equation)
    if node.kind is not Kind.RELATION or node.name != "=":
        raise NoKey
    return _sympy(node.parts[0]), _sympy(node.parts[1])


def _read(expression: str) -> Any:
    return _sympy(_tree(expression))


def _tree(text: str) -> Node:
    return parse(fold(without_latex(text)))


def _sympy(node: Node) -> Any:
    """The tree as SymPy has it; only what a scalar expression may contain."""
    parts = [_sympy(part) for part in node.parts]
    match node.kind:
        case Kind.NUMBER:
            return sympy.Rational(node.value.numerator, node.value.denominator)
        case Kind.SYMBOL:
            return sympy.Symbol(node.name, real=True)
        case Kind.CONSTANT if node.name in CONSTANTS:
            return CONSTANTS[node.name]
        case Kind.ADD:
            return sympy.Add(*parts)
        case Kind.MULTIPLY:
            return prod(parts, start=sympy.Integer(1))
        case Kind.DIVIDE:
            return parts[0] / parts[1]
        case Kind.NEGATE:
            return -parts[0]
        case Kind.PERCENT:
            return parts[0] / 100
        case Kind.POWER:
            return _power(*parts)
        case Kind.FUNCTION if node.name == "log":
            return sympy.log(*parts) if len(parts) == 2 else sympy.log(parts[0], 10)
        case Kind.FUNCTION if node.name in FUNCTIONS:
            return FUNCTIONS[node.name](*parts)
    raise NoKey


def _power(base: Any, exponent: Any) -> Any:
    if exponent.is_number and abs(exponent) > LARGEST_EXPONENT:
        raise NoKey
    return base**exponent


def _only(expression: Any) -> Any:
    if len(expression.free_symbols) != 1:
        raise NoKey
    return next(iter(expression.free_symbols))


def _value(value: Any) -> dict[str, Any]:
    value = sympy.nsimplify(sympy.simplify(value)) if value.is_Rational else sympy.simplify(value)
    if value.free_symbols or not value.is_real or not value.is_finite:
        raise NoKey
    if value.is_Rational:
        return {"type": "number", "answers": [_written(value)]}
    return {"type": "expression", "answers": [_written(value)]}


def _exact(value: Fraction) -> dict[str, Any]:
    return _value(sympy.Rational(value.numerator, value.denominator))


def _expression(value: Any) -> dict[str, Any]:
    value = sympy.simplify(value)
    return _value(value) if not value.free_symbols else {
        "type": "expression",
        "answers": [_written(sympy.expand(value)), _written(value)],
    }  # fmt: skip


def _written(value: Any) -> str:
    """As people write it: a short decimal where there is one, `^` for powers."""
    if value.is_Rational and not value.is_Integer and _is_decimal(int(value.q)):
        return str(float(value))
    return str(value).replace("**", "^")


def _is_decimal(denominator: int) -> bool:
    """Whether the fraction is best written as a decimal: few digits, and no ordinary fraction."""
    return denominator in (10, 20, 25, 40, 50, 100, 200, 1000)


def answer(line: str) -> dict[str, Any]:
    """The key that one line asks for, empty where there is none."""
    asked = json.loads(line)
    try:
        return compute(asked["task"], asked["terms"])
    except (NoKey, NotMathematics, DifferentUnits, ValueError, TypeError, ArithmeticError):
        return {}
    except NotImplementedError:  # SymPy's word for an equation that it has no method for
        return {}


def main() -> None:
    """Says `ready`, then answers; a computation that takes too long ends the process."""
    bound_this_process(MEMORY_LIMIT_BYTES, PROCESSOR_LIMIT_SECONDS)
    compute("equation", ["x + 1 = 2"])  # the first use takes a second
    print("ready", flush=True)
    for line in sys.stdin:
        _set_clock(COMPUTING_SECONDS)
        key = answer(line)
        _set_clock(0)
        print(json.dumps(key), flush=True)


def _set_clock(seconds: float) -> None:
    if hasattr(signal, "setitimer"):  # not on Windows; the caller's limit holds there
        signal.setitimer(signal.ITIMER_PROF, seconds)


if __name__ == "__main__":
    main()
