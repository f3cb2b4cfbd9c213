"""Terms: powers, logarithms, brackets, substitution."""

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
    superscript,
)


def _power_product(rng: Random) -> Problem:
    base, m, n = rng.choice("abxyz"), rng.randint(3, 9), rng.randint(2, 8)
    key = base + superscript(m + n)
    wrong = (m * n, abs(m - n), m + n + 1, m + n - 1)
    shown = [base + superscript(power) for power in wrong]
    values = {"p": base + superscript(m), "q": base + superscript(n), "m": m, "n": n, "k": key}
    return Problem(
        both("Simplify {p} · {q}.", "化简 {p} · {q}。", **values),
        choice_key(rng, key, shown),
        both(
            "Write the powers out as products of {base} and count the factors.",
            "把两个幂都写成 {base} 相乘的形式，数一数有几个因数。",
            base=base,
        ),
        both("What is {m} + {n}?", "{m} + {n} 等于多少？", **values),
        m + n,
        both(
            "The exponents are added: {p} · {q} = {k}.",
            "同底数幂相乘，指数相加：{p} · {q} = {k}。",
            **values,
        ),
        (base, m, n),
    )


def _is_power_product(answer: str, base: str, m: int, n: int) -> bool:
    """By counting factors."""
    return answer == base + superscript(len([base] * m + [base] * n))


def _negative_power(rng: Random) -> Problem:
    base, power = rng.choice(
        ((2, 2), (2, 3), (2, 4), (2, 5), (3, 2), (3, 3), (4, 2), (5, 2), (10, 3))
    )
    key = Fraction(1, base**power)
    values = {"t": f"{base}{superscript(-power)}", "u": f"{base}{superscript(power)}", "k": key}
    return Problem(
        both(
            "What is {t}? Answer with a fraction or a decimal.",
            "{t} 等于多少？用分数或小数回答。",
            **values,
        ),
        number_key(key),
        both(
            "A minus sign in the exponent asks for the reciprocal, not for a negative number.",
            "指数中的负号表示取倒数，不是把结果变成负数。",
        ),
        both("First: what is {u}?", "先算：{u} 等于多少？", **values),
        base**power,
        both("{t} is the reciprocal of {u}: {k}.", "{t} 是 {u} 的倒数：{k}。", **values),
        (base, power),
    )


def _is_negative_power(answer: str, base: int, power: int) -> bool:
    """By multiplying back to one."""
    product = number(answer)
    for _ in range(power):
        product *= base
    return product == 1


def _logarithm(rng: Random) -> Problem:
    base, power = rng.choice(
        (
            (2, 3),
            (2, 4),
            (2, 5),
            (2, 6),
            (2, 7),
            (3, 4),
            (3, 5),
            (5, 3),
            (5, 4),
            (10, 4),
            (10, 5),
            (4, 3),
        )
    )
    values = {"b": base, "n": base**power, "s": base * base, "k": power}
    return Problem(
        both(
            "What is the logarithm of {n} to the base {b}?",
            "以 {b} 为底，{n} 的对数是多少？",
            **values,
        ),
        number_key(power),
        both(
            "The logarithm asks: which exponent must {b} have to give {n}?",
            "对数就是在问：{b} 的几次方等于 {n}？",
            **values,
        ),
        both("How much is {b} × {b}?", "{b} × {b} 等于多少？", **values),
        base * base,
        both(
            "{b}{e} = {n}, so it is {k}.",
            "{b}{e} = {n}，所以是 {k}。",
            **values,
            e=superscript(power),
        ),
        (base, base**power),
    )


def _is_logarithm(answer: str, base: int, value: int) -> bool:
    """By dividing until one is left."""
    steps = 0
    while value > 1:
        value //= base
        steps += 1
    return number(answer) == steps


def _substitution(rng: Random) -> Problem:
    a, b, c, x = (
        rng.randint(2, 5),
        rng.randint(-6, 6) or 2,
        rng.randint(-9, 9) or 4,
        rng.randint(-5, 6),
    )
    x = x if abs(x) > 1 else 3
    value = a * x * x + b * x + c
    if abs(value) in (abs(x), x * x):  # then the question or the first step would say it
        return _substitution(rng)
    values = {"t": polynomial((a, b, c)), "x": x, "s": x * x, "a": a, "k": value}
    values |= {"px": operand(x), "pb": operand(b), "pc": operand(c)}
    return Problem(
        both("What is {t} for x = {x}?", "当 x = {x} 时，{t} 的值是多少？", **values),
        number_key(value),
        both(
            "Put brackets around the number when you put it in for x, and square before you "
            "multiply.",
            "把数代入 x 时先加括号；先平方，再相乘。",
        ),
        both("First: what is {px}²?", "先算：{px}² 等于多少？", **values),
        x * x,
        both(
            "{a} × {s} + {pb} × {px} + {pc} = {k}.",
            "{a} × {s} + {pb} × {px} + {pc} = {k}。",
            **values,
        ),
        (a, b, c, x),
    )


