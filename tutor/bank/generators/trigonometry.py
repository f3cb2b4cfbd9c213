"""Ratios in right triangles and exact values of sine and cosine."""

import math
from fractions import Fraction
from random import Random

from tutor.bank.problem import Problem, both, choice_key, generator, number, number_key

RATIOS = {"sin": (0, 2), "cos": (1, 2), "tan": (0, 1)}
EXACT = {
    ("sin", 30): "1/2",
    ("sin", 45): "√2/2",
    ("sin", 60): "√3/2",
    ("sin", 90): "1",
    ("cos", 30): "√3/2",
    ("cos", 45): "√2/2",
    ("cos", 60): "1/2",
    ("cos", 90): "0",
    ("tan", 30): "√3/3",
    ("tan", 45): "1",
    ("tan", 60): "√3",
}
VALUES = ("1/2", "√2/2", "√3/2", "1", "0", "√3/3", "√3")


def _right_triangle(rng: Random) -> Problem:
    triples = ((3, 4, 5), (5, 12, 13), (8, 15, 17), (7, 24, 25))
    scale = rng.randint(1, 4)
    sides = tuple(scale * side for side in rng.choice(triples))
    ratio = rng.choice(tuple(RATIOS))
    top, bottom = RATIOS[ratio]
    key = Fraction(sides[top], sides[bottom])
    values = {"a": sides[0], "b": sides[1], "c": sides[2], "r": ratio, "k": key}
    return Problem(
        both(
            "In a right triangle the side opposite the angle α is {a} cm, the side next to it "
            "{b} cm and the hypotenuse {c} cm. What is {r} α?",
            "直角三角形中，角 α 的对边长 {a} cm，邻边长 {b} cm，斜边长 {c} cm。{r} α 等于多少？",
            **values,
        ),
        number_key(key),
        both(
            "Sine is opposite over hypotenuse, cosine adjacent over hypotenuse, tangent opposite "
            "over adjacent.",
            "正弦是对边比斜边，余弦是邻边比斜边，正切是对边比邻边。",
        ),
        both(
            "How long is the side that you divide by, in cm?",
            "作为除数（分母）的那条边长多少厘米？",
        ),
        sides[bottom],
        both(
            "{r} α = {p} ÷ {q} = {k}.",
            "{r} α = {p} ÷ {q} = {k}。",
            **values,
            p=sides[top],
            q=sides[bottom],
        ),
        (*sides, ratio),
    )


def _is_ratio(answer: str, a: int, b: int, c: int, ratio: str) -> bool:
    """By the angle itself."""
    angle = math.atan2(a, b)
    value = getattr(math, ratio)(angle)
    return math.isclose(float(number(answer)), value, rel_tol=1e-9) and a * a + b * b == c * c


def _exact_value(rng: Random) -> Problem:
    ratio, angle = rng.choice(tuple(EXACT))
    key = EXACT[ratio, angle]
    wrong = rng.sample([value for value in VALUES if value != key], 3)
    values = {"r": ratio, "a": angle, "k": key}
    return Problem(
        both("What is {r} {a}° exactly?", "{r} {a}° 的准确值是多少？", **values),
        choice_key(rng, key, wrong),
        both(
            "Think of a square cut along its diagonal, or of an equilateral triangle cut down the "
            "middle.",
            "想一想沿对角线切开的正方形，或者沿高切开的等边三角形。",
        ),
        both(
            "In a right triangle, how many degrees are the acute angles together?",
            "在直角三角形中，两个锐角一共多少度？",
            **values,
        ),
        90,
        both("{r} {a}° = {k}.", "{r} {a}° = {k}。", **values),
        (ratio, angle),
    )


def root_value(text: str) -> float:
    """√3/2 as a number."""
    top, _, bottom = text.partition("/")
    value = math.sqrt(float(top[1:])) if top.startswith("√") else float(top)
    return value / float(bottom or 1)


TRIGONOMETRY = (
    generator(
        "right-triangle", "Sine, cosine and tangent", "正弦、余弦和正切", _right_triangle, _is_ratio
    ),
    generator(
        "exact-trigonometry",
        "Exact values of sine and cosine",
        "特殊角的三角函数值",
        _exact_value,
        lambda answer, ratio, angle: math.isclose(
            root_value(answer), getattr(math, ratio)(math.radians(angle)), abs_tol=1e-12
        ),
    ),
)
