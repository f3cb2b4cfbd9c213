"""Items of the grading benchmark whose keys are expressions, relations, intervals and points."""

import random
from collections.abc import Iterator

from benchmarks.grading_line import Line, hedged, worded


def linear(chance: random.Random) -> Iterator[Line]:
    a, b = chance.randrange(2, 9), chance.randrange(1, 9)
    key = f"{a}x+{b}"
    equivalent: tuple[str, ...] = (
        f"{b}+{a}x",
        f"{a}*x + {b}",
        f"{a}x + {b}",
        f"f(x) = {a}x+{b}",
        f"${b} + {a}x$",
        f"x*{a}+{b}",
    )
    wrong: tuple[str, ...] = (
        f"{a}x-{b}",
        f"{b}x+{a}" if a != b else f"{a}x",
        f"{a}x",
        f"{a + b}x",
        f"-{a}x+{b}",
        f"{a}x+{b + 1}",
    )
    wrong += (
        f"{a}(x+{b})" if b else "x",
        f"{a}y+{b}",
        f"{a}x^2+{b}",
        str(a + b),
        *hedged(key, f"{a}x"),
    )
    yield Line("Write the rule of the function.", key, worded(key) + equivalent, wrong)
    yield Line("写出这个函数的表达式。", key, worded(key) + equivalent, wrong)


def factored(chance: random.Random) -> Iterator[Line]:
    a, b = chance.sample(range(1, 10), 2)
    asked, key = f"x^2-{a + b}x+{a * b}", f"(x-{a})(x-{b})"
    equivalent: tuple[str, ...] = (
        f"(x-{b})(x-{a})",
        f"(x-{a})*(x-{b})",
        f"({a}-x)({b}-x)",
        f"$(x-{a})(x-{b})$",
    )
    wrong: tuple[str, ...] = (
        f"(x+{a})(x+{b})",
        f"(x-{a})(x+{b})",
        f"(x-{a})",
        f"(x-{a + 1})(x-{b})",
        asked,
        f"-(x-{a})(x-{b})",
    )
    wrong += (f"x={a} or x={b}", *hedged(key, f"(x+{a})(x-{b})"))
    yield Line(f"Factor {asked}.", key, worded(key) + equivalent, wrong)
    yield Line(f"把 {asked} 因式分解。", key, worded(key) + equivalent, wrong)


def roots(chance: random.Random) -> Iterator[Line]:
    a, b = sorted(chance.sample([n for n in range(-9, 10) if n], 2))
    key = f"x={a} or x={b}"
    equivalent: tuple[str, ...] = (
        f"{a}, {b}",
        f"{b}, {a}",
        f"x={b} or x={a}",
        f"{a} and {b}",
        f"{{{a}, {b}}}",
        f"x={a}, x={b}",
    )
    equivalent += (
        f"x={a}或x={b}",
        f"{a}和{b}",
        f"x = {a}, {b}",
        f"x∈{{{a},{b}}}",
        f"the solutions are {a} and {b}",
    )
    wrong: tuple[str, ...] = (
        f"{a}",
        f"x={b}",
        f"{a}, {b}, {b + 1}",
        f"{a + 100}, {b}",
        f"({a}, {b + 1})",
        f"{a}<x<{b}",
    )
    wrong += (f"x={a} or x={b + 1}", f"not {a} and {b}", "no solution", f"{a * b}")
    yield Line("Solve the quadratic equation.", key, equivalent + worded(key), wrong)
    yield Line("解这个一元二次方程。", key, equivalent + worded(key), wrong)


def inequality(chance: random.Random) -> Iterator[Line]:
    a = chance.randrange(-9, 20)
    key = f"x > {a}"
    equivalent: tuple[str, ...] = (
        f"{a} < x",
        f"({a}, ∞)",
        f"({a}, inf)",
        f"x>{a}",
        f"{{x | x > {a}}}",
        f"x∈({a},+∞)",
        f"大于{a}",
    )
    equivalent += (f"$x > {a}$", f"x is greater than {a}", f"$({a}, \\infty)$", f"x大于{a}")
    wrong: tuple[str, ...] = (
        f"x ≥ {a}",
        f"x < {a}",
        f"[{a}, ∞)",
        f"x = {a}",
        str(a),
        f"(-∞, {a})",
        f"x > {a + 1}",
        f"x ≤ {a}",
    )
    wrong += (f"{a} > x", f"y > {a}", f"x > {a} or x < {a - 3}", f"({a}, {a + 50})")
    yield Line("Solve the inequality.", key, equivalent + worded(key), wrong)
    yield Line("解不等式。", key, equivalent + worded(key), wrong)


