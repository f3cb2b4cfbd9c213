"""Whole numbers: the four operations, their order, divisors and multiples."""

from math import gcd, lcm
from random import Random

from tutor.bank.problem import (
    Problem,
    both,
    choice_key,
    generator,
    number,
    number_key,
    operand,
    signed,
)


def _integer_sum(rng: Random) -> Problem:
    a, b, c = rng.randint(-30, -5), rng.randint(6, 40), rng.randint(3, 25)
    return Problem(
        both("Work out {a} + {b} − {c}.", "计算：{a} + {b} − {c}。", a=a, b=b, c=c),
        number_key(a + b - c),
        both(
            "Go from left to right. Where are you on the number line after {a} + {b}?",
            "从左往右算。先想一想：在数轴上，{a} + {b} 到了哪里？",
            a=a,
            b=b,
        ),
        both("First: what is {a} + {b}?", "先算：{a} + {b} 等于多少？", a=a, b=b),
        a + b,
        both(
            "{a} + {b} = {s}, and {s} − {c} = {k}.",
            "{a} + {b} = {s}，{s} − {c} = {k}。",
            a=a,
            b=b,
            c=c,
            s=a + b,
            k=a + b - c,
        ),
        (a, b, c),
    )


def _integer_product(rng: Random) -> Problem:
    a, b, c = rng.randint(-9, -3), rng.randint(4, 12), rng.choice((-5, -4, -3, 3, 4, 5))
    return Problem(
        both("Work out ({a}) × {b} × {c}.", "计算：({a}) × {b} × {c}。", a=a, b=b, c=operand(c)),
        number_key(a * b * c),
        both(
            "Decide the sign first: an even number of negative factors makes the product positive, "
            "an odd number makes it negative.",
            "先定符号：负因数的个数是偶数，积为正；是奇数，积为负。",
        ),
        both("First: what is ({a}) × {b}?", "先算：({a}) × {b} 等于多少？", a=a, b=b),
        a * b,
        both(
            "({a}) × {b} = {p}, and {p} × {c} = {k}.",
            "({a}) × {b} = {p}，{p} × {c} = {k}。",
            a=a,
            b=b,
            c=operand(c),
            p=a * b,
            k=a * b * c,
        ),
        (a, b, c),
    )


def _is_product(answer: str, a: int, b: int, c: int) -> bool:
    """By dividing back."""
    return number(answer) / c / b == a


def _order_of_operations(rng: Random) -> Problem:
    a, b, c, d = (rng.randint(2, 12) for _ in range(4))
    key = a + b * c - d
    wrong = ((a + b) * c - d, a + b * (c - d), (a + b) * (c - d), key + 2 * d, key + 1)
    return Problem(
        both(
            "What is {a} + {b} × {c} − {d}?",
            "{a} + {b} × {c} − {d} 等于多少？",
            **_abcd(a, b, c, d),
        ),
        choice_key(rng, signed(key), map(signed, wrong)),
        both(
            "Multiplication comes before addition and subtraction.",
            "先算乘法，再算加减法。",
        ),
        both("First: what is {b} × {c}?", "先算：{b} × {c} 等于多少？", b=b, c=c),
        b * c,
        both(
            "{b} × {c} = {p}, so {a} + {p} − {d} = {k}.",
            "{b} × {c} = {p}，所以 {a} + {p} − {d} = {k}。",
            **_abcd(a, b, c, d),
            p=b * c,
            k=key,
        ),
        (a, b, c, d),
    )


def _abcd(a: int, b: int, c: int, d: int) -> dict[str, int]:
    return {"a": a, "b": b, "c": c, "d": d}


def _is_ordered(answer: str, a: int, b: int, c: int, d: int) -> bool:
    """By adding up, one at a time."""
    return number(answer) + d - sum([b] * c) == a


def _remainder(rng: Random) -> Problem:
    size, boxes = rng.randint(4, 12), rng.randint(6, 20)
    rest = rng.randint(1, size - 1)
    total = size * boxes + rest
    return Problem(
        both(
            "{t} pencils are packed into boxes of {s}. How many pencils are left over when as many "
            "boxes as possible are full?",
            "把 {t} 支铅笔装盒，每盒 {s} 支。装满尽可能多的盒子以后，还剩多少支？",
            t=total,
            s=size,
        ),
        number_key(rest),
        both(
            "Divide the pencils by the size of a box and look at what does not fill another box.",
            "用铅笔总数除以每盒的支数，看看不够再装满一盒的部分。",
        ),
        both(
            "How many boxes of {s} can be filled from {t} pencils?",
            "{t} 支铅笔，每盒 {s} 支，能装满多少盒？",
            t=total,
            s=size,
        ),
        boxes,
        both(
            "{b} × {s} = {p}, and {t} − {p} = {r}.",
            "{b} × {s} = {p}，{t} − {p} = {r}。",
            b=boxes,
            s=size,
            p=boxes * size,
            t=total,
            r=rest,
        ),
        (total, size),
    )


