"""Equations and inequalities: linear, in pairs, quadratic. The check puts the answer back in."""

import re
from random import Random

from tutor.bank.problem import (
    Problem,
    both,
    expression_key,
    generator,
    number,
    number_key,
    operand,
    polynomial,
)


def _linear(rng: Random) -> Problem:
    a, x, b = rng.randint(2, 9), rng.randint(-9, 12), rng.randint(-15, 15) or 7
    c = a * x + b
    values = {"left": polynomial((a, b)), "c": c, "a": a, "m": c - b, "k": x}
    return Problem(
        both("Solve {left} = {c}. What is x?", "解方程 {left} = {c}，x 等于多少？", **values),
        number_key(x),
        both(
            "Do the same on both sides until the term with x stands alone.",
            "在等式两边做同样的运算，直到一边只剩含 x 的项。",
        ),
        both(
            "Move the constant to the right: what is {a}x equal to?",
            "把常数项移到右边：{a}x 等于多少？",
            **values,
        ),
        c - b,
        both("{a}x = {m}, so x = {k}.", "{a}x = {m}，所以 x = {k}。", **values),
        (a, b, c),
    )


def _linear_both_sides(rng: Random) -> Problem:
    a, c = rng.sample(range(2, 10), 2)
    a, c = max(a, c), min(a, c)
    x, b = rng.randint(-8, 10), rng.randint(-12, 12) or 5
    d = (a - c) * x + b
    values = {"left": polynomial((a, b)), "right": polynomial((c, d)), "c": c, "e": a - c, "k": x}
    return Problem(
        both(
            "Solve {left} = {right}. What is x?", "解方程 {left} = {right}，x 等于多少？", **values
        ),
        number_key(x),
        both(
            "Collect the terms with x on the left and the constants on the right.",
            "把含 x 的项移到左边，常数项移到右边。",
        ),
        both(
            "Subtract {c}x on both sides. What is the coefficient of x on the left now?",
            "两边同时减去 {c}x，这时左边 x 的系数是多少？",
            **values,
        ),
        a - c,
        both(
            "{e}x = {m}, so x = {k}.",
            "{e}x = {m}，所以 x = {k}。",
            **values,
            m=d - b,
        ),
        (a, b, c, d),
    )


def _two_unknowns(rng: Random) -> Problem:
    x, y = rng.sample(range(2, 15), 2)
    a, b = rng.sample(range(2, 7), 2)
    total, weighed = x + y, a * x + b * y
    values = {"s": total, "t": weighed, "eq": polynomial((a, 0)), "b": b, "k": x, "y": y}
    return Problem(
        both(
            "x + y = {s} and {eq} + {b}y = {t}. What is x?",
            "已知 x + y = {s}，{eq} + {b}y = {t}。x 等于多少？",
            **values,
        ),
        number_key(x),
        both(
            "Make one equation out of both: multiply the first so that y drops out when you "
            "subtract.",
            "把两个方程变成一个：先给第一个方程乘一个数，相减时就能消去 y。",
        ),
        both(
            "Multiply the first equation by {b}. What stands on its right side?",
            "第一个方程两边乘 {b}，右边是多少？",
            **values,
        ),
        total * b,
        both(
            "Subtracting gives {eq} − {b}x = {t} − {m}, so x = {k} and y = {y}.",
            "相减得 {eq} − {b}x = {t} − {m}，所以 x = {k}，y = {y}。",
            **values,
            m=total * b,
        ),
        (a, b, total, weighed),
    )


def _solves_both(answer: str, a: int, b: int, total: int, weighed: int) -> bool:
    """By trying every pair of numbers with that sum."""
    pairs = [(x, total - x) for x in range(-50, 51) if a * x + b * (total - x) == weighed]
    return [x for x, _ in pairs] == [number(answer)]


def _quadratic(rng: Random) -> Problem:
    p, q = sorted(rng.sample([n for n in range(-9, 10) if abs(n) > 2], 2))
    b, c = -(p + q), p * q
    values = {"left": polynomial((1, b, c)), "c": c, "p": p, "q": q, "s": p + q, "f": operand(q)}
    return Problem(
        both("Find all solutions of {left} = 0.", "求方程 {left} = 0 的所有解。", **values),
        expression_key(
            f"x = {p} or x = {q}",
            f"x = {p} 或 x = {q}",
            f"{{{p}, {q}}}",
            f"x = {p}, x = {q}",
            f"{p}, {q}",
            f"{q}, {p}",
        ),
        both(
            "Look for numbers whose product is the constant term and whose sum is the "
            "coefficient of x with its sign changed.",
            "找两个数：乘积等于常数项，和等于一次项系数的相反数。",
        ),
        both("What must the sum of the solutions be?", "这些解的和应该是多少？"),
        p + q,
        both(
            "{p} × {f} = {c} and {p} + {f} = {s}, so x = {p} or x = {q}.",
            "{p} × {f} = {c}，{p} + {f} = {s}，所以 x = {p} 或 x = {q}。",
            **values,
        ),
        (b, c),
    )


