"""Derivatives, integrals and limits of polynomials. Keys by SymPy, checks by numbers."""

import math
from fractions import Fraction
from random import Random

from tutor.bank.generators.symbolic import derivative, integral, limit, read
from tutor.bank.problem import (
    Problem,
    both,
    choice_key,
    expression_key,
    generator,
    number,
    number_key,
    polynomial,
    signed,
)


def _cubic(rng: Random) -> tuple[int, ...]:
    return (rng.randint(1, 5), rng.randint(-6, 6) or 2, rng.randint(-9, 9) or 4, rng.randint(1, 9))


def _derivative(rng: Random) -> Problem:
    factors = _cubic(rng)
    a, b, c, _ = factors
    text = polynomial(factors, pretty=False)
    key = str(derivative(text)).replace("**", "^").replace("*", "")
    values = {"f": polynomial(factors), "a": a, "k": polynomial((3 * a, 2 * b, c))}
    return Problem(
        both("Find the derivative of f(x) = {f}.", "求函数 f(x) = {f} 的导数。", **values),
        expression_key(key, f"f'(x) = {key}"),
        both(
            "Go term by term: the exponent comes down as a factor, and then it becomes smaller by "
            "a unit. Constants vanish.",
            "逐项求导：指数乘到前面，再把指数减去一个单位；常数项消失。",
        ),
        both(
            "What is the leading coefficient of the derivative?",
            "导数最高次项的系数是多少？",
        ),
        3 * a,
        both("f′(x) = {k}.", "f′(x) = {k}。", **values),
        factors,
    )


def _is_derivative(answer: str, *factors: int) -> bool:
    """By difference quotients at several places."""
    found = read(answer.removeprefix("f'(x) = "))
    return all(
        _close(float(found.subs("x", at)), _quotient(factors, at)) for at in (-2.0, 0.5, 3.0)
    )


def _quotient(factors: tuple[int, ...], at: float) -> float:
    step = 1e-4
    return (_value(factors, at + step) - _value(factors, at - step)) / (2 * step)


def _value(factors: tuple[int, ...], x: float) -> float:
    total = 0.0
    for factor in factors:
        total = total * x + factor
    return total


def _close(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-5, abs_tol=1e-5)


def _derivative_at(rng: Random) -> Problem:
    a, b, c = rng.randint(2, 6), rng.randint(-9, 9) or 3, rng.randint(1, 9)
    x = rng.choice((-3, -2, 2, 3, 4, 5))
    key = int(derivative(polynomial((a, b, c), pretty=False)).subs("x", x))
    values = {"f": polynomial((a, b, c)), "x": x, "d": polynomial((2 * a, b)), "k": key}
    return Problem(
        both(
            "What is the slope of the graph of f(x) = {f} at x = {x}?",
            "函数 f(x) = {f} 的图像在 x = {x} 处的切线斜率是多少？",
            **values,
        ),
        number_key(key),
        both(
            "The slope at a place is the value of the derivative there.",
            "某一点处的切线斜率就是导数在该点的值。",
        ),
        both(
            "In the derivative, what is the coefficient of x?",
            "导数中 x 的系数是多少？",
        ),
        2 * a,
        both(
            "f′(x) = {d}; at x = {x} that is {k}.", "f′(x) = {d}，当 x = {x} 时等于 {k}。", **values
        ),
        (a, b, c, x),
    )


def _is_derivative_at(answer: str, a: int, b: int, c: int, x: int) -> bool:
    return _close(float(number(answer)), _quotient((a, b, c), x))


