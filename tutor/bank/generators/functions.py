"""Sequences and straight lines."""

from fractions import Fraction
from random import Random

from tutor.bank.generators.symbolic import same
from tutor.bank.problem import (
    Problem,
    both,
    choice_key,
    expression_key,
    generator,
    number,
    number_key,
    operand,
    polynomial,
    signed,
)


def _arithmetic_term(rng: Random) -> Problem:
    first, gap, place = rng.randint(-5, 15), rng.randint(3, 9), rng.randint(8, 25)
    key = first + (place - 1) * gap
    shown = ", ".join(signed(first + n * gap) for n in range(4))
    values = {"v": shown, "n": place, "d": gap, "m": place - 1, "a": first, "k": key}
    return Problem(
        both(
            "A sequence begins {v}, … and grows by the same number each time. What is term number "
            "{n}?",
            "一个数列的开头是 {v}, …，每次增加相同的数。第 {n} 项是多少？",
            **values,
        ),
        number_key(key),
        both(
            "How many times is the difference added on the way from the first term?",
            "从首项出发，公差一共加了多少次？",
        ),
        both("By how much does the sequence grow each time?", "数列每次增加多少？"),
        gap,
        both("{a} + {m} × {d} = {k}.", "{a} + {m} × {d} = {k}。", **values),
        (first, gap, place),
    )


def _is_arithmetic_term(answer: str, first: int, gap: int, place: int) -> bool:
    """By counting up."""
    terms = [first]
    while len(terms) < place:
        terms.append(terms[-1] + gap)
    return number(answer) == terms[-1]


def _geometric_term(rng: Random) -> Problem:
    first, ratio, place = rng.randint(2, 6), rng.randint(2, 4), rng.randint(5, 7)
    key = first * ratio ** (place - 1)
    wrong = (
        key * ratio,
        key // ratio,
        first + (place - 1) * ratio,
        first * ratio * place,
        key + ratio,
    )
    shown = ", ".join(str(first * ratio**n) for n in range(3))
    values = {"v": shown, "n": place, "q": ratio, "a": first, "m": place - 1, "k": key}
    return Problem(
        both(
            "A sequence begins {v}, … and each term is the same multiple of the one before. "
            "What is term number {n}?",
            "一个数列的开头是 {v}, …，每一项与前一项的比都相同。第 {n} 项是多少？",
            **values,
        ),
        choice_key(rng, str(key), map(str, wrong)),
        both(
            "Find the factor that leads from each term to the next, then keep multiplying.",
            "先求相邻两项的比，再依次往后乘。",
        ),
        both("By which factor does each term grow?", "每一项是前一项的多少倍？"),
        ratio,
        both(
            "Multiply {a} by {q} again and again, {m} times in all: {k}.",
            "{a} 连续乘 {q}，一共乘 {m} 次，得 {k}。",
            **values,
        ),
        (first, ratio, place),
    )


def _is_geometric_term(answer: str, first: int, ratio: int, place: int) -> bool:
    """By dividing back to the first term."""
    term = number(answer)
    for _ in range(place - 1):
        term /= ratio
    return term == first


def _sequence_rule(rng: Random) -> Problem:
    gap, start = rng.randint(3, 9), rng.randint(-6, 8) or 1
    terms = [gap * n + start for n in range(1, 5)]
    key = polynomial((gap, start), "n", pretty=False)
    values = {"v": ", ".join(map(signed, terms)), "d": gap, "t": terms[0]}
    values |= {"f": operand(start), "r": polynomial((gap, start), "n")}
    return Problem(
        both(
            "A sequence begins {v}, … Write a rule for term number n, as an expression in n.",
            "一个数列的开头是 {v}, …。用含 n 的式子表示第 n 项。",
            **values,
        ),
        expression_key(key, key.replace(f"{gap}n", f"{gap}*n")),
        both(
            "Compare the sequence with the multiples of the number by which it grows.",
            "把数列和公差的倍数逐项比较。",
        ),
        both("By how much does the sequence grow each time?", "数列每次增加多少？"),
        gap,
        both(
            "It grows by {d}, and {d} × 1 + {f} = {t}, so the rule is {r}.",
            "每次增加 {d}，而 {d} × 1 + {f} = {t}，所以第 n 项是 {r}。",
            **values,
        ),
        (gap, start),
    )


