"""Fractions and decimals: sums and products."""

from fractions import Fraction
from math import lcm
from random import Random

from tutor.bank.problem import (
    Problem,
    both,
    choice_key,
    decimal,
    decimal_key,
    generator,
    number,
    number_key,
)


def _fraction_sum(rng: Random) -> Problem:
    b, d = rng.sample((2, 3, 4, 5, 6, 8, 10, 12), 2)
    a, c = rng.randint(1, b - 1), rng.randint(1, d - 1)
    common = lcm(b, d)
    total = Fraction(a, b) + Fraction(c, d)
    values = {"a": a, "b": b, "c": c, "d": d, "m": common}
    return Problem(
        both("Work out {a}/{b} + {c}/{d}.", "计算：{a}/{b} + {c}/{d}。", **values),
        number_key(total),
        both(
            "Fractions can be added when their denominators are the same.",
            "分母相同的分数才能直接相加，所以要先通分。",
        ),
        both(
            "What is the smallest common denominator of {a}/{b} and {c}/{d}?",
            "{a}/{b} 和 {c}/{d} 的最小公分母是多少？",
            **values,
        ),
        common,
        both(
            "{a}/{b} = {p}/{m} and {c}/{d} = {q}/{m}. Together {e}.",
            "{a}/{b} = {p}/{m}，{c}/{d} = {q}/{m}，合起来是 {e}。",
            **values,
            p=a * common // b,
            q=c * common // d,
            e=_cancelled(a * common // b + c * common // d, common),
        ),
        (a, b, c, d),
    )


def _cancelled(top: int, bottom: int) -> str:
    """A result and, where it differs, the same in lowest terms: 9/12 = 3/4."""
    plain, lowest = f"{top}/{bottom}", str(Fraction(top, bottom))
    return plain if plain == lowest else f"{plain} = {lowest}"


def _is_fraction_sum(answer: str, a: int, b: int, c: int, d: int) -> bool:
    """By multiplying out with both denominators."""
    return number(answer) * b * d == a * d + c * b


def _fraction_product(rng: Random) -> Problem:
    a, b = rng.choice(((2, 3), (3, 4), (2, 5), (4, 5), (5, 6), (3, 8), (5, 9), (7, 10)))
    c, d = rng.choice(((3, 2), (4, 3), (5, 2), (5, 4), (6, 5), (8, 3), (9, 4), (3, 7)))
    key = Fraction(a * c, b * d)
    wrong = (Fraction(a * d, b * c), Fraction(a + c, b + d), Fraction(b * d, a * c))
    more = (Fraction(a * c, b + d), Fraction(a * c, b), Fraction(a * c, d))
    values = {"a": a, "b": b, "c": c, "d": d}
    return Problem(
        both(
            "What is {a}/{b} × {c}/{d}, in lowest terms?",
            "{a}/{b} × {c}/{d} 化成最简分数是多少？",
            **values,
        ),
        choice_key(rng, str(key), map(str, wrong + more)),
        both(
            "Multiply the numerators with each other and the denominators with each other, then "
            "cancel.",
            "分子乘分子，分母乘分母，最后约分。",
        ),
        both(
            "What is the product of the denominators {b} and {d}?",
            "两个分母 {b} 和 {d} 的积是多少？",
            **values,
        ),
        b * d,
        both("That gives {e}.", "得 {e}。", e=_cancelled(a * c, b * d)),
        (a, b, c, d),
    )


def _is_fraction_product(answer: str, a: int, b: int, c: int, d: int) -> bool:
    """By dividing back."""
    return number(answer) / Fraction(c, d) == Fraction(a, b)


def _decimal_sum(rng: Random) -> Problem:
    a, b = Fraction(rng.randint(105, 999), 100), Fraction(rng.randint(11, 99), 10)
    values = {"a": decimal(a), "b": decimal(b), "k": decimal(a + b), "c": rng.randint(2, 9)}
    key = a + b
    wrong = (a + b / 10, key + Fraction(1, 10), key - 1, key + Fraction(9, 100))
    return Problem(
        both("What is {a} + {b}?", "{a} + {b} 等于多少？", **values),
        choice_key(rng, decimal(key), map(decimal, wrong)),
        both(
            "Write the numbers below each other so that the decimal points stand in one column.",
            "列竖式时要把小数点对齐。",
        ),
        both(
            "How many hundredths is {b}?",
            "{b} 等于多少个百分之一？",
            **values,
        ),
        int(b * 100),
        both("{a} + {b}0 = {k}.", "{a} + {b}0 = {k}。", **values),
        (a, b),
    )


def _decimal_product(rng: Random) -> Problem:
    a, b = Fraction(rng.randint(12, 98), 10), Fraction(rng.randint(2, 9), 10)
    values = {"a": decimal(a), "b": decimal(b), "k": decimal(a * b)}
    m, n = int(a * 10), int(b * 10)
    return Problem(
        both("Work out {a} × {b}.", "计算：{a} × {b}。", **values),
        decimal_key(a * b),
        both(
            "Multiply as if there were no decimal points. Then count the decimal places of both "
            "factors together.",
            "先不看小数点，按整数相乘，再数两个因数一共有几位小数。",
        ),
        both("What is {m} × {n}?", "{m} × {n} 等于多少？", m=m, n=n),
        m * n,
        both(
            "{m} × {n} = {p}; divided by 100 that is {k}.",
            "{m} × {n} = {p}，再除以 100，得 {k}。",
            m=m,
            n=n,
            p=m * n,
            **values,
        ),
        (a, b),
    )


RATIONALS = (
    generator("fraction-sum", "Adding fractions", "分数加法", _fraction_sum, _is_fraction_sum),
    generator(
        "fraction-product",
        "Multiplying fractions",
        "分数乘法",
        _fraction_product,
        _is_fraction_product,
    ),
    generator(
        "decimal-sum",
        "Adding decimals",
        "小数加法",
        _decimal_sum,
        lambda answer, a, b: (
            round(float(answer) * 100) == round(float(a) * 100) + round(float(b) * 100)
        ),
    ),
    generator(
        "decimal-product",
        "Multiplying decimals",
        "小数乘法",
        _decimal_product,
        lambda answer, a, b: number(answer) / b == a,
    ),
)
