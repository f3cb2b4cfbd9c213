"""Items of the grading benchmark whose keys are numbers, with and without units."""

import random
from collections.abc import Iterator
from fractions import Fraction

from cn2an import an2cn

from benchmarks.grading_line import Line, hedged, worded


def whole(chance: random.Random) -> Iterator[Line]:
    a, b = chance.randrange(12, 90), chance.randrange(13, 99)
    key = a + b
    full = "".join(chr(ord(digit) + 0xFEE0) for digit in str(key))
    equivalent: tuple[str, ...] = (
        f"{key}.0",
        an2cn(key),
        full,
        f"x = {key}",
        f"${key}$",
        f"{a}+{b}={key}",
        f"= {key}",
    )
    wrong: tuple[str, ...] = (
        str(key + 1),
        str(-key),
        str(key * 10),
        f"{key}.5",
        f"1/{key}",
        f"{key - 1} {key} {key + 1}",
    )
    wrong += (
        f"between {key - 1} and {key + 1}",
        f"more than {key}",
        f"{a}+{b}",
        f"{key}%",
        f"{key}x",
    )
    wrong += (" ".join(map(str, range(key - 4, key + 4))), f"{a}", *hedged(str(key), str(key + 2)))
    yield Line(f"What is {a} + {b}?", str(key), worded(str(key)) + equivalent, wrong)
    yield Line(f"{a} 加 {b} 等于多少？", str(key), worded(str(key)) + equivalent, wrong)


def fraction(chance: random.Random) -> Iterator[Line]:
    key = Fraction(chance.choice((1, 2, 3, 5, 7)), chance.choice((4, 8, 9, 11, 16)))
    top, bottom = key.numerator, key.denominator
    chinese = f"{an2cn(bottom)}分之{an2cn(top)}"
    equivalent: tuple[str, ...] = (
        f"\\frac{{{top}}}{{{bottom}}}",
        f"$\\dfrac{{{top}}}{{{bottom}}}$",
        f"{2 * top}/{2 * bottom}",
    )
    equivalent += (chinese, f"答案是{chinese}", f"x={top}/{bottom}", f"({top})/({bottom})")
    wrong: tuple[str, ...] = (
        f"{bottom}/{top}",
        f"-{top}/{bottom}",
        f"{top + 1}/{bottom}",
        f"{top}/{bottom + 1}",
    )
    wrong += (f"{round(float(key), 1)}1", f"{top}", f"{float(key) * 10:.4f}", f"{top}.{bottom}")
    wrong += hedged(f"{top}/{bottom}", f"{top}/{bottom + 1}")
    yield Line("Which part of the cake is left?", str(key), worded(str(key)) + equivalent, wrong)
    yield Line("还剩几分之几？", str(key), worded(str(key)) + equivalent, wrong)


def length(chance: random.Random) -> Iterator[Line]:
    key = chance.randrange(2, 60)
    equivalent: tuple[str, ...] = (
        f"{key}km",
        f"{key} kilometers",
        f"{key}公里",
        f"{key}千米",
        f"{key * 1000} m",
    )
    equivalent += (f"{key * 1000}米", f"{an2cn(key)}公里", f"{key}.0 km", f"d = {key} km")
    wrong: tuple[str, ...] = (
        f"{key} m",
        f"{key} kg",
        f"{key + 1} km",
        f"-{key} km",
        f"{key} km^2",
        f"{key} km/h",
        f"{key * 100} m",
    )
    wrong += (f"{key}米", f"{key} miles", f"{key}小时", *hedged(f"{key} km", f"{key + 1} km"))
    yield Line(
        "How far apart are the two villages?", f"{key} km", worded(f"{key} km") + equivalent, wrong
    )
    yield Line("两个村子相距多远？", f"{key}公里", worded(f"{key}公里") + equivalent, wrong)


def money(chance: random.Random) -> Iterator[Line]:
    key = chance.randrange(3, 400)
    equivalent: tuple[str, ...] = (
        f"${key}",
        f"{key} dollars",
        f"{key}.00",
        f"{key * 100} cents",
        f"\\${key}",
    )
    wrong: tuple[str, ...] = (
        f"{key} cents",
        f"${key + 1}",
        f"{key} euros",
        f"€{key}",
        f"${key * 10}",
        f"$-{key}",
        f"{key} hours",
    )
    wrong += (f"${key}.50", f"at least ${key}", f"less than {key} dollars")
    wrong += hedged(f"${key}", f"${key + 3}")
    yield Line("How much money does she earn?", f"${key}", worded(f"${key}") + equivalent, wrong)
    chinese = (f"{key}元", f"{key}块钱", f"¥{key}", f"￥{key}", f"{an2cn(key)}元", f"人民币{key}元")
    wrong = (
        f"{key}角",
        f"{key}美元",
        f"{key + 1}元",
        f"{key * 10}元",
        f"负{key}元",
        *hedged(f"{key}元", f"{key + 2}元"),
    )
    yield Line("她一共要付多少元？", f"{key}元", worded(f"{key}元") + chinese, wrong)