def interval(chance: random.Random) -> Iterator[Line]:
    a = chance.randrange(-9, 5)
    b = a + chance.randrange(2, 9)
    key = f"[{a}, {b})"
    equivalent: tuple[str, ...] = (
        f"[{a},{b})",
        f"{a} ≤ x < {b}",
        f"{a}<=x<{b}",
        f"x≥{a} and x<{b}",
        f"$[{a}, {b})$",
    )
    equivalent += (f"{{x | {a} ≤ x < {b}}}", f"{b} > x ≥ {a}", f"x≥{a}且x<{b}")
    wrong: tuple[str, ...] = (
        f"({a}, {b})",
        f"[{a}, {b}]",
        f"({a}, {b}]",
        f"[{a}, {b + 1})",
        f"x < {b}",
        f"{a} < x < {b}",
        f"{a}, {b}",
    )
    wrong += (f"[{b}, {a})", f"x≥{a} or x<{b}", f"(-∞, {a})∪[{b}, ∞)", f"{a}")
    yield Line("Give the domain as an interval.", key, equivalent + worded(key), wrong)
    yield Line("用区间表示定义域。", key, equivalent + worded(key), wrong)


def derivative(chance: random.Random) -> Iterator[Line]:
    a, n = chance.randrange(2, 9), chance.randrange(3, 7)
    key = f"{a * n}x^{n - 1}"
    superscript = str(n - 1).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    equivalent: tuple[str, ...] = (
        f"{a * n}x{superscript}",
        f"{a * n}*x**{n - 1}",
        f"{a}*{n}x^{n - 1}",
        f"f'(x) = {key}",
    )
    equivalent += (
        f"y' = {key}",
        f"dy/dx = {key}",
        f"${a * n}x^{{{n - 1}}}$",
        f"{a * n} x^({n - 1})",
    )
    wrong: tuple[str, ...] = (
        f"{a * n}x^{n}",
        f"{a}x^{n - 1}",
        f"{a * n}x",
        f"-{key}",
        f"{key}+C",
        f"{a * n + 1}x^{n - 1}",
        f"{a}x^{n}",
    )
    wrong += (f"{n}x^{a * n - 1}", str(a * n), *hedged(key, f"{a}x^{n - 1}"))
    yield Line(f"Differentiate {a}x^{n}.", key, worded(key) + equivalent, wrong)
    yield Line(f"求 {a}x^{n} 的导数。", key, worded(key) + equivalent, wrong)


def integral(chance: random.Random) -> Iterator[Line]:
    n = chance.randrange(2, 8)
    key = f"x^{n + 1}/{n + 1} + C"
    equivalent: tuple[str, ...] = (
        f"(1/{n + 1})x^{n + 1} + C",
        f"\\frac{{x^{{{n + 1}}}}}{{{n + 1}}} + C",
        f"C + x^{n + 1}/{n + 1}",
    )
    equivalent += (f"x^{n + 1}/{n + 1}+c", f"$\\frac{{1}}{{{n + 1}}}x^{{{n + 1}}}+C$")
    wrong: tuple[str, ...] = (
        f"x^{n + 1}/{n + 1}",
        f"x^{n + 1} + C",
        f"{n}x^{n - 1} + C",
        f"x^{n}/{n} + C",
        f"-x^{n + 1}/{n + 1} + C",
    )
    wrong += (f"x^{n + 1}/{n + 1} + 1", f"x^{n + 1}/{n + 2} + C", *hedged(key, f"x^{n}+C"))
    yield Line(f"Find the indefinite integral of x^{n}.", key, worded(key) + equivalent, wrong)


def point(chance: random.Random) -> Iterator[Line]:
    a, b = chance.sample(range(-9, 10), 2)
    key = f"({a}, {b})"
    equivalent: tuple[str, ...] = (
        f"({a},{b})",
        f"x={a}, y={b}",
        f"x = {a} and y = {b}",
        f"$\\left({a},{b}\\right)$",
        f"（{a}，{b}）",
    )
    wrong: tuple[str, ...] = (
        f"({b}, {a})",
        f"({a}, {b + 1})",
        f"x={b}, y={a}",
        f"({-a - 1}, {b})",
        f"{a}",
        f"x={a}",
        f"[{a}, {b}]",
    )
    wrong += (f"({a}, {b}, 0)", f"({a}, {b}) or ({b}, {a})", f"not ({a}, {b})", f"{a}/{b + 20}")
    yield Line("Where do the lines meet?", key, equivalent + worded(key), wrong)
    yield Line("两条直线的交点坐标是什么？", key, equivalent + worded(key), wrong)


def line(chance: random.Random) -> Iterator[Line]:
    m, c = chance.randrange(2, 9), chance.randrange(1, 9)
    key = f"y = {m}x + {c}"
    equivalent: tuple[str, ...] = (
        f"y={m}x+{c}",
        f"y = {c} + {m}x",
        f"{m}x - y + {c} = 0",
        f"y - {c} = {m}x",
        f"{m}x + {c} = y",
        f"2y = {2 * m}x + {2 * c}",
    )
    wrong: tuple[str, ...] = (
        f"y = {m}x - {c}",
        f"y = -{m}x + {c}",
        f"y = {c}x + {m}" if m != c else "y = 1",
        f"x = {m}y + {c}",
        f"y = {m}x",
        f"{m}x + y + {c} = 0",
    )
    wrong += (
        f"y > {m}x + {c}",
        f"y = {m}x + {c} or y = {m}x",
        str(m),
        f"y = {m + 1}x + {c}",
        f"not y = {m}x + {c}",
    )
    yield Line("Write the equation of the line.", key, equivalent + worded(key), wrong)
    yield Line("写出直线的方程。", key, equivalent + worded(key), wrong)