def _is_sequence_rule(answer: str, gap: int, start: int) -> bool:
    """By comparing with the rule that starts at the first term."""
    return same(answer, f"({gap + start}) + (n - 1)*{gap}")


def _slope(rng: Random) -> Problem:
    run, rise = rng.randint(2, 8), rng.randint(-9, 9) or 3
    x, y = rng.randint(-5, 5), rng.randint(-5, 5)
    values = {
        "x": x,
        "y": y,
        "u": x + run,
        "v": y + rise,
        "a": rise,
        "b": run,
        "k": Fraction(rise, run),
    }
    return Problem(
        both(
            "A line goes through ({x}, {y}) and ({u}, {v}). What is its slope?",
            "一条直线经过点 ({x}, {y}) 和 ({u}, {v})。它的斜率是多少？",
            **values,
        ),
        number_key(Fraction(rise, run)),
        both(
            "The slope says how far the line rises for each step to the right.",
            "斜率表示每向右走一个单位，直线上升多少。",
        ),
        both(
            "How far is it to the right from the left point to the right point?",
            "从左边的点到右边的点，横坐标增加了多少？",
        ),
        run,
        both(
            "It rises by {a} over {b}: {k}.",
            "横坐标增加 {b}，纵坐标变化 {a}：斜率是 {k}。",
            **values,
        ),
        (x, y, x + run, y + rise),
    )


def _line_equation(rng: Random) -> Problem:
    slope, shift, x = rng.randint(2, 7), rng.randint(-8, 8) or 5, rng.randint(1, 4)
    y = slope * x + shift
    key = "y = " + polynomial((slope, shift), pretty=False)
    rule = "y = " + polynomial((slope, shift))
    values = {"m": slope, "x": x, "y": y, "p": slope * x, "b": shift, "r": rule}
    return Problem(
        both(
            "A line has the slope {m} and goes through the point ({x}, {y}). Write its equation as "
            "y = …",
            "一条直线的斜率是 {m}，经过点 ({x}, {y})。写出它的方程 y = …",
            **values,
        ),
        expression_key(key, key.removeprefix("y = ")),
        both(
            "Put the point into y = mx + b to find out where the line crosses the y-axis.",
            "把这个点代入 y = mx + b，求出直线与 y 轴的交点。",
        ),
        both("What is {m} × {x}?", "{m} × {x} 等于多少？", **values),
        slope * x,
        both("b = {y} − {p} = {b}, so {r}.", "b = {y} − {p} = {b}，所以 {r}。", **values),
        (slope, x, y),
    )


def _is_line(answer: str, slope: int, x: int, y: int) -> bool:
    """By the point-slope form."""
    return same(answer.removeprefix("y = "), f"{slope}*(x - ({x})) + ({y})")


FUNCTIONS = (
    generator(
        "arithmetic-sequence",
        "Arithmetic sequences",
        "等差数列",
        _arithmetic_term,
        _is_arithmetic_term,
    ),
    generator(
        "geometric-sequence", "Geometric sequences", "等比数列", _geometric_term, _is_geometric_term
    ),
    generator(
        "sequence-rule", "Rules of sequences", "数列的通项", _sequence_rule, _is_sequence_rule
    ),
    generator(
        "line-slope",
        "Slope of a line",
        "直线的斜率",
        _slope,
        lambda answer, x, y, u, v: y + number(answer) * (u - x) == v,
    ),
    generator("line-equation", "Equation of a line", "直线的方程", _line_equation, _is_line),
)