def _definite_integral(rng: Random) -> Problem:
    a, b = 3 * rng.randint(1, 3), 2 * rng.randint(1, 5)
    high = rng.randint(2, 4)
    key = Fraction(int(integral(polynomial((a, b, 0), pretty=False), 0, high)))
    square, cube = b // 2 * high**2, a // 3 * high**3
    wrong = (
        a * high**2 + b * high,
        cube - square,
        cube,
        square,
        int(key) + high,
        a * high**3 + b * high**2,
    )
    values = {
        "f": polynomial((a, b, 0)),
        "h": high,
        "F": polynomial((a // 3, b // 2, 0, 0)),
        "k": key,
    }
    return Problem(
        both(
            "What is the integral of {f} from 0 to {h}?",
            "函数 {f} 在 0 到 {h} 上的定积分是多少？",
            **values,
        ),
        choice_key(rng, signed(key), map(signed, wrong)),
        both(
            "Find an antiderivative: raise each exponent, then divide by the new exponent.",
            "先求原函数：每一项的指数加一个单位，再除以新的指数。",
        ),
        both(
            "What is the value of the antiderivative (without a constant) at 0?",
            "（不带常数项的）原函数在 0 处的值是多少？",
        ),
        0,
        both(
            "An antiderivative is {F}; from 0 to {h} it grows by {k}.",
            "一个原函数是 {F}，从 0 到 {h} 增加了 {k}。",
            **values,
        ),
        (a, b, high),
    )


def _is_integral(answer: str, a: int, b: int, high: int) -> bool:
    """By Simpson's rule, which is exact for polynomials of this degree."""
    middle = high / 2
    total = high / 6 * (0 + 4 * (a * middle**2 + b * middle) + a * high**2 + b * high)
    return _close(float(number(answer)), total)


def _antiderivative(rng: Random) -> Problem:
    a, b = rng.randint(1, 4), rng.randint(1, 6)
    factors = (3 * a, 2 * b)
    key = polynomial((a, b, 0, 0)) + " + C"
    wrong = [
        polynomial(one) + " + C" for one in ((3 * a, 2 * b, 0, 0), (6 * a, 2 * b), (a, 2 * b, 0, 0))
    ]
    values = {"f": polynomial((*factors, 0)), "k": key}
    return Problem(
        both("Which functions have the derivative {f}?", "哪些函数的导数是 {f}？", **values),
        choice_key(rng, key, wrong),
        both(
            "Differentiate the choices and compare. Do not mix up the directions.",
            "对每个选项求导，再比较。注意不要弄反方向。",
        ),
        both(
            "When the highest term of f is integrated, by which number is it divided?",
            "对最高次项积分时，要除以多少？",
        ),
        3,
        both("The derivative of {k} is {f}.", "{k} 的导数是 {f}。", **values),
        (3 * a, 2 * b),
    )


def _is_antiderivative(answer: str, a: int, b: int) -> bool:
    found = read(answer.removesuffix(" + C"))
    places = (-1.5, 0.5, 2.0)
    step = 1e-4
    return all(
        _close(
            float(found.subs("x", x + step) - found.subs("x", x - step)) / (2 * step),
            a * x * x + b * x,
        )
        for x in places
    )


def _limit(rng: Random) -> Problem:
    p = rng.randint(2, 9)
    q = rng.randint(-9, 9)
    top = polynomial((1, q - p, -p * q))
    key = int(limit(f"({top})/(x - {p})", p))
    values = {"t": top, "p": p, "f": polynomial((1, q)), "k": key}
    return Problem(
        both(
            "To what does ({t}) / (x − {p}) tend as x approaches {p}?",
            "当 x 趋近于 {p} 时，({t}) / (x − {p}) 趋近于多少？",
            **values,
        ),
        number_key(key),
        both(
            "Putting the number in gives a zero below the line. Factorise and cancel first.",
            "直接代入时分母为零。先分解因式，再约分。",
        ),
        both(
            "What is the value of {t} at x = {p}?",
            "当 x = {p} 时，{t} 的值是多少？",
            **values,
        ),
        0,
        both(
            "After cancelling, {f} is left; at x = {p} it is {k}.",
            "约分后剩下 {f}，当 x = {p} 时等于 {k}。",
            **values,
        ),
        (p, q),
    )


def _is_limit(answer: str, p: int, q: int) -> bool:
    """By coming closer from both sides."""
    step = 1e-5
    values = [((x - p) * (x + q)) / (x - p) for x in (p - step, p + step)]
    return all(math.isclose(float(number(answer)), value, abs_tol=1e-3) for value in values)


CALCULUS = (
    generator(
        "derivative", "Derivatives of polynomials", "多项式的导数", _derivative, _is_derivative
    ),
    generator(
        "slope-at-point", "Slope of a curve", "曲线的切线斜率", _derivative_at, _is_derivative_at
    ),
    generator(
        "definite-integral", "Definite integrals", "定积分", _definite_integral, _is_integral
    ),
    generator("antiderivative", "Antiderivatives", "原函数", _antiderivative, _is_antiderivative),
    generator("limit", "Limits", "极限", _limit, _is_limit),
)