def _solves_quadratic(answer: str, b: int, c: int) -> bool:
    """By putting in every number in reach."""
    found = {int(one) for one in re.findall(r"-?\d+", answer)}
    return found == {x for x in range(-100, 101) if x * x + b * x + c == 0}


def _inequality(rng: Random) -> Problem:
    a, bound, b = rng.randint(2, 8), rng.randint(-6, 12), rng.randint(-10, 10) or 3
    sign = rng.choice("<>")
    c = a * bound + b
    values = {"left": polynomial((a, b)), "c": c, "s": sign, "a": a, "m": c - b, "k": bound}
    other = "<>"[sign == "<"]
    return Problem(
        both("Solve {left} {s} {c} for x.", "解不等式 {left} {s} {c}。", **values),
        expression_key(f"x {sign} {bound}", f"{bound} {other} x"),
        both(
            "Work as with an equation. The sign turns around only when you multiply or divide by a "
            "negative number.",
            "像解方程一样做。只有两边乘或除以负数时，不等号才改变方向。",
        ),
        both(
            "Move the constant to the right: with which number is {a}x compared then?",
            "把常数项移到右边：这时 {a}x 和哪个数比较？",
            **values,
        ),
        c - b,
        both("{a}x {s} {m}, so x {s} {k}.", "{a}x {s} {m}，所以 x {s} {k}。", **values),
        (a, b, sign, c),
    )


def _solves_inequality(answer: str, a: int, b: int, sign: str, c: int) -> bool:
    """By putting numbers in on both sides of the bound."""
    flipped = re.match(r"(-?\d+) ([<>]) x", answer)
    straight = re.match(r"x ([<>]) (-?\d+)", answer)
    for twice in range(-80, 81):
        x = twice / 2
        truth = a * x + b < c if sign == "<" else a * x + b > c
        if straight:
            said = x < int(straight[2]) if straight[1] == "<" else x > int(straight[2])
        else:
            assert flipped, answer
            said = int(flipped[1]) < x if flipped[2] == "<" else int(flipped[1]) > x
        if truth != said:
            return False
    return True


def _consecutive(rng: Random) -> Problem:
    first = rng.randint(5, 60)
    values = {"s": 3 * first + 3, "m": first + 1, "k": first}
    return Problem(
        both(
            "The sum of three consecutive whole numbers is {s}. What is the smallest of them?",
            "三个连续整数的和是 {s}，其中最小的是多少？",
            **values,
        ),
        number_key(first),
        both(
            "Call the smallest number n and write the others with n.",
            "设最小的数为 n，再用 n 表示另外两个数。",
        ),
        both("What is the middle number?", "中间的数是多少？"),
        first + 1,
        both(
            "The middle number is {s} ÷ 3 = {m}, so the smallest is {k}.",
            "中间的数是 {s} ÷ 3 = {m}，所以最小的是 {k}。",
            **values,
        ),
        (3 * first + 3,),
    )


EQUATIONS = (
    generator(
        "linear-equation",
        "Linear equations",
        "一元一次方程",
        _linear,
        lambda answer, a, b, c: a * number(answer) + b == c,
    ),
    generator(
        "linear-both-sides",
        "Unknown on both sides",
        "两边都有未知数的方程",
        _linear_both_sides,
        lambda answer, a, b, c, d: a * number(answer) + b == c * number(answer) + d,
    ),
    generator(
        "linear-system",
        "Systems of linear equations",
        "二元一次方程组",
        _two_unknowns,
        _solves_both,
    ),
    generator(
        "quadratic-equation", "Quadratic equations", "一元二次方程", _quadratic, _solves_quadratic
    ),
    generator(
        "inequality", "Linear inequalities", "一元一次不等式", _inequality, _solves_inequality
    ),
    generator(
        "consecutive-numbers",
        "Consecutive numbers",
        "连续整数问题",
        _consecutive,
        lambda answer, total: sum(range(int(answer), int(answer) + 3)) == total,
    ),
)
