"""`python -m benchmarks.grading_items`: writes benchmarks/data/grading.jsonl, always the same.

Keys are computed here; equivalents and wrong answers follow from each key by rules of wording, of
mathematics, and of how people go wrong.
"""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path

from cn2an import an2cn

from benchmarks.grading_words import CHOICES, WORDS

FILE = Path(__file__).parent / "data" / "grading.jsonl"
SEED = 20_261_123
ROUNDS = 16
HOSTILE: tuple[str, ...] = (
    "9^9^9^9",
    "(" * 300 + "1" + ")" * 300,
    "1" * 10_000,
    "9**9**9**9**9",
    "\\frac{" * 200,
)
HOSTILE += ("sin(" * 90, "x" * 9_000, "10^(10^10)", "170!!!", "__import__('os').system('true')")
EVASIONS = ("idk", "不知道", "help", "whatever you say", "?", "随便")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file."""

    question: str
    answer: str
    equivalent: tuple[str, ...]
    wrong: tuple[str, ...]
    hints: tuple[str, ...] = ()


def worded(answer: str) -> tuple[str, ...]:
    """An answer as people put it."""
    return (
        *(
            f"the answer is {answer}",
            f"I think it's {answer}",
            f"答案是{answer}",
            f"我觉得是{answer}吧",
        ),
        *(f"{answer}.", f"  {answer} ", f"answer: {answer}", f"应该是 {answer}？"),
    )


def hedged(answer: str, other: str) -> tuple[str, ...]:
    """What must not pass, though the answer stands in it."""
    return (
        *(f"{answer} or {other}", f"{other}或者{answer}", f"not {answer}", f"不是{answer}"),
        *(
            f"{answer}? {other}? no idea",
            f"either {answer} or {other}",
            f"{answer}, or maybe {other}",
        ),
    )


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


FAMILIES: tuple[Callable[[random.Random], Iterator[Line]], ...] = (
    *(whole, fraction, length, money, percent, linear, factored, roots, inequality, interval),
    *(derivative, integral, surd, circle, point, line, scientific),
)


def lines() -> Iterator[Line]:
    """All lines, hostile answers and evasions spread over them."""
    chance = random.Random(SEED)
    seen: set[tuple[str, str]] = set()
    for _ in range(ROUNDS):
        for family in FAMILIES:
            for one in family(chance):
                if (one.question, one.answer) not in seen:
                    seen.add((one.question, one.answer))
                    yield _with_hostile(one, chance)
    for question, answer, equivalent, wrong in (*WORDS, *CHOICES):
        yield _with_hostile(Line(question, answer, equivalent, wrong), chance)


def _with_hostile(one: Line, chance: random.Random) -> Line:
    more = (chance.choice(EVASIONS), *((chance.choice(HOSTILE),) if chance.random() < 0.2 else ()))
    wrong = tuple(text for text in (*one.wrong, *more) if text != one.answer)
    return Line(one.question, one.answer, (one.answer, *one.equivalent), wrong)


def main() -> None:
    FILE.parent.mkdir(exist_ok=True)
    with FILE.open("w", encoding="utf-8") as out:
        for one in lines():
            print(json.dumps(asdict(one), ensure_ascii=False), file=out)


if __name__ == "__main__":
    main()
