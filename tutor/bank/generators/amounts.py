"""Parts of amounts: fractions of, percentages, ratios."""

from fractions import Fraction
from random import Random

from tutor.bank.problem import (
    Problem,
    both,
    choice_key,
    generator,
    number,
    number_key,
)


def _fraction_of(rng: Random) -> Problem:
    part, whole = rng.choice(((2, 3), (3, 4), (2, 5), (3, 5), (4, 5), (5, 6), (3, 8), (7, 10)))
    share = rng.randint(4, 15)
    values = {"a": part, "b": whole, "n": share * whole, "s": share, "k": share * part}
    return Problem(
        both(
            "A book has {n} pages. Lin has read {a}/{b} of it. How many pages has Lin read?",
            "一本书有 {n} 页，小林读了其中的 {a}/{b}。小林读了多少页？",
            **values,
        ),
        number_key(share * part),
        both(
            "The denominator says into how many equal parts the book is divided, the numerator how "
            "many of them are read.",
            "分母表示把全书平均分成几份，分子表示读了其中几份。",
        ),
        both("How many pages is 1/{b} of {n} pages?", "{n} 页的 1/{b} 是多少页？", **values),
        share,
        both(
            "{n} ÷ {b} = {s}, and {s} × {a} = {k}.", "{n} ÷ {b} = {s}，{s} × {a} = {k}。", **values
        ),
        (part, whole, share * whole),
    )


def _percentage_of(rng: Random) -> Problem:
    percent, base = rng.choice((5, 15, 20, 25, 30, 35, 40, 60, 75, 80)), rng.randint(3, 30) * 20
    key = Fraction(percent * base, 100)
    values = {"p": percent, "n": base, "k": key, "t": base // 10}
    return Problem(
        both(
            "{p} % of the {n} pupils of a school come by bike. How many pupils is that?",
            "一所学校有 {n} 名学生，其中 {p}% 骑车上学。骑车上学的有多少名？",
            **values,
        ),
        number_key(key),
        both(
            "Per cent means hundredths: how large is a hundredth, or a tenth, of all pupils?",
            "百分之几就是把总数平均分成一百份，取其中几份。可以先想总数的十分之几。",
        ),
        both("How many pupils are 10 % of {n}?", "{n} 名学生的 10% 是多少名？", **values),
        base // 10,
        both("{n} × {p} ÷ 100 = {k}.", "{n} × {p} ÷ 100 = {k}。", **values),
        (percent, base),
    )


def _discount(rng: Random) -> Problem:
    percent, price = rng.choice((10, 15, 20, 25, 30, 40, 60)), rng.randint(3, 25) * 20
    off = price * percent // 100
    key = price - off
    wrong = (off, price - percent, price + off, key + 10, key - 10)
    values = {"p": percent, "n": price, "o": off, "k": key}
    return Problem(
        both(
            "A jacket costs {n} yuan. Today the price is reduced by {p} %. What does it cost now, "
            "in yuan?",
            "一件外套原价 {n} 元，今天降价 {p}%。现在卖多少元？",
            **values,
        ),
        choice_key(rng, str(key), map(str, wrong)),
        both(
            "Find the reduction first. It is taken away from the old price.",
            "先求降了多少钱，再从原价里减去。",
        ),
        both("How many yuan are {p} % of {n} yuan?", "{n} 元的 {p}% 是多少元？", **values),
        off,
        both(
            "The reduction is {o} yuan: {n} − {o} = {k}.",
            "降了 {o} 元：{n} − {o} = {k}。",
            **values,
        ),
        (percent, price),
    )


def _whole_from_part(rng: Random) -> Problem:
    percent = rng.choice((5, 10, 20, 25, 40))
    whole = rng.randint(3, 30) * 20
    part = whole * percent // 100
    values = {"p": percent, "n": part, "k": whole}
    return Problem(
        both(
            "{p} % of a number is {n}. What is the number?",
            "一个数的 {p}% 是 {n}，这个数是多少？",
            **values,
        ),
        number_key(whole),
        both(
            "The number asked for is the whole, that is 100 %.",
            "要求的数是整体，也就是 100%。",
        ),
        both(
            "How many times does {p} % fit into 100 %? (A decimal is fine.)",
            "100% 是 {p}% 的多少倍？（可以是小数）",
            **values,
        ),
        Fraction(100, percent),
        both("{n} × 100 ÷ {p} = {k}.", "{n} × 100 ÷ {p} = {k}。", **values),
        (percent, part),
    )


def _ratio_share(rng: Random) -> Problem:
    a, b = rng.choice(((1, 2), (2, 3), (3, 4), (1, 4), (3, 5), (2, 5), (4, 5), (1, 3)))
    unit = rng.randint(4, 20)
    values = {"a": a, "b": b, "n": unit * (a + b), "s": a + b, "u": unit, "k": unit * b}
    return Problem(
        both(
            "Anna and Bo share {n} stickers in the ratio {a} : {b}. How many does Bo get?",
            "安安和小博按 {a} : {b} 分 {n} 张贴纸。小博分到多少张？",
            **values,
        ),
        number_key(unit * b),
        both(
            "Add the parts of the ratio: into how many equal portions are the stickers divided?",
            "把比的两项加起来：贴纸一共平均分成几份？",
        ),
        both(
            "How many stickers are in a single portion?",
            "每份是多少张贴纸？",
        ),
        unit,
        both(
            "{a} + {b} = {s} portions of {u} stickers; Bo gets {b} × {u} = {k}.",
            "共 {a} + {b} = {s} 份，每份 {u} 张；小博得 {b} × {u} = {k} 张。",
            **values,
        ),
        (a, b, unit * (a + b)),
    )


def _is_ratio_share(answer: str, a: int, b: int, total: int) -> bool:
    """By cross multiplication of both shares."""
    return number(answer) * a == (total - number(answer)) * b


AMOUNTS = (
    generator(
        "fraction-of-amount",
        "A fraction of an amount",
        "求一个数的几分之几",
        _fraction_of,
        lambda answer, a, b, n: Fraction(number(answer), n) == Fraction(a, b),
    ),
    generator(
        "percentage-of",
        "Percentage of an amount",
        "求一个数的百分之几",
        _percentage_of,
        lambda answer, p, n: number(answer) / n == Fraction(p, 100),
    ),
    generator(
        "discount",
        "Reduced prices",
        "打折与降价",
        _discount,
        lambda answer, p, n: (n - number(answer)) * 100 == p * n,
    ),
    generator(
        "whole-from-percentage",
        "The whole from a percentage",
        "已知百分之几求整体",
        _whole_from_part,
        lambda answer, p, n: number(answer) * p == 100 * n,
    ),
    generator("ratio-share", "Sharing in a ratio", "按比分配", _ratio_share, _is_ratio_share),
)
