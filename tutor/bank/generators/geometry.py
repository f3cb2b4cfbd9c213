"""Lengths, areas, volumes and angles."""

from fractions import Fraction
from math import isqrt
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

TRIPLES = ((3, 4, 5), (5, 12, 13), (8, 15, 17), (7, 24, 25), (20, 21, 29), (9, 40, 41))


def _rectangle_area(rng: Random) -> Problem:
    a, b = rng.sample(range(4, 25), 2)
    values = {"p": 2 * (a + b), "a": a, "b": b, "k": a * b}
    return Problem(
        both(
            "A rectangle has a perimeter of {p} cm. One side is {a} cm long. What is its area?",
            "一个长方形的周长是 {p} cm，一条边长 {a} cm。它的面积是多少？",
            **values,
        ),
        number_key(a * b, "cm^2"),
        both(
            "For the area you need the other side too. The perimeter will tell you.",
            "求面积还需要另一条边，可以由周长求出。",
        ),
        both("How long is the other side, in cm?", "另一条边长多少厘米？"),
        b,
        both(
            "The other side is {p} ÷ 2 − {a} = {b} cm, and {a} × {b} = {k} cm².",
            "另一条边是 {p} ÷ 2 − {a} = {b} cm，{a} × {b} = {k} cm²。",
            **values,
        ),
        (2 * (a + b), a),
    )


def _is_rectangle_area(answer: str, perimeter: int, side: int) -> bool:
    """By walking around: the other side from the area must close the perimeter."""
    other = number(answer) / side
    return side + other + side + other == perimeter


def _triangle_area(rng: Random) -> Problem:
    base, height = rng.randint(3, 20), rng.randint(4, 18)
    key = Fraction(base * height, 2)
    wrong = (Fraction(base * height), Fraction(base + height), key / 2, key + base)
    values = {"b": base, "h": height, "p": base * height, "k": decimal(key)}
    return Problem(
        both(
            "A triangle has a base of {b} cm and a height of {h} cm. What is its area, in cm²?",
            "一个三角形的底是 {b} cm，高是 {h} cm。它的面积是多少 cm²？",
            **values,
        ),
        choice_key(rng, decimal(key), map(decimal, wrong)),
        both(
            "Draw the rectangle around the triangle. Which part of it does the triangle fill?",
            "在三角形外面画一个同底等高的长方形，三角形占它的几分之几？",
        ),
        both(
            "What is the area of the rectangle with the sides {b} cm and {h} cm, in cm²?",
            "边长为 {b} cm 和 {h} cm 的长方形，面积是多少 cm²？",
            **values,
        ),
        base * height,
        both(
            "{b} × {h} ÷ 2 = {p} ÷ 2 = {k} cm².",
            "{b} × {h} ÷ 2 = {p} ÷ 2 = {k} cm²。",
            **values,
        ),
        (base, height),
    )


def _pythagoras(rng: Random) -> Problem:
    short, long, slant = rng.choice(TRIPLES)
    scale = rng.randint(1, 4)
    a, b, c = short * scale, long * scale, slant * scale
    values = {"a": a, "b": b, "s": a * a + b * b, "k": c}
    return Problem(
        both(
            "The legs of a right triangle are {a} cm and {b} cm long. How long is the hypotenuse?",
            "一个直角三角形的两条直角边长 {a} cm 和 {b} cm。斜边长多少？",
            **values,
        ),
        number_key(c, "cm"),
        both(
            "The squares over the legs have together the area of the square over the hypotenuse.",
            "两条直角边的平方和等于斜边的平方（勾股定理）。",
        ),
        both("What is {a}² + {b}²?", "{a}² + {b}² 等于多少？", **values),
        a * a + b * b,
        both(
            "The square root of {s} is {k}: {k} cm.",
            "{s} 的算术平方根是 {k}，所以是 {k} cm。",
            **values,
        ),
        (a, b),
    )


def _triangle_angle(rng: Random) -> Problem:
    a, b = rng.randint(25, 85), rng.randint(25, 85)
    values = {"a": a, "b": b, "s": a + b, "k": 180 - a - b}
    return Problem(
        both(
            "Two angles of a triangle measure {a}° and {b}°. What does the third one measure?",
            "一个三角形的两个角是 {a}° 和 {b}°，第三个角是多少度？",
            **values,
        ),
        number_key(180 - a - b, "degree"),
        both(
            "The angles of a triangle together make a straight angle.",
            "三角形三个内角合起来是一个平角。",
        ),
        both(
            "How many degrees are the known angles together?",
            "已知的两个角一共多少度？",
        ),
        a + b,
        both("180° − {s}° = {k}°.", "180° − {s}° = {k}°。", **values),
        (a, b),
    )