def _is_substitution(answer: str, a: int, b: int, c: int, x: int) -> bool:
    """By Horner's rule."""
    return number(answer) == (a * x + b) * x + c


def _expand(rng: Random) -> Problem:
    p, q = rng.sample([n for n in range(-8, 9) if abs(n) > 1], 2)
    shown = [polynomial((1, p + q, p * q))]
    wrong = (
        (1, 0, p * q),
        (1, p * q, p + q),
        (1, -p - q, p * q),
        (1, p + q, -p * q),
        (1, p - q, p * q),
    )
    values = {"f": f"({polynomial((1, p))})({polynomial((1, q))})", "p": p, "q": q, "k": shown[0]}
    return Problem(
        both("Multiply out: {f}.", "展开：{f}。", **values),
        choice_key(rng, shown[0], map(polynomial, wrong)),
        both(
            "Each term of the first bracket is multiplied by each term of the second.",
            "第一个括号里的每一项都要乘第二个括号里的每一项。",
        ),
        both(
            "What is the constant term, the product of {p} and {q}?",
            "常数项是 {p} 和 {q} 的积，等于多少？",
            **values,
        ),
        p * q,
        both(
            "The products are x², {q}x, {p}x and {c}; together {k}.",
            "各项的积是 x²、{q}x、{p}x 和 {c}，合起来是 {k}。",
            **values,
            c=p * q,
        ),
        (p, q),
    )


def _factor(rng: Random) -> Problem:
    p, q = sorted(rng.sample([n for n in range(-8, 9) if n], 2))
    values = {"t": polynomial((1, p + q, p * q)), "c": p * q, "b": p + q, "k": _brackets(p, q)}
    wrong = ((-p, -q), (-p, q), (p, -q), (1, p * q), (-1, -p * q), (p + 1, q))
    return Problem(
        both("Factorise {t}.", "分解因式：{t}。", **values),
        choice_key(rng, _brackets(p, q), [_brackets(*pair) for pair in wrong]),
        both(
            "You need numbers whose product is the constant term and whose sum is the "
            "coefficient of x.",
            "要找两个数：乘积等于常数项，和等于一次项系数。",
        ),
        both("What must the product of the numbers be?", "这两个数的乘积应该是多少？"),
        p * q,
        both(
            "{p} × {q} = {c} and {p} + {q} = {b}, so {t} = {k}.",
            "{p} × {q} = {c}，{p} + {q} = {b}，所以 {t} = {k}。",
            **values,
            p=p,
            q=operand(q),
        ),
        (p, q),
    )


def _brackets(p: int, q: int) -> str:
    low, high = sorted((p, q))
    return f"({polynomial((1, low))})({polynomial((1, high))})"


def _perimeter_expression(rng: Random) -> Problem:
    a, b, c = rng.randint(2, 6), rng.randint(2, 9), rng.randint(2, 9)
    length, width = polynomial((a, b)), polynomial((1, c))
    key = polynomial((2 * a + 2, 2 * b + 2 * c), pretty=False)
    values = {"l": length, "w": width, "h": a + 1, "k": key, "s": b + c}
    return Problem(
        both(
            "A rectangle is {l} long and {w} wide. Write its perimeter as an expression in x.",
            "一个长方形的长是 {l}，宽是 {w}。用含 x 的式子表示它的周长。",
            **values,
        ),
        expression_key(key, f"2({a + 1}x + {b + c})"),
        both(
            "The perimeter goes around: both lengths and both widths.",
            "周长是绕一圈的长度：包括两条长和两条宽。",
        ),
        both(
            "Add one length and one width. What is the coefficient of x in the sum?",
            "把一条长和一条宽相加，和里 x 的系数是多少？",
        ),
        a + 1,
        both(
            "Length and width together are {h}x + {s}; twice that is {k}.",
            "长加宽是 {h}x + {s}，再乘 2 得 {k}。",
            **values,
        ),
        (a, b, c),
    )


ALGEBRA = (
    generator(
        "power-product", "Multiplying powers", "同底数幂相乘", _power_product, _is_power_product
    ),
    generator(
        "negative-power", "Negative exponents", "负整数指数", _negative_power, _is_negative_power
    ),
    generator("logarithm", "Logarithms", "对数", _logarithm, _is_logarithm),
    generator(
        "substitution", "Values of expressions", "求代数式的值", _substitution, _is_substitution
    ),
    generator(
        "expand-brackets",
        "Multiplying out brackets",
        "展开括号",
        _expand,
        lambda answer, p, q: same(answer, f"(x + ({p}))*(x + ({q}))"),
    ),
    generator(
        "factorise",
        "Factorising quadratics",
        "二次三项式的因式分解",
        _factor,
        lambda answer, p, q: same(answer, f"x**2 + ({p + q})*x + ({p * q})"),
    ),
    generator(
        "perimeter-expression",
        "Writing expressions",
        "列代数式",
        _perimeter_expression,
        lambda answer, a, b, c: same(
            answer, f"({a}*x + {b}) + (x + {c}) + ({a}*x + {b}) + (x + {c})"
        ),
    ),
)