def _is_remainder(answer: str, total: int, size: int) -> bool:
    """By taking boxes away one after the other."""
    while total >= size:
        total -= size
    return number(answer) == total


def _common_divisor(rng: Random) -> Problem:
    shared = rng.randint(3, 15)
    p, q = rng.sample((2, 3, 4, 5, 7, 8, 9, 11), 2)
    a, b = shared * p, shared * q
    small = next(d for d in range(1, a + 1) if a % d == 0 == b % d and d > 1)
    return Problem(
        both(
            "What is the greatest common divisor of {a} and {b}?",
            "{a} 和 {b} 的最大公因数是多少？",
            a=a,
            b=b,
        ),
        number_key(gcd(a, b)),
        both(
            "Divide both numbers by a common factor again and again until they share none, then "
            "multiply the factors you used.",
            "不断用公因数去除这两个数，直到它们互质，再把用过的因数相乘。",
        ),
        both(
            "What is the smallest prime number that divides both {a} and {b}?",
            "能同时整除 {a} 和 {b} 的最小质数是多少？",
            a=a,
            b=b,
        ),
        small,
        both(
            "{a} = {k} × {m} and {b} = {k} × {n}, where {m} and {n} share no factor: it is {k}.",
            "{a} = {k} × {m}，{b} = {k} × {n}，而 {m} 和 {n} 互质，所以是 {k}。",
            a=a,
            b=b,
            k=gcd(a, b),
            m=a // gcd(a, b),
            n=b // gcd(a, b),
        ),
        (a, b),
    )


def _is_common_divisor(answer: str, a: int, b: int) -> bool:
    """By trying all numbers."""
    return number(answer) == max(d for d in range(1, a + 1) if a % d == 0 == b % d)


def _common_multiple(rng: Random) -> Problem:
    a, b = rng.sample((4, 6, 8, 9, 10, 12, 14, 15, 18, 20), 2)
    return Problem(
        both(
            "One light flashes every {a} seconds, another every {b} seconds. They have just "
            "flashed together. After how many seconds do they flash together again?",
            "一盏灯每 {a} 秒闪一次，另一盏每 {b} 秒闪一次。"
            "它们刚刚同时闪过，再过多少秒会再次同时闪？",
            a=a,
            b=b,
        ),
        number_key(lcm(a, b), "s"),
        both(
            "You are looking for the smallest number that is a multiple of both times.",
            "要找的是同时是这两个时间的倍数的最小的数。",
        ),
        both(
            "What is the greatest common divisor of {a} and {b}?",
            "{a} 和 {b} 的最大公因数是多少？",
            a=a,
            b=b,
        ),
        gcd(a, b),
        both(
            "{a} × {b} ÷ {g} = {k}, so after {k} seconds.",
            "{a} × {b} ÷ {g} = {k}，所以是 {k} 秒后。",
            a=a,
            b=b,
            g=gcd(a, b),
            k=lcm(a, b),
        ),
        (a, b),
    )


def _is_common_multiple(answer: str, a: int, b: int) -> bool:
    """By counting until both flash."""
    second = 1
    while second % a or second % b:
        second += 1
    return number(answer) == second


ARITHMETIC = (
    generator(
        "integer-sum",
        "Adding and subtracting integers",
        "整数加减法",
        _integer_sum,
        lambda answer, a, b, c: number(answer) + c - b == a,
    ),
    generator("integer-product", "Multiplying integers", "整数乘法", _integer_product, _is_product),
    generator(
        "order-of-operations", "Order of operations", "运算顺序", _order_of_operations, _is_ordered
    ),
    generator("remainder", "Division with remainder", "有余数的除法", _remainder, _is_remainder),
    generator(
        "common-divisor",
        "Greatest common divisor",
        "最大公因数",
        _common_divisor,
        _is_common_divisor,
    ),
    generator(
        "common-multiple",
        "Least common multiple",
        "最小公倍数",
        _common_multiple,
        _is_common_multiple,
    ),
)