def _polygon_angles(rng: Random) -> Problem:
    corners = rng.randint(5, 12)
    key = (corners - 2) * 180
    wrong = (corners * 180, (corners - 1) * 180, 360, key + 90, key // 2)
    values = {"n": corners, "t": corners - 2, "k": key}
    return Problem(
        both(
            "What is the sum of the interior angles of a polygon with {n} corners, in degrees?",
            "一个 {n} 边形的内角和是多少度？",
            **values,
        ),
        choice_key(rng, str(key), map(str, wrong)),
        both(
            "Cut the polygon into triangles by drawing the diagonals from a single corner.",
            "从同一个顶点画出所有对角线，把多边形分成三角形。",
        ),
        both("How many triangles do you get?", "能分成多少个三角形？"),
        corners - 2,
        both(
            "{t} triangles of 180° each: {t} × 180° = {k}°.",
            "共 {t} 个三角形，每个 180°：{t} × 180° = {k}°。",
            **values,
        ),
        (corners,),
    )


def _circle(rng: Random) -> Problem:
    radius = rng.randint(2, 20)
    key = Fraction(314, 100) * radius * radius
    values = {"r": radius, "s": radius * radius, "k": decimal(key)}
    return Problem(
        both(
            "A circle has a radius of {r} cm. What is its area? Take 3.14 for π.",
            "一个圆的半径是 {r} cm，它的面积是多少？π 取 3.14。",
            **values,
        ),
        decimal_key(key, "cm^2"),
        both(
            "The area is π times the square of the radius; the circumference is something else.",
            "圆的面积等于 π 乘半径的平方，注意不要和周长混淆。",
        ),
        both("What is {r}²?", "{r}² 等于多少？", **values),
        radius * radius,
        both("3.14 × {s} = {k} cm².", "3.14 × {s} = {k} cm²。", **values),
        (radius,),
    )


def _cuboid(rng: Random) -> Problem:
    a, b, c = (rng.randint(3, 15) for _ in range(3))
    values = {"a": a, "b": b, "c": c, "g": a * b, "k": a * b * c}
    return Problem(
        both(
            "A box is {a} cm long, {b} cm wide and {c} cm high. What is its volume?",
            "一个盒子长 {a} cm，宽 {b} cm，高 {c} cm。它的体积是多少？",
            **values,
        ),
        number_key(a * b * c, "cm^3"),
        both(
            "Think of layers of small cubes: how many lie on the bottom, and how many layers are "
            "there?",
            "想象用小正方体一层一层铺满：底层有多少块，一共有多少层？",
        ),
        both("What is the area of the bottom, in cm²?", "底面积是多少 cm²？"),
        a * b,
        both(
            "{a} × {b} × {c} = {g} × {c} = {k} cm³.",
            "{a} × {b} × {c} = {g} × {c} = {k} cm³。",
            **values,
        ),
        (a, b, c),
    )


def _distance(rng: Random) -> Problem:
    across, up, key = rng.choice(TRIPLES[:3])
    x, y = rng.randint(-6, 6), rng.randint(-6, 6)
    values = {"x": x, "y": y, "u": x + across, "v": y + up, "d": across, "e": up, "k": key}
    return Problem(
        both(
            "How far apart are the points ({x}, {y}) and ({u}, {v})?",
            "点 ({x}, {y}) 和点 ({u}, {v}) 之间的距离是多少？",
            **values,
        ),
        number_key(key),
        both(
            "Draw a right triangle whose legs are parallel to the axes.",
            "画一个直角边与坐标轴平行的直角三角形。",
        ),
        both(
            "By how much do the first coordinates differ?",
            "两点的横坐标相差多少？",
        ),
        across,
        both(
            "The legs are {d} and {e}, so the distance is the root of {s}, which is {k}.",
            "直角边是 {d} 和 {e}，所以距离是 {s} 的算术平方根，即 {k}。",
            **values,
            s=across * across + up * up,
        ),
        (x, y, x + across, y + up),
    )


GEOMETRY = (
    generator(
        "rectangle-area",
        "Area and perimeter of rectangles",
        "长方形的面积与周长",
        _rectangle_area,
        _is_rectangle_area,
    ),
    generator(
        "triangle-area",
        "Area of triangles",
        "三角形的面积",
        _triangle_area,
        lambda answer, b, h: number(answer) + number(answer) == sum([b] * h),
    ),
    generator(
        "pythagoras",
        "Pythagoras' theorem",
        "勾股定理",
        _pythagoras,
        lambda answer, a, b: (
            int(answer) == isqrt(a * a + b * b) and int(answer) ** 2 == a * a + b * b
        ),
    ),
    generator(
        "triangle-angle",
        "Angles of a triangle",
        "三角形的内角",
        _triangle_angle,
        lambda answer, a, b: a + b + number(answer) == 180,
    ),
    generator(
        "polygon-angles",
        "Angles of polygons",
        "多边形的内角和",
        _polygon_angles,
        lambda answer, n: n * 180 - number(answer) == 360,
    ),
    generator(
        "circle-area",
        "Area of circles",
        "圆的面积",
        _circle,
        lambda answer, r: number(answer) / r / r == Fraction(157, 50),
    ),
    generator(
        "cuboid-volume",
        "Volume of boxes",
        "长方体的体积",
        _cuboid,
        lambda answer, a, b, c: number(answer) / c / b == a,
    ),
    generator(
        "point-distance",
        "Distance of points",
        "两点间的距离",
        _distance,
        lambda answer, x, y, u, v: number(answer) ** 2 == (u - x) ** 2 + (v - y) ** 2,
    ),
)