def percent(chance: random.Random) -> Iterator[Line]:
    key = chance.randrange(5, 95)
    equivalent: tuple[str, ...] = (
        f"{key} percent",
        f"{key} %",
        f"百分之{an2cn(key)}",
        f"{key}/100",
        f"{key / 100:.2f}",
        f"{key}％",
    )
    wrong: tuple[str, ...] = (
        f"{key + 1}%",
        f"-{key}%",
        f"{key / 10}%",
        f"{key * 10}%",
        f"{key}‰",
        f"{100 - key if key != 50 else 7}%",
    )
    wrong += hedged(f"{key}%", f"{key + 5}%")
    yield Line(
        "What percentage of the class is here?", f"{key}%", worded(f"{key}%") + equivalent, wrong
    )
    yield Line("到校的同学占百分之几？", f"{key}%", worded(f"{key}%") + equivalent, wrong)


def surd(chance: random.Random) -> Iterator[Line]:
    a, b = chance.randrange(2, 9), chance.choice((2, 3, 5, 7))
    key = f"{a}√{b}"
    equivalent: tuple[str, ...] = (
        f"{a}*sqrt({b})",
        f"{a}\\sqrt{{{b}}}",
        f"√{a * a * b}",
        f"sqrt({a * a * b})",
        f"{a}sqrt({b})",
    )
    equivalent += (f"${a}\\sqrt{{{b}}}$", f"{a}根号{b}", f"{a * b**0.5:.3f}")
    wrong: tuple[str, ...] = (
        f"{a}√{b + 1}",
        f"-{a}√{b}",
        f"√{a * b}",
        f"{a * b}",
        f"{a * b**0.5:.1f}",
        f"{b}√{a}" if a != b else "1",
    )
    wrong += (f"{a * b**0.5 + 0.01:.3f}", f"±{a}√{b}", f"{a}+√{b}", *hedged(key, f"{a + 1}√{b}"))
    yield Line("How long is the diagonal?", key, worded(key) + equivalent, wrong)
    yield Line("对角线有多长？", key, worded(key) + equivalent, wrong)


def circle(chance: random.Random) -> Iterator[Line]:
    r = chance.randrange(2, 12)
    key = f"{r * r}π"
    equivalent: tuple[str, ...] = (
        f"{r * r}pi",
        f"{r * r}*π",
        f"π*{r * r}",
        f"{r * r}\\pi",
        f"$\\pi \\cdot {r * r}$",
        f"{r}^2 π",
        f"{r * r}派",
    )
    wrong: tuple[str, ...] = (
        f"{2 * r}π" if r != 2 else "6π",
        f"{r * r}",
        f"{r * r * 3}",
        f"-{r * r}π",
        f"{r * r + 1}π",
        f"{r * r}/π",
    )
    wrong += (f"{r * r}π^2", f"{round(r * r * 3.14159)}", *hedged(key, f"{r}π"))
    yield Line(
        "What is the area of the circle, in terms of π?", key, worded(key) + equivalent, wrong
    )
    yield Line("圆的面积是多少？用 π 表示。", key, worded(key) + equivalent, wrong)


def scientific(chance: random.Random) -> Iterator[Line]:
    a, n = chance.randrange(11, 99) / 10, chance.randrange(4, 9)
    key = f"{a} × 10^{n}"
    value = round(a * 10) * 10 ** (n - 1)
    equivalent: tuple[str, ...] = (
        f"{a}*10^{n}",
        f"{a}e{n}",
        f"{a} \\times 10^{{{n}}}",
        f"{value}",
        f"{value:,}",
        f"{a}×10{str(n).translate(str.maketrans('456789', '⁴⁵⁶⁷⁸⁹'))}",
    )
    wrong: tuple[str, ...] = (
        f"{a} × 10^{n + 1}",
        f"{a} × 10^-{n}",
        f"-{a} × 10^{n}",
        f"{a + 1:.1f} × 10^{n}",
        f"{a}",
        f"{a}^{n}",
        f"{value}0",
    )
    wrong += hedged(key, f"{a} × 10^{n - 1}")
    yield Line("How many people live in the region?", key, worded(key) + equivalent, wrong)
